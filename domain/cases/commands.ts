import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, changedAfter, differing } from '../change.ts';
import { lockOwn } from '../identity/lock-own.ts';
import { Organization, type RetentionPolicy } from '../identity/organization.entity.ts';
import {
  type NamedPrincipal,
  type Principal,
  replacePrincipals,
  requirePrincipals,
} from '../identity/principals.ts';
import { isOwnCase, requireFeature, requirePermissions, type Staff } from '../identity/staff.ts';
import { type CaseId, newId, type UserId } from '../ids.ts';
import { recalculateRetention } from '../retention/recalculate.ts';
import { Case } from './case.entity.ts';

/** What a client may set of a case. */
export interface CaseFields {
  caseNumber: string;
  title: string;
  description: string | null;
  tags: string[];
  policeNumber: string | null;
  accused: string | null;
  courtNumber: string | null;
}

/** What only a change may set. */
export interface CaseChangeFields extends CaseFields {
  status: Case['status'];
  /** How long the case keeps its evidence; setting it takes `case.editRetention`. */
  retentionPolicy: RetentionPolicy;
  ownerId: UserId;
  /** All members: who is not in it is a member no longer. */
  members: readonly Principal[];
}

/** Opens a case; its creator is its first owner. The organization's retention policy applies. */
export async function createCase(act: Act, staff: Staff, fields: CaseFields): Promise<Case> {
  requirePermissions(staff, ['case.create'], true);
  const organization = await act.em.findOneOrFail(Organization, staff.organization.id);
  const now = new Date();
  const created = act.em.create(Case, {
    ...fields,
    id: newId<CaseId>(),
    organizationId: staff.organization.id,
    status: 'open',
    ownerId: staff.id,
    retentionPolicy: organization.defaultRetentionPolicy ?? 'until_manually_deleted',
    createdAt: now,
    updatedAt: now,
  });
  act.audit({
    organizationId: staff.organization.id,
    action: 'case.created',
    objects: [created.id],
    data: { caseNumber: created.caseNumber },
  });
  return created;
}

/**
 * Changes a case, under its lock; where it is so already, nothing happens.
 * @param check is called with the case's version before anything changes
 * @throws DomainError `permission-missing`; `feature-missing` where the retention policy is to be another
 *   without `configurableCaseRetention`
 */
export async function changeCase(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  change: Change<CaseChangeFields>,
  check: (version: number) => void,
): Promise<Case> {
  const found = await lockCase(act.em, staff, caseId);
  await requireMayChange(act.em, staff, caseId, change);
  check(found.version);
  await requirePrincipals(act.em, staff.organization.id, principalsIn(change));
  const { members, ...wanted } = change;
  const fields = differing<Omit<CaseChangeFields, 'members'>>(wanted, found);
  const changed = Object.keys(fields);
  if (
    members !== undefined &&
    (await replacePrincipals(act.em, 'case_members', found.id, members))
  ) {
    changed.push('members');
  }
  if (changed.length === 0) return found;
  const before = found.retentionPolicy;
  act.em.assign(found, { ...fields, updatedAt: changedAfter(found.updatedAt) });
  if (found.retentionPolicy !== before) {
    await recalculateRetention(act, found.organizationId, { cases: [found.id] });
  }
  act.audit({
    organizationId: staff.organization.id,
    action: 'case.changed',
    objects: [found.id],
    data: {
      fields: changed.sort(),
      ...(found.retentionPolicy === before ? {} : { retentionPolicy: found.retentionPolicy }),
    },
  });
  return found;
}

/** Retention has a permission and a feature of its own; a change of that alone takes no other. */
async function requireMayChange(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
  { retentionPolicy, ...others }: Change<CaseChangeFields>,
): Promise<void> {
  const own = await isOwnCase(em, staff, caseId);
  const changesOthers = Object.values(others).some((value) => value !== undefined);
  requirePermissions(
    staff,
    [
      ...(changesOthers || retentionPolicy === undefined ? (['case.edit'] as const) : []),
      ...(retentionPolicy === undefined ? [] : (['case.editRetention'] as const)),
    ],
    own,
  );
  if (retentionPolicy !== undefined) requireFeature(staff, 'configurableCaseRetention');
}

function principalsIn(change: Change<CaseChangeFields>): NamedPrincipal[] {
  const members = change.members ?? [];
  return [
    ...members.map((member, index) => ({ ...member, pointer: `/members/${index}` })),
    ...(change.ownerId === undefined
      ? []
      : [{ type: 'user' as const, id: change.ownerId, pointer: '/ownerId' }]),
  ];
}

/** @throws DomainError `not-found`, also for a case of another organization */
export async function lockCase(em: EntityManager, staff: Staff, caseId: CaseId): Promise<Case> {
  return lockOwn(em, Case, staff, caseId, 'case');
}
