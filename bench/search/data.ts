/** A large organization, made in SQL: its cases, its partners and what it shared with them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { query } from '../../dev/servers/postgres.ts';
import type { CaseId } from '../../domain/ids.ts';

export const CASES = 1_000_000;
export const SHARES = 200_000;
export const PARTNERS = 50;
/** Of the shares, one in five is a copy that the organization received. */
const SENT = SHARES * 0.8;
/** Pieces of evidence that each share gives. */
const EVIDENCE = 2;
/** Pieces of evidence in the case that has most of them. */
export const LARGE_CASE = 10_000;

/** Who may read every case, and who owns one in five hundred. */
export const READER = 'user-0@example.test';
export const INVESTIGATOR = 'investigator@example.test';

/** The id of a thing of one kind; those of cases sort by their time, as everywhere. */
const ID = /* sql */ `
  create function bench_id(kind int, n bigint, at timestamptz default 'epoch') returns uuid immutable
  language sql return (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7'
    || lpad(to_hex(kind), 3, '0') || '8' || lpad(to_hex(n), 15, '0'))::uuid`;

/** Cases come in over five years, evenly. */
const CASE_AT = /* sql */ `
  create function bench_case_at(n bigint) returns timestamptz stable
  language sql return date_trunc('day', now()) - interval '5 years' * (1 - n / ${CASES}::float8)`;

const KIND = {
  organization: 1,
  user: 2,
  case: 3,
  share: 4,
  evidence: 5,
  partner: 6,
  theirEvidence: 7,
} as const;

/** SQL for ids, given SQL for a number; organization and user 0 are the large organization's. */
const ids = {
  organization: (n: string) => `bench_id(${KIND.organization}, ${n})`,
  user: (n: string) => `bench_id(${KIND.user}, ${n})`,
  case: (n: string) => `bench_id(${KIND.case}, ${n}, bench_case_at(${n}))`,
  theirCase: (n: string) => `bench_id(${KIND.case}, ${CASES} + ${n})`,
  share: (n: string) => `bench_id(${KIND.share}, ${n})`,
  evidence: (n: string) => `bench_id(${KIND.evidence}, ${n})`,
};

/** The id of a partner organization, from 1 on; the first is shared with most. */
export function partnerId(n: number): string {
  return `00000000-0000-7001-8000-${n.toString(16).padStart(12, '0')}`;
}

/** The case with the most evidence. */
export async function largestCase(em: EntityManager): Promise<CaseId> {
  const [row] = await em.execute<{ id: CaseId }[]>(`select ${ids.case(String(CASES))} as id`);
  if (row === undefined) throw new Error('there is no such case');
  return row.id;
}

/**
 * Shares: some partners get many and some few; a case is shared soon after it came in, or long after;
 * some cases are shared several times, most never.
 */
const PLAN = /* sql */ `
  create table bench_shares as
  select n, n <= ${SENT} as sent, case_number, 1 + floor(${PARTNERS} * random() ^ 2)::int as partner,
    least(bench_case_at(case_number) + interval '1 year' * random() ^ 3, now()) as shared_at
  from (select n, ceil(random() * ${CASES})::bigint as case_number from generate_series(1, ${SHARES}) n) s`;

const ORGANIZATIONS = /* sql */ `
  insert into organizations (id, slug, name, kind, time_zone, region, created_at, updated_at)
  select ${ids.organization('n')}, 'org-' || n, 'Organization ' || n, 'police', 'America/Chicago', 'us', now(), now()
  from generate_series(0, ${PARTNERS}) n;
  insert into users (id, organization_id, email, name, created_at, updated_at)
  select ${ids.user('n')}, ${ids.organization('n')}, 'user-' || n || '@example.test', 'User ' || n, now(), now()
  from generate_series(0, ${PARTNERS}) n;
  insert into users (id, organization_id, email, name, created_at, updated_at) values
    (${ids.user(String(PARTNERS + 1))}, ${ids.organization('0')}, '${INVESTIGATOR}', 'Investigator', now(), now());
  insert into partners (id, inviter_id, invitee_id, state, inviter_may_send, inviter_may_receive,
    invitee_may_send, invitee_may_receive, invited_at)
  select bench_id(${KIND.partner}, n), ${ids.organization('0')}, ${ids.organization('n')}, 'active',
    true, true, true, true, now() from generate_series(1, ${PARTNERS}) n`;

const CASE_ROWS = /* sql */ `
  insert into cases (id, organization_id, case_number, title, status, owner_id, retention_policy, created_at, updated_at)
  select ${ids.case('n')}, ${ids.organization('0')}, '2026-' || n, 'Burglary ' || n,
    case when n % 3 = 0 then 'open' else 'closed' end,
    case when n % 500 = 0 then ${ids.user(String(PARTNERS + 1))} else ${ids.user('0')} end, 'until_manually_deleted',
    bench_case_at(n), bench_case_at(n)
  from generate_series(1, ${CASES}) n;
  insert into cases (id, organization_id, case_number, title, status, owner_id, retention_policy, created_at, updated_at)
  select ${ids.theirCase('n')}, ${ids.organization('n')}, 'T-' || n, 'Theirs', 'open', ${ids.user('n')},
    'until_manually_deleted', now(), now()
  from generate_series(1, ${PARTNERS}) n`;

