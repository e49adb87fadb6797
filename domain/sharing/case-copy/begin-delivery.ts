/** Begins a delivery: what it takes to the partner is written down once, and for good. */
import type { Act } from '../../act.ts';
import { type CopyDeliveryId, type EvidenceId, newId, type UserId } from '../../ids.ts';
import { uuids } from '../../sql.ts';
import type { CaseCopy } from './case-copy.entity.ts';
import { CopyDelivery } from './delivery.entity.ts';

/**
 * Where the copies of a delivery lie in the store: of fixed depth, and nothing else lies below it, so
 * that what a delivery left can be found and removed.
 */
export function deliveryPrefix(
  share: Pick<CaseCopy, 'partnerOrganizationId'>,
  deliveryId: CopyDeliveryId,
): string {
  return `copies/${share.partnerOrganizationId}/${deliveryId}/`;
}

/**
 * Freezes the next delivery of a copy: for each file the object that is copied, what its bytes are, and
 * the evidence and object that it becomes. Its files are copied when the deliveries before it have ended.
 */
export async function beginDelivery(
  act: Act,
  share: CaseCopy,
  {
    evidence,
    requestedBy,
    now,
  }: { readonly evidence: readonly EvidenceId[]; readonly requestedBy: UserId; readonly now: Date },
): Promise<CopyDelivery> {
  const { em } = act;
  const [last] = await em.execute<{ sequence: number }[]>(
    'select coalesce(max(sequence), 0) as sequence from copy_deliveries where share_id = ?',
    [share.id],
  );
  const delivery = em.create(CopyDelivery, {
    id: newId<CopyDeliveryId>(),
    shareId: share.id,
    sequence: (last?.sequence ?? 0) + 1,
    state: 'waiting',
    requestedBy,
    requestedAt: now,
  });
  await em.flush();
  const targets = evidence.map((id, position) => ({ id, position, target: newId<EvidenceId>() }));
  await em.execute(
    `insert into copy_items (delivery_id, position, evidence_id, target_evidence_id, size, sha256, crc32,
       source_key, source_version, source_etag, target_key)
     select ?::uuid, t.position, e.id, t.target, e.size, e.sha256, e.crc32,
       e.object_key, e.object_version, e.object_etag, ? || t.target
     from json_to_recordset(?::json) as t (id uuid, position int, target uuid)
     join evidence e on e.id = t.id`,
    [delivery.id, deliveryPrefix(share, delivery.id), JSON.stringify(targets)],
  );
  return delivery;
}

/** Takes out of a delivery that starts what deliveries before it have brought to the partner. */
export async function leaveOutDelivered(act: Act, delivery: CopyDelivery): Promise<void> {
  const delivered = await act.em.execute<{ evidence_id: EvidenceId }[]>(
    `select i.evidence_id from copy_items i
     join shared_evidence s on s.share_id = ? and s.source_evidence_id = i.evidence_id
     where i.delivery_id = ?`,
    [delivery.shareId, delivery.id],
  );
  await act.em.execute(
    'delete from copy_items where delivery_id = ? and evidence_id = any(?::uuid[])',
    [delivery.id, uuids(delivered.map((row) => row.evidence_id))],
  );
}
