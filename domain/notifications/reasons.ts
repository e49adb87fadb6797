import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShareId } from '../ids.ts';
import { Share } from '../sharing/share.entity.ts';
import type { NotificationKind } from './insert.ts';
import type { Notification } from './notification.entity.ts';

/**
 * Whether there still is a reason to send a mail; the subject is locked until the mail is claimed, so
 * that an act which ends the reason comes either before the look or after the claim.
 */
export async function reasonStands(
  em: EntityManager,
  mail: Notification,
  now: Date,
): Promise<boolean> {
  const kind = mail.kind as NotificationKind;
  switch (kind) {
    case 'share-expiring': {
      const share = await lockShare(em, mail);
      if (share?.expiresAt == null || share.revokedAt != null) return false;
      return (
        share.expiresAt > now && share.expiryNoticeFor?.getTime() === share.expiresAt.getTime()
      );
    }
    case 'share-failed':
    case 'link-first-download':
      return true;
    default:
      return kind satisfies never;
  }
}

async function lockShare(em: EntityManager, mail: Notification): Promise<Share | null> {
  const id = mail.subjectId as ShareId;
  return em.findOne(Share, { id }, { lockMode: LockMode.PESSIMISTIC_READ });
}
