/** Audit chains: what was added since the last look, and now and then the whole. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { type ChainHead, verifyPart } from '../audit/verify.ts';
import type { OrganizationId } from '../ids.ts';
import type { Look, ReconcilingDeps, Step } from './check.ts';

/** Milliseconds after which a chain is read from its beginning again. */
const WHOLE_EVERY = 7 * 24 * 3600 * 1000;

/** Parts of a thousand events that one step reads. */
const PARTS = 2;

interface Row {
  whole_since: Date | string;
  read_sequence: string;
  read_hash: string | null;
  noted_sequence: string;
  noted_hash: string | null;
}

/** How far a chain was read since it was last begun anew, and the furthest head ever found in order. */
interface Verified {
  readonly read: ChainHead | null;
  readonly noted: ChainHead | null;
}

/**
 * Verifies the next part of a chain and notes how far it is in order. A fault is found again every day
 * until the chain is whole again, for reading goes on where it was; it is never repaired.
 * @param after the organization whose chain was read last
 */
export async function checkChains(
  { database }: ReconcilingDeps,
  after: string | null,
  { now }: Look,
): Promise<Step> {
  const em = database.em.fork();
  const [organization] = await em.execute<{ id: OrganizationId }[]>(
    'select id from organizations where ?::uuid is null or id > ? order by id limit 1',
    [after, after],
  );
  if (organization === undefined) return { next: null, checked: 0, findings: [] };
  const { id } = organization;
  let { read, noted } = await beginReading(em, id, now);
  let checked = 0;
  for (let parts = 0; parts < PARTS; parts += 1) {
    const part = await verifyPart(em, id, read, noted);
    read = part.head;
    checked += part.events;
    if ((read?.sequence ?? 0) > (noted?.sequence ?? 0)) noted = read;
    await note(em, id, { read, noted });
    const { fault } = part;
    if (fault !== null) {
      const detail = `event ${fault.sequence}: ${fault.kind}`;
      const found = { kind: 'chain-broken', subject: id, organizationId: id } as const;
      return { next: id, checked, findings: [{ ...found, detail, repaired: false }] };
    }
    if (part.isEnd) return { next: id, checked, findings: [] };
  }
  // The same chain goes on with the next step.
  return { next: after ?? BEFORE_ALL, checked, findings: [] };
}

/** The id that stands before every other, for a check that is not yet through with the first. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/**
 * Where reading goes on: from the beginning where the whole is due, and where the event that was read
 * last is not what it was.
 */
async function beginReading(
  em: EntityManager,
  organizationId: OrganizationId,
  now: Date,
): Promise<Verified> {
  const [row] = await em.execute<Row[]>(
    `insert into audit_verifications (organization_id, whole_since) values (?, ?)
     on conflict (organization_id) do update set organization_id = excluded.organization_id
     returning whole_since, read_sequence, read_hash, noted_sequence, noted_hash`,
    [organizationId, now],
  );
  if (row === undefined) throw new Error('how far a chain was verified could not be read');
  const read = headOf(row.read_sequence, row.read_hash);
  const noted = headOf(row.noted_sequence, row.noted_hash);
  if (read === null) return { read, noted };
  const isThrough = read.sequence >= (noted?.sequence ?? 0);
  const isWholeDue = now.getTime() - new Date(row.whole_since).getTime() >= WHOLE_EVERY;
  if (!(isThrough && isWholeDue) && (await isStill(em, organizationId, read))) {
    return { read, noted };
  }
  await em.execute(
    `update audit_verifications set whole_since = ?, read_sequence = 0, read_hash = null
     where organization_id = ?`,
    [now, organizationId],
  );
  return { read: null, noted };
}

function headOf(sequence: string, hash: string | null): ChainHead | null {
  return hash === null ? null : { sequence: Number(sequence), hash };
}

async function isStill(
  em: EntityManager,
  organizationId: OrganizationId,
  { sequence, hash }: ChainHead,
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from audit_events where organization_id = ? and sequence = ? and encode(hash, 'hex') = ?`,
    [organizationId, sequence, hash],
  );
  return rows.length > 0;
}

/** Nothing where another run has noted further: what a slow one knew of the end must not take its place. */
async function note(
  em: EntityManager,
  organizationId: OrganizationId,
  { read, noted }: Verified,
): Promise<void> {
  await em.execute(
    `update audit_verifications set read_sequence = ?, read_hash = ?, noted_sequence = ?, noted_hash = ?
     where organization_id = ? and noted_sequence <= ?`,
    [
      read?.sequence ?? 0,
      read?.hash ?? null,
      noted?.sequence ?? 0,
      noted?.hash ?? null,
      organizationId,
      noted?.sequence ?? 0,
    ],
  );
}
