import type { EntityManager } from '@mikro-orm/postgresql';
import type { EvidenceState } from '../../evidence/evidence.entity.ts';
import type { EvidenceId, InviteId, SubmissionId } from '../../ids.ts';
import { Portal } from '../portal.entity.ts';
import { readPortalRules } from '../portal-rules.ts';

/** What becomes of a file of an invite that somebody releases from quarantine. */
export interface ReleasedFile {
  readonly state: Extract<EvidenceState, 'verifying' | 'triage_pending' | 'active'>;
  /** That it was added to. */
  readonly submissionId: SubmissionId | null;
}

interface Row {
  readonly portal_id: Portal['id'];
  readonly submission_id: SubmissionId | null;
  readonly over: boolean;
}

/**
 * Locks an invite whose file may be released, before the file, and what was handed in through it. So
 * handing in, discarding and closing come before the release or after it.
 */
export async function lockInviteOfFile(em: EntityManager, inviteId: InviteId): Promise<void> {
  await em.execute(
    'select from portals where id = (select portal_id from invites where id = ?) for share',
    [inviteId],
  );
  await em.execute('select from invites where id = ? for no key update', [inviteId]);
  await em.execute('select from submissions where invite_id = ? for no key update', [inviteId]);
}

/**
 * Puts a released file where it belongs, under those locks: with the rest of what was sent, which is
 * nobody's until it is handed in; with what was handed in, to wait for triage; and where nothing can be
 * handed in any more, whoever releases it has decided about it.
 */
export async function placeReleased(
  em: EntityManager,
  inviteId: InviteId,
  evidenceId: EvidenceId,
): Promise<ReleasedFile> {
  const [invite] = await em.execute<Row[]>(
    `select i.portal_id, s.id as submission_id,
       p.closed_at is not null or coalesce(ip.discarded_for >= i.expires_at, false) as over
     from invites i join portals p on p.id = i.portal_id
     join invite_progress ip on ip.invite_id = i.id
     left join submissions s on s.invite_id = i.id where i.id = ?`,
    [inviteId],
  );
  if (invite === undefined) throw new Error('the invite of a file is gone');
  const { portal_id: portalId, submission_id: submissionId, over } = invite;
  if (submissionId === null) return { state: over ? 'active' : 'verifying', submissionId };
  await em.execute(
    `insert into submission_files (submission_id, evidence_id, position)
     select ?, ?, coalesce(max(position), 0) + 1 from submission_files where submission_id = ?`,
    [submissionId, evidenceId, submissionId],
  );
  await em.execute(
    `update evidence e set owner_id = s.evidence_owner_id, assignee_id = s.evidence_owner_id,
       description = u.caption
     from submissions s, uploads u where s.id = ? and u.evidence_id = e.id and u.invite_id = s.invite_id
       and e.id = ?`,
    [submissionId, evidenceId],
  );
  const { categoryIds } = await readPortalRules(em, await em.findOneOrFail(Portal, portalId));
  for (const categoryId of categoryIds) {
    await em.execute(
      `insert into evidence_categories (evidence_id, category_id, automatic) values (?, ?, true)
       on conflict do nothing`,
      [evidenceId, categoryId],
    );
  }
  return { state: 'triage_pending', submissionId };
}
