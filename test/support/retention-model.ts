/**
 * How long evidence is kept, said a second time and in another way: not as a date that is computed, but as
 * the question whether anything keeps it at an instant. And the rows of such a world.
 */
import { randomUUID } from 'node:crypto';
import type { Acting } from '../../domain/act.ts';
import type { RetentionPolicy } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { type EvidenceId, newId } from '../../domain/ids.ts';

const DAY = 24 * 3600 * 1000;

/** A piece of evidence of a world; categories and cases by their places there. */
export interface ModelEvidence {
  readonly state:
    | 'active'
    | 'declined'
    | 'verifying'
    | 'triage_pending'
    | 'quarantined'
    | 'destroyed';
  readonly source: 'user' | 'trusted_user' | 'community_member';
  readonly recorded: Date | null;
  readonly uploaded: Date;
  readonly declined: Date;
  readonly restored: Date | null;
  readonly categories: readonly number[];
  readonly cases: readonly number[];
}

export interface ModelWorld {
  readonly configurable: boolean;
  readonly declinedDays: number;
  readonly categories: readonly (number | null)[];
  readonly cases: readonly RetentionPolicy[];
  readonly evidence: readonly ModelEvidence[];
}

/** Whether something keeps the evidence from being queued by rule at this instant. */
function isKept(world: ModelWorld, evidence: ModelEvidence, at: number): boolean {
  if (evidence.state !== 'active' && evidence.state !== 'declined') return true;
  if (evidence.restored !== null && at < evidence.restored.getTime() + 30 * DAY) return true;
  if (evidence.state === 'declined') {
    return at < evidence.declined.getTime() + world.declinedDays * DAY;
  }
  if (isKeptByCategory(world, evidence, at)) return true;
  return evidence.cases.some((place) => {
    if (!world.configurable) return true;
    switch (world.cases[place]) {
      case 'individual_evidence_retention':
        return false;
      case 'longest_retention_period':
        return inCase(world, place).some(
          (other) => isThere(other) && isKeptByCategory(world, other, at),
        );
      default:
        return true;
    }
  });
}

/** What lies in the cases of a world, found once. */
const MEMBERS = new WeakMap<ModelWorld, readonly (readonly ModelEvidence[])[]>();

function inCase(world: ModelWorld, place: number): readonly ModelEvidence[] {
  let members = MEMBERS.get(world);
  if (members === undefined) {
    const found = world.cases.map((): ModelEvidence[] => []);
    for (const one of world.evidence) for (const of of one.cases) found[of]?.push(one);
    members = found;
    MEMBERS.set(world, found);
  }
  return members[place] ?? [];
}

function isKeptByCategory(world: ModelWorld, evidence: ModelEvidence, at: number): boolean {
  const began =
    evidence.source === 'user' && evidence.recorded !== null
      ? evidence.recorded
      : evidence.uploaded;
  if (evidence.categories.length === 0) return true;
  for (const place of evidence.categories) {
    const days = world.categories[place] ?? null;
    if (days === null || at < began.getTime() + days * DAY) return true;
  }
  return false;
}

function isThere({ state }: ModelEvidence): boolean {
  return state === 'active' || state === 'triage_pending' || state === 'quarantined';
}

/** Far beyond every date of a world. */
const NEVER = Date.UTC(2200, 0, 1);

/** What is wrong with a date by this rule; null where nothing is. */
export function faultOf(
  world: ModelWorld,
  evidence: ModelEvidence,
  date: Date | null,
): string | null {
  if (date === null)
    return isKept(world, evidence, NEVER) ? null : 'it has no date, and nothing keeps it';
  if (isKept(world, evidence, date.getTime())) return 'something keeps it on its date still';
  return isKept(world, evidence, date.getTime() - 1)
    ? null
    : 'nothing keeps it just before its date';
}

/** A submission that files of a world can be declined in. */
export async function buildSubmission({ database }: Acting, owner: User): Promise<string> {
  const [portal, invite, submission] = [randomUUID(), randomUUID(), randomUUID()];
  const em = database.em.fork();
  const { organizationId, id } = owner;
  const now = new Date();
  await em.execute(
    `insert into portals (id, organization_id, kind, owner_id, evidence_owner_id, created_by, created_at, updated_at)
     values (?, ?, 'individual', ?, ?, ?, ?, ?)`,
    [portal, organizationId, id, id, id, now, now],
  );
  await em.execute(
    `insert into invites (id, organization_id, portal_id, delivery, language, expires_at, created_at, updated_at)
     values (?, ?, ?, 'none', 'en', ?, ?, ?)`,
    [invite, organizationId, portal, now, now, now],
  );
  await em.execute(
    `insert into submissions (id, organization_id, portal_id, invite_id, evidence_owner_id, auto_accepted, submitted_at)
     values (?, ?, ?, ?, ?, false, ?)`,
    [submission, organizationId, portal, invite, id, now],
  );
  return submission;
}

