import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { ShareId, SignInAttemptId } from '../ids.ts';
import {
  inviteReminderStands,
  inviteStands,
  submissionMailStands,
} from '../portals/invites/invite-reasons.ts';
import { invitationOfRequestStands, reminderStands } from '../requests/request-reasons.ts';
import { deletionNoticeStands } from '../retention/notice-reasons.ts';
import { deliveryMailStands } from '../sharing/case-copy/copy-notices.ts';
import { DownloadLink } from '../sharing/download-link/download-link.entity.ts';
import {
  codeStands,
  endStands,
  expiryStands,
  invitationStands,
} from '../sharing/partner-access/access-reasons.ts';
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
    case 'share-invitation':
      return (await deliveryMailStands(em, mail)) ?? (await invitationStands(em, mail.subjectId));
    case 'share-updated':
      return (await deliveryMailStands(em, mail)) ?? false;
    case 'share-revoked':
      return endStands(em, mail.subjectId);
    case 'sign-in-code':
      return codeStands(em, mail.subjectId as SignInAttemptId, mail.sequence);
    case 'share-expiring': {
      const ofAccess = await expiryStands(em, mail.subjectId, now);
      if (ofAccess !== null) return ofAccess;
      const share = await lockShare(em, mail);
      if (share?.expiresAt == null || share.revokedAt != null) return false;
      return (
        share.expiresAt > now && share.expiryNoticeFor?.getTime() === share.expiresAt.getTime()
      );
    }
    case 'upload-request':
      return invitationOfRequestStands(em, mail.subjectId, mail.sequence);
    case 'upload-reminder':
      return reminderStands(em, mail.subjectId, mail.sequence, now);
    case 'deletion-notice':
      return deletionNoticeStands(em, mail);
    case 'invite':
      return inviteStands(em, mail.subjectId, mail.sequence, now);
    case 'invite-reminder':
      return inviteReminderStands(em, mail.subjectId, mail.sequence, now);
    case 'submission-received':
      return submissionMailStands(em, mail.subjectId, mail.sequence);
    case 'portal-created':
    case 'upload-received':
    case 'request-closed':
    case 'activity-log':
    case 'api-client-changed':
    case 'share-failed':
    case 'link-first-download':
    case 'share-damaged':
      return true;
    default:
      return kind satisfies never;
  }
}

async function lockShare(em: EntityManager, mail: Notification): Promise<DownloadLink | null> {
  const id = mail.subjectId as ShareId;
  return em.findOne(DownloadLink, { id }, { lockMode: LockMode.PESSIMISTIC_READ });
}
