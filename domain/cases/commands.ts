import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { type Change, named } from '../change.ts';
import { notFound } from '../errors.ts';
import { Organization } from '../identity/organization.entity.ts';
import { type NamedPrincipal, type Principal, requirePrincipals } from '../identity/principals.ts';
import { isOwnCase, requirePermissions, type Staff } from '../identity/staff.ts';
import { type CaseId, newId, type UserId } from '../ids.ts';
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
 * Changes a case, under its lock.
 * @param check is called with the case's version before anything changes
 */
export async function changeCase(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  change: Change<CaseChangeFields>,
  check: (version: number) => void,
): Promise<Case> {
  const found = await lockCase(act.em, staff, caseId);
  requirePermissions(staff, ['case.edit'], await isOwnCase(act.em, staff, caseId));
  check(found.version);
  await requirePrincipals(act.em, staff.organization.id, principalsIn(change));
  const { members, ...fields } = named(change);
  act.em.assign(found, { ...fields, updatedAt: new Date() });
  if (members !== undefined) await setMembers(act.em, found.id, members);
  act.audit({
    organizationId: staff.organization.id,
    action: 'case.changed',
    objects: [found.id],
    data: { fields: Object.keys(named(change)).sort() },
  });
  return found;
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

async function setMembers(
  em: EntityManager,
  caseId: CaseId,
  members: readonly Principal[],
): Promise<void> {
  await em.execute('delete from case_members where case_id = ?', [caseId]);
  await em.execute(
    `insert into case_members (case_id, principal_type, principal_id)
     select distinct ?::uuid, m.type, m.id from jsonb_to_recordset(?::jsonb) as m (type text, id uuid)`,
    [caseId, JSON.stringify(members)],
  );
}

/** @throws DomainError `not-found`, also for a case of another organization */
export async function lockCase(em: EntityManager, staff: Staff, caseId: CaseId): Promise<Case> {
  const found = await em.findOne(
    Case,
    { id: caseId, organizationId: staff.organization.id },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (found === null) throw notFound('case');
  return found;
}