/** Writes a world as rows of the owner's organization; gives the evidence in the order of the world. */
export async function writeWorld(
  { database }: Acting,
  owner: User,
  submission: string,
  world: ModelWorld,
): Promise<EvidenceId[]> {
  const em = database.em.fork();
  const { organizationId } = owner;
  const now = new Date();
  await em.execute(
    `update organizations set declined_retention_days = ?, features = case when ?::boolean
       then array['configurableCaseRetention'] else '{}' end where id = ?`,
    [world.declinedDays, world.configurable, organizationId],
  );
  const categories = world.categories.map((days) => ({ id: randomUUID(), days }));
  await em.execute(
    `insert into categories (id, organization_id, name, retention_days, created_at, updated_at)
     select r.id, ?::uuid, r.id::text, r.days, ?::timestamptz, ?::timestamptz
     from json_to_recordset(?::json) as r (id uuid, days int)`,
    [organizationId, now, now, JSON.stringify(categories)],
  );
  const cases = world.cases.map((policy) => ({ id: randomUUID(), policy }));
  await em.execute(
    `insert into cases (id, organization_id, case_number, title, status, owner_id, retention_policy, created_at, updated_at)
     select r.id, ?::uuid, '1', 'A case', 'open', ?::uuid, r.policy, ?::timestamptz, ?::timestamptz
     from json_to_recordset(?::json) as r (id uuid, policy text)`,
    [organizationId, owner.id, now, now, JSON.stringify(cases)],
  );
  const evidence = world.evidence.map((one) => ({ ...one, id: newId<EvidenceId>() }));
  await em.execute(
    `insert into evidence (id, organization_id, evidence_number, title, state, file_name, content_type, size,
       sha256, crc32, object_key, recorded_at, uploaded_at, uploaded_by, owner_id, assignee_id, created_at, updated_at)
     select r.id, ?::uuid, r.id::text, 'Evidence', r.state, 'a.bin', 'application/octet-stream', 1,
       repeat('0', 64), 0, 'model/' || r.id, r.recorded, r.uploaded,
       jsonb_build_object('type', r.source, 'id', null, 'name', 'Somebody'), ?::uuid, ?::uuid,
       ?::timestamptz, ?::timestamptz
     from json_to_recordset(?::json) as r
       (id uuid, state text, recorded timestamptz, uploaded timestamptz, source text)`,
    [organizationId, owner.id, owner.id, now, now, JSON.stringify(evidence)],
  );
  const pairs = (of: 'categories' | 'cases', rows: readonly { readonly id: string }[]) =>
    JSON.stringify(
      evidence.flatMap((one) => one[of].map((place) => ({ one: one.id, other: rows[place]?.id }))),
    );
  await em.execute(
    `insert into evidence_categories (evidence_id, category_id)
     select one, other from json_to_recordset(?::json) as r (one uuid, other uuid) on conflict do nothing`,
    [pairs('categories', categories)],
  );
  await em.execute(
    `insert into case_evidence (case_id, evidence_id, added_at)
     select other, one, ?::timestamptz from json_to_recordset(?::json) as r (one uuid, other uuid)
     on conflict do nothing`,
    [now, pairs('cases', cases)],
  );
  await em.execute(
    `insert into submission_files (submission_id, evidence_id, position, decision, decided_at)
     select ?::uuid, r.id, (select coalesce(max(position), 0) from submission_files where submission_id = ?)
       + row_number() over (), 'declined', r.declined
     from json_to_recordset(?::json) as r (id uuid, state text, declined timestamptz) where r.state = 'declined'`,
    [submission, submission, JSON.stringify(evidence)],
  );
  await em.execute(
    `insert into deletions (evidence_id, organization_id, queued_by, state_before, queued_at, destroy_after, restored_at)
     select r.id, ?::uuid, 'rule', 'active', r.restored, r.restored + interval '7 days', r.restored
     from json_to_recordset(?::json) as r (id uuid, restored timestamptz) where r.restored is not null`,
    [organizationId, JSON.stringify(evidence)],
  );
  return evidence.map(({ id }) => id);
}
