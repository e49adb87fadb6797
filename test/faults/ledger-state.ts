/** What there is at rest, in PostgreSQL, in the store and with the mail server: read past every proxy. */
import { createHash } from 'node:crypto';
import { verifyChain } from '../../domain/audit/verify.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { takeInventory } from '../../domain/retention/inventory.ts';
import type { Database } from '../../platform/database.ts';
import { ObjectNotFoundError, type ObjectStore } from '../../platform/object-store/object-store.ts';
import type { MailDelivery } from '../support/mail-sink.ts';
import type { ActName } from './ledger.ts';
import type { OutageWorld } from './outages-world.ts';

/** Something that a client made. */
export interface MadeThing {
  readonly name: ActName;
  readonly id: string;
  readonly marker: string;
}

/** A file with what its row and its object say; of an upload, or of a copy that arrived. */
export interface KeptFile {
  /** The upload; of a copy, the evidence. */
  readonly id: string;
  readonly origin: 'upload' | 'copy';
  readonly state: string;
  /** As the row has it. */
  readonly sha256: string | null;
  /** As the bytes in the store give it; null where there is no object. */
  readonly storedSha256: string | null;
}

export interface KeptEvent {
  readonly action: string;
  readonly objects: readonly string[];
}

export interface KeptMail {
  readonly messageId: string;
  readonly kind: string;
  readonly subjectId: string;
  readonly state: string;
  readonly failure: string | null;
  readonly repeatable: boolean;
  readonly attempts: number;
}

/** Everything that a ledger is compared with. */
export interface KeptState {
  readonly made: readonly MadeThing[];
  readonly files: readonly KeptFile[];
  /** Shares that are revoked, requests that are closed, invites that were handed in. */
  readonly ended: ReadonlySet<string>;
  /** The days that links live, by link. */
  readonly days: ReadonlyMap<string, string>;
  readonly events: readonly KeptEvent[];
  /** Organizations whose audit chain does not verify. */
  readonly brokenChains: readonly string[];
  readonly mails: readonly KeptMail[];
  readonly deliveries: readonly MailDelivery[];
  /** What is not at rest, in words. */
  readonly unsettled: readonly string[];
  /** What the inventory of the store found. */
  readonly inventory: readonly string[];
}

const MADE = /* sql */ `
  select 'case.create' as name, id, case_number as marker from cases where received_from is null
  union all select 'upload.begin', id, file_name from uploads
  union all select 'link.create', id, download_limit::text from shares where method = 'download_link'
  union all select 'copy.create', id, message from shares where method = 'copy'
  union all select 'trusted-user.add', id, email from trusted_users
  union all select 'request.create', id, note from upload_requests
  union all select 'portal.create', id, title from portals
  union all select 'invite.create', invite_id, email from community_members`;

const ENDED = /* sql */ `
  select id from shares where revoked_at is not null
  union all select id from upload_requests where closed_at is not null
  union all select invite_id from submissions`;

const FILES = /* sql */ `
  select u.id, 'upload' as origin, u.state, u.sha256, e.object_key as key, e.object_version as version
    from uploads u left join evidence e on e.id = u.evidence_id
    where u.state in ('verified', 'duplicate', 'failed')
  union all
  select e.id, 'copy', e.state, i.sha256, e.object_key, e.object_version
    from copy_items i join copy_deliveries d on d.id = i.delivery_id and d.state = 'delivered'
    left join evidence e on e.id = i.target_evidence_id`;

interface FileRow extends Omit<KeptFile, 'storedSha256'> {
  readonly key: string | null;
  readonly version: string | null;
}

/** Reads it all; nothing may be under way. */
export async function readState(
  world: Pick<OutageWorld, 'database' | 'store' | 'mail' | 'poke'>,
  unsettled: Readonly<Record<string, number>>,
): Promise<KeptState> {
  const { database, store, mail } = world;
  const rows = <Row>(sql: string) => database.em.fork().execute<Row[]>(sql);
  const files: KeptFile[] = [];
  for (const { key, version, ...file } of await rows<FileRow>(FILES)) {
    files.push({ ...file, storedSha256: key === null ? null : await hashed(store, key, version) });
  }
  const organizations = await rows<{ id: OrganizationId }>('select id from organizations');
  const ids = organizations.map(({ id }) => id);
  const days = await rows<{ id: string; days: number }>(
    `select id, duration_days as days from shares where method = 'download_link'`,
  );
  return {
    made: await rows<MadeThing>(MADE),
    files,
    ended: new Set((await rows<{ id: string }>(ENDED)).map(({ id }) => id)),
    days: new Map(days.map((link) => [link.id, String(link.days)])),
    events: await rows<KeptEvent>('select action, to_json(objects) as objects from audit_events'),
    brokenChains: await brokenChains(database, ids),
    mails: await rows<KeptMail>(
      `select message_id as "messageId", kind, subject_id as "subjectId", state, failure, repeatable,
         attempts from notifications`,
    ),
    deliveries: mail.deliveries,
    unsettled: Object.entries(unsettled).map(([what, count]) => `${count} ${what}`),
    inventory: await inventoryOf(world, ids),
  };
}

async function brokenChains(
  database: Database,
  organizations: readonly OrganizationId[],
): Promise<string[]> {
  const broken: string[] = [];
  for (const id of organizations) {
    const { fault } = await verifyChain(database.em.fork(), id);
    if (fault !== null) broken.push(`${id}: ${fault.kind} at ${fault.sequence}`);
  }
  return broken;
}

/** A whole inventory, now, as if two days had passed: what nobody knows of is a finding only then. */
async function inventoryOf(
  { database, store, poke }: Pick<OutageWorld, 'database' | 'store' | 'poke'>,
  organizations: readonly OrganizationId[],
): Promise<string[]> {
  const em = database.em.fork();
  const later = new Date(Date.now() + INVENTORY_LATER);
  for (const id of organizations) {
    await em.execute(
      'update retention_progress set inventory_at = to_timestamp(0) where organization_id = ?',
      [id],
    );
    const slice = async () =>
      takeInventory(
        { database, store, poke },
        workflowIdOf('retention', id),
        later,
        new AbortController().signal,
      );
    while (await slice());
  }
  const found = await em.execute<{ kind: string; key: string }[]>(
    'select kind, object_key as key from inventory_findings order by object_key',
  );
  return found.map(({ kind, key }) => `${kind} ${key}`);
}

const INVENTORY_LATER = 3 * 24 * 3_600_000;

/** SHA-256 of an object's bytes; null where there is none. */
async function hashed(
  store: ObjectStore,
  key: string,
  version: string | null,
): Promise<string | null> {
  try {
    const { size } = await store.stat(key, version);
    const hash = createHash('sha256');
    if (size > 0) {
      for await (const bytes of await store.read(key, { offset: 0, length: size }, version)) {
        hash.update(bytes);
      }
    }
    return hash.digest('hex');
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return null;
    throw error;
  }
}
