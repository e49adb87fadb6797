import type { Act } from '../../act.ts';
import { lockCase } from '../../cases/commands.ts';
import { databaseNow } from '../../clock.ts';
import { type Fault, invalid } from '../../errors.ts';
import { gatherFaults } from '../../gather-faults.ts';
import type { Principal } from '../../identity/principals.ts';
import type { Staff } from '../../identity/staff.ts';
import { type CaseId, newId, type OrganizationId, type ShareId } from '../../ids.ts';
import {
  requireCaseShareable,
  requireEvidenceShareable,
  requirePartner,
} from '../partner-prerequisites.ts';
import { insertRecipients, type RecipientChoice, requireRecipients } from '../recipients.ts';
import { replaceSelection, requireShareable, type ScopeChoice } from '../selection.ts';
import { beginDelivery } from './begin-delivery.ts';
import { CaseCopy, type CopyAttachment } from './case-copy.entity.ts';
import { firstRecipient } from './first-recipient.ts';

/** What the creator of a copy chooses. */
export interface CaseCopyChoice {
  readonly partnerOrganizationId: OrganizationId;
  /** In an order that counts: the first user becomes the assignee. */
  readonly recipients: readonly RecipientChoice[];
  readonly scope: ScopeChoice;
  readonly attachments: readonly CopyAttachment[];
  readonly message: string | null;
}

/**
 * Begins to copy a case to a partner (product rules, section 3, "Share a copy"). The files are those of
 * this moment; the partner sees nothing before all of them are there.
 * @throws DomainError for a missing permission, feature or direction, and with every fault of what is
 *   chosen
 */
export async function createCaseCopy(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  choice: CaseCopyChoice,
): Promise<CaseCopy> {
  const { em } = act;
  const shared = await lockCase(em, staff, caseId);
  await requireCaseShareable(em, staff, caseId);
  const partner = await requirePartner(em, staff, 'copy', choice.partnerOrganizationId);
  const faults: Fault[] = [];
  const recipients = await gatherFaults(faults, () =>
    requireReachable(act, partner.id, choice.recipients),
  );
  const evidence = await gatherFaults(faults, () => requireShareable(em, caseId, choice.scope));
  if (evidence?.length === 0) {
    faults.push({ pointer: '/scope', detail: 'The case has no evidence that can be shared.' });
  }
  if (recipients === undefined || evidence === undefined || faults.length > 0) {
    throw invalid(...faults);
  }
  await requireEvidenceShareable(em, staff, evidence);

  const now = await databaseNow(em);
  const share = em.create(CaseCopy, {
    id: newId<ShareId>(),
    organizationId: staff.organization.id,
    caseId,
    method: 'copy',
    scope: choice.scope.type,
    createdBy: staff.id,
    createdAt: now,
    updatedAt: now,
    partnerOrganizationId: partner.id,
    attachments: [...new Set(choice.attachments)],
    message: choice.message,
  });
  await em.flush();
  await insertRecipients(em, share.id, recipients, now);
  if (choice.scope.type === 'selected') await replaceSelection(em, share.id, evidence);
  await beginDelivery(act, share, { evidence, requestedBy: staff.id, now });
  act.audit({
    organizationId: share.organizationId,
    action: 'share.created',
    objects: [share.id, shared.id],
    data: {
      method: share.method,
      scope: share.scope,
      partner: partner.id,
      files: evidence.length,
      recipients,
      attachments: share.attachments,
    },
  });
  wakeCopy(act, share);
  return share;
}

/** @throws DomainError `validation-failed` also where no recipient has an account that works */
async function requireReachable(
  act: Act,
  partnerOrganizationId: OrganizationId,
  named: readonly RecipientChoice[],
): Promise<Principal[]> {
  const recipients = await requireRecipients(act.em, partnerOrganizationId, named);
  if ((await firstRecipient(act.em, partnerOrganizationId, recipients)) === null) {
    throw invalid({
      pointer: '/recipients',
      detail: 'Nobody is in these groups, so that nobody could own the copy. Name a user too.',
    });
  }
  return recipients;
}

/** Makes the life of a copy plan anew. */
export function wakeCopy(
  act: Act,
  share: Pick<CaseCopy, 'id' | 'organizationId' | 'caseId'>,
): void {
  act.wake({
    kind: 'case-copy',
    entityId: share.id,
    organizationId: share.organizationId,
    caseId: share.caseId,
  });
}
