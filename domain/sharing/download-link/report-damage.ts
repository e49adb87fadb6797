import type { Act } from '../../act.ts';
import type { StoredDamage } from '../../archive/damage.ts';
import type { EvidenceId } from '../../ids.ts';
import { type KnownSession, lockShare } from './download-session.ts';
import { notifyDamaged } from './link-notices.ts';

/**
 * A download of a link broke off since the store has another object than the one that was verified, or
 * none: puts it on record under the file's number in the certificate, and tells the link's creator, once
 * a day at most.
 */
export async function reportDamage(
  act: Act,
  session: KnownSession,
  { key, fault }: StoredDamage,
): Promise<void> {
  await lockShare(act.em, session.shareId);
  const [file] = await act.em.execute<
    { evidence_id: EvidenceId; path: string; number: number; confidential: boolean }[]
  >(
    `select item.evidence_id, item.path,
       (select count(*)::int from share_items before
        where before.share_id = item.share_id and before.position <= item.position) as number,
       exists (select from evidence where evidence.id = item.evidence_id
         and evidence.classification = 'confidential') as confidential
     from share_items item where item.share_id = ? and item.object_key = ?`,
    [session.shareId, key],
  );
  if (file === undefined) throw new Error(`share ${session.shareId} has no such object`);
  act.audit({
    organizationId: session.organizationId,
    action: 'share.damaged',
    objects: [session.shareId, session.caseId, session.sessionId, file.evidence_id],
    outcome: 'failed',
    reason: `${fault}: file ${file.number}`,
    confidential: file.confidential,
    data: { file: file.number, fault },
  });
  await notifyDamaged(act, session.shareId, file);
}
