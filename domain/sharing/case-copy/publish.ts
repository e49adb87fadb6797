/** The one transaction in which a partner gets a copy, or an update of it: all of it, or nothing. */
import type { Act } from '../../act.ts';
import { Case } from '../../cases/case.entity.ts';
import { takeEvidenceNumbers } from '../../evidence/evidence-number.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { type Principal, replacePrincipals } from '../../identity/principals.ts';
import { type CaseId, type EvidenceId, newId, type UserId } from '../../ids.ts';
import { recalculateRetention } from '../../retention/recalculate.ts';
import { receivedCasePolicy } from '../../retention/retention-date.ts';
import { recordShared } from '../shared-facts.ts';
import type { CaseCopy } from './case-copy.entity.ts';
import { notifyDelivered } from './copy-notices.ts';
import { insertEvidenceSql } from './copy-sql.ts';
import type { CopyDelivery } from './delivery.entity.ts';
import { firstRecipient, readRecipients } from './first-recipient.ts';
import { publishAttachments, publishMarkers, publishNotes } from './publish-attachments.ts';
import { recordDelivery } from './record-delivery.ts';

/** A file of a delivery: the source's evidence, and the partner's that it becomes. */
export interface DeliveredItem {
  readonly source: EvidenceId;
  readonly target: EvidenceId;
  readonly confidential: boolean;
}

/**
 * Makes the partner's case, or adds to it, and ends the delivery. What stops it was looked at under lock
 * just before, in this transaction.
 */
export async function publishDelivery(
  act: Act,
  share: CaseCopy,
  delivery: CopyDelivery,
  now: Date,
): Promise<void> {
  const { em } = act;
  const items = await readItems(act, delivery);
  const recipients = await readRecipients(em, share.id);
  const recipient = await firstRecipient(em, share.partnerOrganizationId, recipients);
  if (recipient === null) throw new Error('a copy that nobody receives was not stopped');
  const target = await targetCase(act, share, { recipient, recipients, now });
  await publishEvidence(act, share, delivery, { recipient, items, now });
  await giveAccess(act, delivery, recipients, target.id, now);
  await recalculateRetention(act, share.partnerOrganizationId, {
    evidence: items.map((item) => item.target),
  });
  if (share.attachments.includes('notes')) await publishNotes(act, delivery);
  if (share.attachments.includes('markers')) await publishMarkers(act, delivery);
  if (share.attachments.includes('audit_trail')) await publishAttachments(act, delivery, now);
  await recordShared(em, {
    shareId: share.id,
    at: now,
    evidence: items.map((item) => ({ id: item.source, copy: item.target })),
    targetCaseId: target.id,
  });
  em.assign(share, {
    targetCaseId: target.id,
    deliveredAt: share.deliveredAt ?? now,
    updatedAt: now,
  });
  em.assign(delivery, { state: 'delivered', endedAt: now, tidyAt: now });
  await em.flush();
  recordDelivery(act, share, delivery, target.id, items);
  if (items.length > 0) await notifyDelivered(act, share, delivery, items.length, now);
}

async function readItems(act: Act, delivery: CopyDelivery): Promise<DeliveredItem[]> {
  return act.em.execute<DeliveredItem[]>(
    `select i.evidence_id as source, i.target_evidence_id as target,
       e.classification = 'confidential' as confidential
     from copy_items i join evidence e on e.id = i.evidence_id
     where i.delivery_id = ? order by i.position`,
    [delivery.id],
  );
}

/** The partner's case: a new one for the copy, that one for its updates, which leave it as it is. */
async function targetCase(
  act: Act,
  share: CaseCopy,
  by: { readonly recipient: UserId; readonly recipients: readonly Principal[]; readonly now: Date },
): Promise<Case> {
  const { em } = act;
  if (share.targetCaseId != null) return em.findOneOrFail(Case, share.targetCaseId);
  const source = await em.findOneOrFail(Case, share.caseId, { refresh: true });
  const partner = await em.findOneOrFail(Organization, share.partnerOrganizationId);
  const { caseNumber, title, description = null, tags } = source;
  const target = em.create(Case, {
    ...{ caseNumber, title, description, tags },
    id: newId<CaseId>(),
    organizationId: partner.id,
    status: 'open',
    ownerId: by.recipient,
    retentionPolicy: receivedCasePolicy(partner),
    receivedFrom: share.organizationId,
    createdAt: by.now,
    updatedAt: by.now,
  });
  await em.flush();
  await replacePrincipals(em, 'case_members', target.id, by.recipients);
  return target;
}

async function publishEvidence(
  act: Act,
  share: CaseCopy,
  delivery: CopyDelivery,
  {
    recipient,
    items,
    now,
  }: {
    readonly recipient: UserId;
    readonly items: readonly DeliveredItem[];
    readonly now: Date;
  },
): Promise<void> {
  const { em } = act;
  if (items.length === 0) return;
  await joinMulticamGroups(act, delivery);
  const { id, name } = await em.findOneOrFail(Organization, share.organizationId);
  const first = await takeEvidenceNumbers(em, share.partnerOrganizationId, items.length);
  await em.execute(insertEvidenceSql(), [
    share.partnerOrganizationId,
    first,
    recipient,
    JSON.stringify({ id, name }),
    now,
    now.toISOString(),
    share.id,
    delivery.id,
  ]);
}

/** A multicam group has one counterpart for all deliveries of a share, so that updates join it. */
async function joinMulticamGroups(act: Act, { id, shareId }: CopyDelivery): Promise<void> {
  const groups = await act.em.execute<{ source: string }[]>(
    `select distinct e.multicam_group as source
     from copy_items i join evidence e on e.id = i.evidence_id
     where i.delivery_id = ? and e.multicam_group is not null`,
    [id],
  );
  await act.em.execute(
    `insert into copy_multicam_groups (share_id, source_group, target_group)
     select ?::uuid, g.source, g.target from json_to_recordset(?::json) as g (source uuid, target uuid)
     on conflict do nothing`,
    [shareId, JSON.stringify(groups.map(({ source }) => ({ source, target: newId() })))],
  );
}

/** Every recipient is on the access list of what arrives, and it is in the shared case only. */
async function giveAccess(
  act: Act,
  delivery: CopyDelivery,
  recipients: readonly Principal[],
  caseId: CaseId,
  now: Date,
): Promise<void> {
  await act.em.execute(
    `insert into evidence_access (evidence_id, principal_type, principal_id)
     select i.target_evidence_id, r.type, r.id
     from copy_items i cross join json_to_recordset(?::json) as r (type text, id uuid)
     where i.delivery_id = ?`,
    [JSON.stringify(recipients), delivery.id],
  );
  await act.em.execute(
    `insert into case_evidence (case_id, evidence_id, added_at)
     select ?::uuid, target_evidence_id, ?::timestamptz from copy_items where delivery_id = ?`,
    [caseId, now, delivery.id],
  );
}
