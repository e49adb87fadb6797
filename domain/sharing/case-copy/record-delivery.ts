import type { Act } from '../../act.ts';
import type { AuditAction } from '../../audit/event.ts';
import type { CaseId, OrganizationId } from '../../ids.ts';
import type { CaseCopy } from './case-copy.entity.ts';
import type { CopyDelivery } from './delivery.entity.ts';
import type { DeliveredItem } from './publish.ts';

/** Pieces of evidence that one audit event names. */
const EVIDENCE_PER_EVENT = 500;

/**
 * Records a delivery in both organizations' chains. Neither learns the other's ids: the source not those
 * of the partner's case and evidence, the partner not those of the source's.
 */
export function recordDelivery(
  act: Act,
  share: CaseCopy,
  delivery: CopyDelivery,
  targetCaseId: CaseId,
  items: readonly DeliveredItem[],
): void {
  const { id, caseId, organizationId, partnerOrganizationId, createdBy } = share;
  act.audit({
    organizationId,
    action: 'share.delivered',
    objects: [id, caseId],
    onBehalfOf: createdBy,
    data: { delivery: delivery.id, sequence: delivery.sequence, files: items.length },
  });
  act.audit({
    organizationId: partnerOrganizationId,
    action: 'case.received',
    objects: [targetCaseId],
    data: { from: organizationId, files: items.length, update: delivery.sequence > 1 },
  });
  recordEvidence(act, 'evidence.copied', items, {
    organizationId,
    idOf: ({ source }) => source,
    others: [id, caseId],
    data: { to: partnerOrganizationId },
  });
  recordEvidence(act, 'evidence.received', items, {
    organizationId: partnerOrganizationId,
    idOf: ({ target }) => target,
    others: [targetCaseId],
    data: { from: organizationId },
  });
}

function recordEvidence(
  act: Act,
  action: AuditAction,
  items: readonly DeliveredItem[],
  of: {
    readonly organizationId: OrganizationId;
    readonly idOf: (item: DeliveredItem) => string;
    readonly others: readonly string[];
    readonly data: Readonly<Record<string, unknown>>;
  },
): void {
  for (const confidential of [false, true]) {
    const some = items.filter((item) => item.confidential === confidential);
    for (let first = 0; first < some.length; first += EVIDENCE_PER_EVENT) {
      const ids = some.slice(first, first + EVIDENCE_PER_EVENT).map(of.idOf);
      act.audit({
        organizationId: of.organizationId,
        action,
        objects: [...ids, ...of.others],
        confidential,
        data: { ...of.data, files: ids.length },
      });
    }
  }
}
