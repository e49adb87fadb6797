/** Whether a mail about partner access still has its reason, when it is about to be sent. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShareId, SignInAttemptId } from '../../ids.ts';
import { ACCESS_OPEN, IS_RECIPIENT } from './access-grant.ts';
import { PartnerAccess } from './partner-access.entity.ts';

/** The link that a mail is about, with its share locked; null where the mail is about none. */
async function lockLinkOf(
  em: EntityManager,
  subjectId: string,
): Promise<{
  readonly share: PartnerAccess;
  readonly granted: boolean;
  readonly ended: boolean;
} | null> {
  const [link] = await em.execute<{ share_id: ShareId }[]>(
    'select share_id from share_access_links where id = ?',
    [subjectId],
  );
  if (link === undefined) return null;
  const share = await lockAccess(em, link.share_id);
  const [row] = await em.execute<{ granted: boolean; ended: boolean }[]>(
    `select ${ACCESS_OPEN} and ${IS_RECIPIENT} as granted, link.ended_at is not null as ended
     from share_access_links link join shares on shares.id = link.share_id join users u on u.id = link.user_id
     where link.id = ?`,
    [subjectId],
  );
  return share === null || row === undefined ? null : { share, ...row };
}

async function lockAccess(em: EntityManager, id: ShareId): Promise<PartnerAccess | null> {
  return em.findOne(PartnerAccess, { id }, { lockMode: LockMode.PESSIMISTIC_READ });
}

/** An invitation is for who has access by the link that it brings. */
export async function invitationStands(em: EntityManager, subjectId: string): Promise<boolean> {
  const link = await lockLinkOf(em, subjectId);
  return link !== null && link.granted && !link.ended;
}

/** Who was invited anew has not lost the access. */
export async function endStands(em: EntityManager, subjectId: string): Promise<boolean> {
  const link = await lockLinkOf(em, subjectId);
  return link !== null && link.ended;
}

/**
 * That access expires is told to recipients, by their link, and to the creator, by the share: as long as
 * it is the expiry that they were to be told of.
 * @param now the workflow's clock
 * @returns null where the mail is not about partner access
 */
export async function expiryStands(
  em: EntityManager,
  subjectId: string,
  now: Date,
): Promise<boolean | null> {
  const link = await lockLinkOf(em, subjectId);
  if (link !== null && (!link.granted || link.ended)) return false;
  const share = link?.share ?? (await lockAccess(em, subjectId as ShareId));
  if (share === null) return null;
  const { expiresAt, expiryNoticeFor, revokedAt } = share;
  if (expiresAt == null || revokedAt != null) return false;
  return expiresAt > now && expiryNoticeFor?.getTime() === expiresAt.getTime();
}

/** A code is sent while it can be entered, and only the last one. */
export async function codeStands(
  em: EntityManager,
  attemptId: SignInAttemptId,
  generation: number,
): Promise<boolean> {
  const rows = await em.execute<unknown[]>(
    `select 1 from sign_in_attempts where id = ? and code_generation = ? and used_at is null
       and code_expires_at > clock_timestamp() for share`,
    [attemptId, generation],
  );
  return rows.length > 0;
}
