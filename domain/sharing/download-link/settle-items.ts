/** Carries the end of a verification over to the links whose frozen manifests wait for it. */
import type { Act } from '../../act.ts';
import type { CaseId, EvidenceId, OrganizationId, ShareId } from '../../ids.ts';
import { evidenceFacts } from './frozen-facts.ts';

/** What verification found out of a piece of evidence. */
export interface VerifiedObject {
  readonly sha256: string;
  readonly crc32: number;
  readonly objectVersion: string | null;
  readonly objectEtag: string;
}

/**
 * Wakes every link that waits for this evidence; call it before its items are settled, with the
 * evidence's row locked, so that no link freezes it meanwhile.
 */
export async function wakeWaitingLinks(act: Act, evidenceId: EvidenceId): Promise<void> {
  const links = await act.em.execute<
    { id: ShareId; organization_id: OrganizationId; case_id: CaseId }[]
  >(
    `select s.id, s.organization_id, s.case_id from share_items i join shares s on s.id = i.share_id
     where i.evidence_id = ? and i.sha256 is null and s.method = 'download_link'`,
    [evidenceId],
  );
  for (const link of links) {
    act.wake({
      kind: 'download-link',
      entityId: link.id,
      organizationId: link.organization_id,
      caseId: link.case_id,
    });
  }
}

/** Evidence was verified: its items have their hashes, and the object that they stand for. */
export async function settleVerifiedItems(
  act: Act,
  evidenceId: EvidenceId,
  object: VerifiedObject,
): Promise<void> {
  await act.em.execute(
    `update share_items set sha256 = ?, crc32 = ?, object_version = ?, object_etag = ?
     where evidence_id = ? and sha256 is null`,
    [object.sha256, object.crc32, object.objectVersion, object.objectEtag, evidenceId],
  );
}

/**
 * Evidence turned out to have the bytes of other evidence in the case: its items stand for that one,
 * and are removed where the manifest has that one already.
 */
export async function settleDuplicateItems(
  act: Act,
  evidenceId: EvidenceId,
  originalId: EvidenceId,
): Promise<void> {
  await act.em.execute(
    `update share_items i set evidence_id = o.id, sha256 = o.sha256, crc32 = o.crc32,
       object_key = o.object_key, object_version = o.object_version, object_etag = o.object_etag,
       metadata = case when i.metadata is not null then ${evidenceFacts('o')} end
     from evidence o
     where o.id = ? and i.evidence_id = ? and i.sha256 is null and not exists (
       select 1 from share_items d where d.share_id = i.share_id and d.evidence_id = o.id)`,
    [originalId, evidenceId],
  );
  await act.em.execute('delete from share_items where evidence_id = ? and sha256 is null', [
    evidenceId,
  ]);
}
