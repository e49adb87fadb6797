/** Changes to what is known about evidence; its bytes never change. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, changedAfter, differing } from '../change.ts';
import {
  type NamedPrincipal,
  type Principal,
  replacePrincipals,
  requirePrincipals,
} from '../identity/principals.ts';
import type { Staff } from '../identity/staff.ts';
import type { CategoryId, EvidenceId, UserId } from '../ids.ts';
import { requireKnown } from '../require-known.ts';
import { recalculateRetention } from '../retention/recalculate.ts';
import { uuids } from '../sql.ts';
import type { Evidence } from './evidence.entity.ts';
import { requireEvidence, requireVerified } from './visibility.ts';

/** What a client may set of evidence. */
export interface EvidenceFields
  extends Pick<
    Evidence,
    | 'title'
    | 'classification'
    | 'tags'
    | 'customMetadata'
    | 'sensitiveContentWarning'
    | 'source'
    | 'ownerId'
    | 'assigneeId'
  > {
  description: string | null;
  recordedAt: Date | null;
  evidenceGroupId: NonNullable<Evidence['evidenceGroupId']> | null;
  location: NonNullable<Evidence['location']> | null;
  gpsTrack: NonNullable<Evidence['gpsTrack']> | null;
  multicamGroup: string | null;
  fleet: NonNullable<Evidence['fleet']> | null;
  /** All of it: who is not in it has access by it no longer. */
  accessList: readonly Principal[];
  /** All that were set by hand; those set automatically stay. */
  categoryIds: readonly CategoryId[];
}

/**
 * Changes evidence, under its lock; where it is so already, nothing happens.
 * @param check is called with the evidence's version before anything changes
 * @throws DomainError `wrong-state` while it is being verified
 */
export async function changeEvidence(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  change: Change<EvidenceFields>,
  check: (version: number) => void,
): Promise<Evidence> {
  const { em } = act;
  const found = await requireEvidence(em, staff, evidenceId, 'evidence.edit', { lock: true });
  requireVerified(found);
  check(found.version);
  await requirePrincipals(em, staff.organization.id, principalsIn(change));
  const { accessList, categoryIds, ...wanted } = change;
  const fields = differing<Omit<EvidenceFields, 'accessList' | 'categoryIds'>>(wanted, found);
  const changed = Object.keys(fields);
  if (categoryIds !== undefined && (await setCategories(em, found, categoryIds))) {
    changed.push('categoryIds');
  }
  if (
    accessList !== undefined &&
    (await replacePrincipals(em, 'evidence_access', found.id, accessList))
  ) {
    changed.push('accessList');
  }
  if (changed.length === 0) return found;
  em.assign(found, { ...fields, updatedAt: changedAfter(found.updatedAt) });
  // product rules, section 3: shown until somebody sets a group, and cannot be set back.
  if (fields.evidenceGroupId != null) found.originalEvidenceGroup = null;
  if (changed.includes('categoryIds') || changed.includes('recordedAt')) {
    await recalculateRetention(act, found.organizationId, { evidence: [found.id] });
  }
  act.audit({
    ...entryOf(found),
    action: 'evidence.changed',
    data: { fields: changed.sort() },
  });
  return found;
}

/** What every event about a piece of evidence says of it, and of what else the event is about. */
export function entryOf(evidence: Evidence, ...others: readonly (string | null | undefined)[]) {
  return {
    organizationId: evidence.organizationId,
    objects: [evidence.id, ...others].filter((id) => id != null),
    confidential: evidence.classification === 'confidential',
  };
}

function principalsIn(change: Change<EvidenceFields>): NamedPrincipal[] {
  const user = (id: UserId | undefined, pointer: string): NamedPrincipal[] =>
    id === undefined ? [] : [{ type: 'user', id, pointer }];
  const { accessList = [], evidenceGroupId } = change;
  return [
    ...accessList.map((entry, index) => ({ ...entry, pointer: `/accessList/${index}` })),
    ...user(change.ownerId, '/ownerId'),
    ...user(change.assigneeId, '/assigneeId'),
    ...(evidenceGroupId == null
      ? []
      : [{ type: 'group' as const, id: evidenceGroupId, pointer: '/evidenceGroupId' }]),
  ];
}

/** Makes these the categories set by hand; says whether they were others before. */
async function setCategories(
  em: EntityManager,
  { id: evidenceId, organizationId }: Evidence,
  categoryIds: readonly CategoryId[],
): Promise<boolean> {
  const known = await em.execute<{ id: CategoryId }[]>(
    'select id from categories where organization_id = ? and id = any(?::uuid[])',
    [organizationId, uuids(categoryIds)],
  );
  const ids = new Set(known.map(({ id }) => id));
  const asked = categoryIds.map((id, index) => ({
    id,
    type: 'category',
    pointer: `/categoryIds/${index}`,
  }));
  requireKnown(asked, ({ id }) => ids.has(id));
  const wanted = uuids(ids);
  const removed = await em.execute<unknown[]>(
    `delete from evidence_categories
     where evidence_id = ? and not automatic and category_id <> all (?::uuid[]) returning 1`,
    [evidenceId, wanted],
  );
  const added = await em.execute<unknown[]>(
    `insert into evidence_categories (evidence_id, category_id) select ?, unnest(?::uuid[])
     on conflict do nothing returning 1`,
    [evidenceId, wanted],
  );
  return removed.length > 0 || added.length > 0;
}
