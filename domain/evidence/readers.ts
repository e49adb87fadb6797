/** Staff who read files of evidence, asked about together while they do. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { ownCaseSql, ownEvidenceSql } from '../identity/staff.ts';
import type { EvidenceId, UserId } from '../ids.ts';
import { uuids } from '../sql.ts';
import { HAS_CONTENT } from './content.ts';

/** Names a user and the evidence that it reads. */
export function readerKey(userId: UserId, evidenceId: EvidenceId): string {
  return `${userId} ${evidenceId}`;
}

const GROUPS = 'array(select g.group_id from group_members g where g.user_id = u.id)';

/** SQL over a user called `u` and evidence called `e`: what `requireEvidence` asks for to see it. */
const MAY_VIEW = `exists (
  select from user_roles ur join roles r on r.id = ur.role_id
  where ur.user_id = u.id and (
    r.permissions ->> 'evidence.view' = 'any'
    or (r.permissions ->> 'evidence.view' = 'own' and (
      ${ownEvidenceSql('u.id', GROUPS)}
      or exists (
        select from case_evidence ce join cases c on c.id = ce.case_id
        where ce.evidence_id = e.id and c.organization_id = u.organization_id
          and ${ownCaseSql('u.id', GROUPS)})))))`;

/**
 * Asks for many readers at once whether they may still have the bytes: the same rule as
 * `requireEvidence` with `evidence.view`.
 * @returns the keys of those who may, with null each
 */
export async function askReaders(
  em: EntityManager,
  keys: readonly string[],
): Promise<ReadonlyMap<string, null>> {
  const pairs = keys.map((key) => key.split(' '));
  const rows = await em.execute<{ user_id: UserId; evidence_id: EvidenceId }[]>(
    `select u.id as user_id, e.id as evidence_id
     from unnest(?::uuid[], ?::uuid[]) as asked (user_id, evidence_id)
     join users u on u.id = asked.user_id and u.disabled_at is null
     join evidence e on e.id = asked.evidence_id and e.organization_id = u.organization_id
     where ${HAS_CONTENT} and ${MAY_VIEW}`,
    [uuids(pairs.map(([user = '']) => user)), uuids(pairs.map(([, id = '']) => id))],
  );
  return new Map(rows.map((row) => [readerKey(row.user_id, row.evidence_id), null]));
}
