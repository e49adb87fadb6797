/**
 * That somebody accepted to see what is sensitive: each browser session for each piece of evidence, so that
 * nothing of it is shown before (product rules, section 3).
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { entryOf } from '../../evidence/commands.ts';
import type { UserSession } from '../../identity/user-session.ts';
import type { EvidenceId, ShareId, UserSessionId } from '../../ids.ts';
import { requireSharedContent } from './shared-content.ts';

/** Whether a session accepted to see this evidence. */
export async function hasAccepted(
  em: EntityManager,
  sessionId: UserSessionId,
  evidenceId: EvidenceId,
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    'select 1 from sensitive_acceptances where user_session_id = ? and evidence_id = ?',
    [sessionId, evidenceId],
  );
  return rows.length > 0;
}

/**
 * Accepts, once, what a session's user may view.
 * @throws DomainError `not-found` where the share does not show it to the user
 */
export async function acceptSensitive(
  act: Act,
  session: UserSession,
  shareId: ShareId,
  evidenceId: EvidenceId,
): Promise<void> {
  const { evidence, share } = await requireSharedContent(act.em, {
    userId: session.user.id,
    shareId,
    evidenceId,
    needs: 'view',
  });
  const accepted = await act.em.execute<unknown[]>(
    `insert into sensitive_acceptances (user_session_id, evidence_id, accepted_at)
     values (?, ?, clock_timestamp()) on conflict do nothing returning 1`,
    [session.id, evidenceId],
  );
  if (accepted.length === 0) return;
  act.audit({
    ...entryOf(evidence, share.id, share.caseId),
    action: 'evidence.warning_accepted',
  });
}
