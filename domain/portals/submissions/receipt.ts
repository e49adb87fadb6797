import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceId, InviteId, SubmissionId } from '../../ids.ts';

/** A file as it was handed in. */
export interface ReceivedFile {
  readonly id: EvidenceId;
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  readonly sha256: string;
  readonly caption: string | null;
}

/** What somebody who handed something in may keep: nothing of what became of it. */
export interface Receipt {
  readonly id: SubmissionId;
  readonly submittedAt: Date;
  readonly files: readonly ReceivedFile[];
}

/** The receipt of what was handed in through an invite; null where nothing was. */
export async function readReceipt(em: EntityManager, inviteId: InviteId): Promise<Receipt | null> {
  const [submission] = await em.execute<{ id: SubmissionId; submitted_at: Date | string }[]>(
    'select id, submitted_at from submissions where invite_id = ?',
    [inviteId],
  );
  if (submission === undefined) return null;
  // As the upload has it: what staff change of the evidence is no part of what was handed in.
  const files = await em.execute<(Omit<ReceivedFile, 'size'> & { size: string })[]>(
    `select f.evidence_id as id, u.file_name as name, u.size, u.sha256, u.caption
     from submission_files f
     join uploads u on u.evidence_id = f.evidence_id and u.invite_id = ? and u.state = 'verified'
     where f.submission_id = ? order by f.position`,
    [inviteId, submission.id],
  );
  return {
    id: submission.id,
    submittedAt: new Date(submission.submitted_at),
    files: files.map((file) => ({ ...file, size: Number(file.size) })),
  };
}
