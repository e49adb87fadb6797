/** The end of a world as sorted lines: its rows, its audit chains, its objects, its mail. */
import { createHash } from 'node:crypto';
import { verifyChain } from '../../../domain/audit/verify.ts';
import type { OrganizationId } from '../../../domain/ids.ts';
import { prefixesOf } from '../../../domain/retention/inventory.ts';
import { type Names, plain, plainText } from './plain.ts';
import type { World } from './world.ts';

type Row = Readonly<Record<string, unknown>>;
type Tables = ReadonlyMap<string, readonly Row[]>;

/** Tables of which every request and attempt leaves rows, whatever comes of it. */
const OF_ATTEMPTS = [
  'idempotency_keys',
  'rate_limits',
  'audit_sources',
  // A page that is opened again, after its answer was lost, is opened in a session more.
  'request_sessions',
  'invite_sessions',
  'download_sessions',
  'mikro_orm_migrations',
  // A worker's start begins the installation's daily comparison, whichever life it is started for.
  'reconciliation',
  'reconciliation_findings',
  'audit_verifications',
];

/** Columns that count attempts, or hold what chance has made. */
const LEFT_OUT: Readonly<Record<string, readonly string[]>> = {
  lifecycles: ['wanted', 'planned', 'sent_at', 'send_attempts', 'trace_context', 'entity_id'],
  notifications: ['attempts', 'sequence', 'text', 'html', 'message_id', 'lease_until'],
  uploads: ['store_upload_id', 'hash_state', 'hash_offset'],
  copy_items: ['store_upload_id'],
  shares: ['package_etag'],
  // What the inventory saw depends on when it looked.
  retention_progress: ['inventory_objects', 'inventory_bytes'],
  audit_events: ['sequence', 'previous_hash', 'hash', 'content', 'at', 'id'],
};

/** An upload that was begun in the store and that no row knows. */
export const UNKNOWN_UPLOAD = 'unfinished upload of NOBODY';

/** Ends the line of a mail that came before, under the same Message-ID. */
export const AGAIN = ' (again)';

/** What a row is called by, the first that it has. */
const NAMING = ['file_name', 'title', 'slug', 'email', 'name', 'method', 'kind', 'format'];

/** Reads everything that a life has left. */
export async function fingerprint(world: World): Promise<string[]> {
  const tables = await readTables(world);
  const names = namesOf(tables);
  const lines: string[] = [];
  for (const [table, rows] of tables) {
    for (const row of rows)
      lines.push(`${table} ${JSON.stringify(plain(kept(table, row), names))}`);
  }
  lines.push(...(await chains(world, tables, names)));
  lines.push(...(await objects(world, tables, names)));
  lines.push(...mails(world, names));
  return lines.sort();
}

async function readTables({ sql }: World): Promise<Tables> {
  const found = await sql<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' order by 1`,
  );
  const tables = new Map<string, readonly Row[]>();
  for (const { name } of found) {
    if (OF_ATTEMPTS.includes(name)) continue;
    const rows = await sql<{ row: Row }>(`select to_jsonb(t) as row from "${name}" t`);
    tables.set(
      name,
      rows.map(({ row }) => row).filter((row) => row['kind'] !== 'reconciliation'),
    );
  }
  return tables;
}

function kept(table: string, row: Row): Row {
  const out = LEFT_OUT[table] ?? [];
  const rest = Object.fromEntries(Object.entries(row).filter(([column]) => !out.includes(column)));
  switch (table) {
    case 'audit_events': {
      const { actor, outcome, reason, data, onBehalfOf } = JSON.parse(String(row['content']));
      return { ...rest, actor, outcome, reason, data, onBehalfOf };
    }
    case 'lifecycles':
      return { ...rest, isPlanned: Number(row['planned']) >= Number(row['wanted']) };
    default:
      return rest;
  }
}

function namesOf(tables: Tables): Names {
  const names = new Map<string, string>();
  for (const [table, rows] of tables) {
    for (const row of rows) {
      const { id } = row;
      if (typeof id !== 'string') continue;
      const name = NAMING.map((column) => row[column]).find((value) => typeof value === 'string');
      names.set(id, plainText(`<${table}: ${name ?? ''}>`, new Map()));
    }
  }
  return names;
}

async function chains(world: World, tables: Tables, names: Names): Promise<string[]> {
  const lines: string[] = [];
  for (const { id } of tables.get('organizations') ?? []) {
    const verdict = await verifyChain(world.api.database.em.fork(), id as OrganizationId);
    const fault = verdict.fault === null ? 'holds' : `broken: ${verdict.fault.kind}`;
    lines.push(`the audit chain of ${names.get(String(id))} ${fault}`);
  }
  return lines;
}

/** Every version of every object, by its content and the row that it is of; and what is unfinished. */
async function objects({ api }: World, tables: Tables, names: Names): Promise<string[]> {
  const owners = new Map<string, string>();
  const own = (table: string, column: string) => {
    for (const row of tables.get(table) ?? []) {
      const key = row[column];
      if (typeof key === 'string') owners.set(key, names.get(String(row['id'])) ?? table);
    }
  };
  own('uploads', 'object_key');
  own('copy_items', 'target_key');
  own('copy_items', 'trail_key');
  own('evidence', 'object_key');
  own('evidence_attachments', 'object_key');
  const lines: string[] = [];
  const ofKey = (key: string) => owners.get(key) ?? 'NOBODY';
  const organizations = tables.get('organizations') ?? [];
  for (const { id } of organizations) {
    for (const prefix of prefixesOf(String(id))) {
      for await (const { key, versionId } of api.store.versions(prefix)) {
        lines.push(`object of ${ofKey(key)}, ${await contentOf(api, key, versionId)}`);
      }
    }
  }
  const unfinished = new Map<string, string>();
  const places = [...owners.keys(), ...organizations.flatMap(({ id }) => prefixesOf(String(id)))];
  for (const place of places) {
    for (const { key, uploadId } of await api.store.unfinishedUploads(place)) {
      unfinished.set(uploadId, `unfinished upload of ${ofKey(key)}`);
    }
  }
  lines.push(...unfinished.values());
  return lines;
}

async function contentOf({ store }: World['api'], key: string, version: string | null) {
  const stored = await store.stat(key, version).catch(() => null);
  if (stored === null) return 'marked as deleted';
  const hash = createHash('sha256');
  if (stored.size > 0) {
    const range = { offset: 0, length: stored.size };
    for await (const chunk of await store.read(key, range, version)) hash.update(chunk);
  }
  return `${stored.size} bytes, SHA-256 ${hash.digest('hex')}`;
}

/** Mails and text messages that came; one that came before is told by its id. */
function mails({ mail, sms }: World, names: Names): string[] {
  const seen = new Set<string>();
  const told = (line: string, id: string) => {
    const again = seen.has(id) ? AGAIN : '';
    seen.add(id);
    return plainText(`${line}${again}`, names);
  };
  return [
    ...mail.mails.map(({ to, subject, messageId }) => {
      const line = `mail to ${to?.[0]?.address}: ${subject}`;
      return told(line, `${messageId} ${line}`);
    }),
    ...sms.texts.map(({ to, id }) => told(`text message to ${to}`, id)),
  ];
}
