/** What is attached to evidence beside its file: audit trails that came with a copy. */
import type { Act } from '../act.ts';
import { notFound } from '../errors.ts';
import type { Staff } from '../identity/staff.ts';
import type { EvidenceId } from '../ids.ts';
import { entryOf } from './commands.ts';
import { requireEvidence } from './visibility.ts';

export const ATTACHMENT_KINDS = ['audit_trail'] as const;

/** The object of an attachment, and how it is sent. */
export interface Attachment {
  readonly fileName: string;
  readonly contentType: string;
  readonly size: number;
  readonly objectKey: string;
  readonly objectVersion: string | null;
}

/**
 * Opens an attachment for somebody who may see the evidence, and records that.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function openAttachment(
  act: Act,
  staff: Staff,
  evidenceId: EvidenceId,
  attachmentId: string,
): Promise<Attachment> {
  const evidence = await requireEvidence(act.em, staff, evidenceId, 'evidence.view');
  const [row] = await act.em.execute<
    {
      file_name: string;
      content_type: string;
      size: string;
      object_key: string;
      object_version: string | null;
    }[]
  >('select * from evidence_attachments where id = ? and evidence_id = ?', [
    attachmentId,
    evidenceId,
  ]);
  if (row === undefined) throw notFound('attachment of this evidence');
  act.audit({
    ...entryOf(evidence),
    action: 'evidence.attachment_opened',
    data: { attachmentId },
  });
  return {
    fileName: row.file_name,
    contentType: row.content_type,
    size: Number(row.size),
    objectKey: row.object_key,
    objectVersion: row.object_version,
  };
}