const EVIDENCE_ROWS = /* sql */ `
  insert into evidence (id, organization_id, evidence_number, title, state, file_name, content_type, size,
    sha256, crc32, object_key, uploaded_at, uploaded_by, owner_id, assignee_id, created_at, updated_at)
  select ${ids.evidence('n')}, ${ids.organization('0')}, 'E' || n, 'Camera', 'active', 'cam.mp4', 'video/mp4', 1,
    repeat('0', 64), 0, 'bench/' || n, now(), '{"type": "user", "id": "00000000-0000-7000-8000-000000000000", "name": "U"}',
    ${ids.user('0')}, ${ids.user('0')}, now(), now()
  from generate_series(1, ${SHARES * EVIDENCE + LARGE_CASE}) n;
  insert into case_evidence (case_id, evidence_id, added_at)
  select ${ids.case('s.case_number')}, ${ids.evidence(`s.n * ${EVIDENCE} - e`)}, now()
  from bench_shares s, generate_series(0, ${EVIDENCE - 1}) e;
  insert into case_evidence (case_id, evidence_id, added_at)
  select ${ids.case(String(CASES))}, ${ids.evidence(`${SHARES * EVIDENCE} + n`)}, now()
  from generate_series(1, ${LARGE_CASE}) n`;

/** Partner access and copies in turn; the large case is shared half with the first partner. */
const SHARE_ROWS = /* sql */ `
  insert into shares (id, organization_id, case_id, method, scope, created_by, created_at, updated_at,
    partner_organization_id, access, duration_days, expires_at, partnership_id)
  select ${ids.share('n')}, ours, case when sent then ${ids.case('case_number')} else ${ids.theirCase('partner')} end,
    method, 'selected', case when sent then ${ids.user('0')} else ${ids.user('partner')} end, shared_at, shared_at,
    theirs, case method when 'partner_access' then 'view' end, case method when 'partner_access' then 90 end,
    case method when 'partner_access' then shared_at + interval '90 days' end, bench_id(${KIND.partner}, partner)
  from (select *, case when sent and n % 2 = 0 then 'partner_access' else 'copy' end as method,
      case when sent then ${ids.organization('0')} else ${ids.organization('partner')} end as ours,
      case when sent then ${ids.organization('partner')} else ${ids.organization('0')} end as theirs
    from bench_shares) s;
  insert into shared_evidence (share_id, source_organization_id, source_case_id, source_evidence_id,
    partner_organization_id, target_case_id, target_evidence_id, shared_at)
  select h.id, h.organization_id, h.case_id,
    case when s.sent then evidence else bench_id(${KIND.theirEvidence}, s.n * ${EVIDENCE} - e) end,
    h.partner_organization_id, case when not s.sent then ${ids.case('s.case_number')} end,
    case when not s.sent then evidence end, s.shared_at
  from bench_shares s join shares h on h.id = ${ids.share('s.n')}, generate_series(0, ${EVIDENCE - 1}) e,
    lateral (select ${ids.evidence(`s.n * ${EVIDENCE} - e`)} as evidence) x;
  insert into shared_evidence (share_id, source_organization_id, source_case_id, source_evidence_id,
    partner_organization_id, shared_at)
  select ${ids.share('1')}, ${ids.organization('0')}, ${ids.case(String(CASES))},
    ${ids.evidence(`${SHARES * EVIDENCE} + n`)}, ${ids.organization('1')}, now() - interval '1 day'
  from generate_series(1, ${LARGE_CASE / 2}) n`;

/** What `recordShared` writes and triggers keep up, at once for all. */
const SUMMARIES = /* sql */ `
  insert into shared_cases
  select s.*, c.status from (
    select source_organization_id as organization_id, source_case_id as case_id, source_organization_id,
      partner_organization_id, shared_at
    from shared_evidence
    union select partner_organization_id, target_case_id, source_organization_id, partner_organization_id, shared_at
    from shared_evidence where target_case_id is not null
  ) s join cases c on c.id = s.case_id;
  insert into case_totals select organization_id, status, count(*) from cases group by 1, 2`;

/** Fills the database; the same numbers on each run. */
export async function loadSearchData(superuserUrl: string): Promise<void> {
  await query(
    superuserUrl,
    `select setseed(0.5)`,
    `set session_replication_role = replica`,
    `set maintenance_work_mem = '512MB'`,
    ...[ID, CASE_AT, PLAN, ORGANIZATIONS, CASE_ROWS, EVIDENCE_ROWS, SHARE_ROWS, SUMMARIES],
    `drop table bench_shares`,
    // As autovacuum does in time: with it, indexes alone answer what they can.
    `vacuum analyze`,
  );
}
