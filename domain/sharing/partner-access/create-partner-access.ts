import type { Act } from '../../act.ts';
import type { Case } from '../../cases/case.entity.ts';
import { lockCase } from '../../cases/commands.ts';
import { databaseNow, daysAfter } from '../../clock.ts';
import { type Fault, invalid } from '../../errors.ts';
import { gatherFaults } from '../../gather-faults.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { Staff } from '../../identity/staff.ts';
import { type CaseId, newId, type OrganizationId, type ShareId } from '../../ids.ts';
import {
  requireCaseShareable,
  requireEvidenceShareable,
  requirePartner,
} from '../partner-prerequisites.ts';
import { insertRecipients, type RecipientChoice, requireRecipients } from '../recipients.ts';
import { replaceSelection, requireShareable, type ScopeChoice } from '../selection.ts';
import { recordShared } from '../shared-facts.ts';
import { grantedDays, termFaults } from './access-terms.ts';
import { type AccessLevel, PartnerAccess } from './partner-access.entity.ts';

/** Whom access is given: users and groups of the partner, or all of it. */
export type RecipientsChoice = 'entire_organization' | readonly RecipientChoice[];

/** What the creator of partner access chooses. */
export interface PartnerAccessChoice {
  readonly partnerOrganizationId: OrganizationId;
  readonly recipients: RecipientsChoice;
  readonly scope: ScopeChoice;
  readonly access: AccessLevel;
  /** The organization's default where not given; never for an entire organization. */
  readonly durationDays?: number | undefined;
  readonly message: string | null;
}

/**
 * Gives recipients at a partner access to a case (product rules, section 3): from the moment this commits,
 * for so many days. They are told by the share's life.
 * @throws DomainError for a missing permission, feature or direction, and with every fault of what is
 *   chosen
 */
export async function createPartnerAccess(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  choice: PartnerAccessChoice,
): Promise<PartnerAccess> {
  const { em } = act;
  const shared = await lockCase(em, staff, caseId);
  await requireCaseShareable(em, staff, caseId);
  const partner = await requirePartner(em, staff, 'partner_access', choice.partnerOrganizationId);
  const organization = await em.findOneOrFail(Organization, staff.organization.id);
  const entireOrganization = choice.recipients === 'entire_organization';
  const terms = { ...choice, entireOrganization };
  const faults: Fault[] = termFaults(terms, organization);
  const named = choice.recipients === 'entire_organization' ? [] : choice.recipients;
  const recipients = await gatherFaults(faults, () => requireRecipients(em, partner.id, named));
  const evidence = await gatherFaults(faults, () => requireShareable(em, caseId, choice.scope));
  if (recipients === undefined || evidence === undefined || faults.length > 0) {
    throw invalid(...faults);
  }
  await requireEvidenceShareable(em, staff, evidence);

  const now = await databaseNow(em);
  const durationDays = grantedDays(terms, organization);
  const share = em.create(PartnerAccess, {
    id: newId<ShareId>(),
    organizationId: staff.organization.id,
    caseId,
    method: 'partner_access',
    scope: choice.scope.type,
    createdBy: staff.id,
    createdAt: now,
    updatedAt: now,
    partnerOrganizationId: partner.id,
    partnershipId: partner.partnershipId,
    entireOrganization,
    access: choice.access,
    message: choice.message,
    durationDays,
    expiresAt: durationDays === null ? null : daysAfter(now, durationDays),
  });
  await em.flush();
  await insertRecipients(em, share.id, recipients, now);
  if (choice.scope.type === 'selected') await replaceSelection(em, share.id, evidence);
  await recordShared(em, {
    shareId: share.id,
    at: now,
    evidence: evidence.map((id) => ({ id })),
  });
  record(act, share, shared, {
    scope: share.scope,
    access: share.access,
    durationDays,
    files: evidence.length,
    recipients: entireOrganization ? 'entire_organization' : recipients,
  });
  wakeAccess(act, share);
  return share;
}

/** Two organizations' affair: the event is in both chains, its particulars in that of the sender. */
function record(
  act: Act,
  share: PartnerAccess,
  shared: Case,
  data: Readonly<Record<string, unknown>>,
): void {
  const { method, organizationId, partnerOrganizationId } = share;
  act.audit({
    organizationId,
    action: 'share.created',
    objects: [share.id, shared.id],
    data: { method, partner: partnerOrganizationId, ...data },
  });
  act.audit({
    organizationId: partnerOrganizationId,
    action: 'share.created',
    objects: [share.id],
    data: { method, from: organizationId },
  });
}

/** Makes the life of partner access plan anew. */
export function wakeAccess(
  act: Act,
  share: Pick<PartnerAccess, 'id' | 'organizationId' | 'caseId'>,
): void {
  act.wake({
    kind: 'partner-access',
    entityId: share.id,
    organizationId: share.organizationId,
    caseId: share.caseId,
  });
}
