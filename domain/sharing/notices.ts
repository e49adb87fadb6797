/** The mails about a download link (`RULES.md` section 6): all go to the user who made it. */
import type { Act } from '../act.ts';
import { Organization } from '../identity/organization.entity.ts';
import { User } from '../identity/user.entity.ts';
import type { ShareId } from '../ids.ts';
import { insertNotification, type NotificationKind } from '../notifications/insert.ts';
import { formatInstant, renderMail } from '../notifications/render.ts';
import { EXPIRING, FAILED, FIRST_DOWNLOAD } from './notice-texts.ts';
import { Share } from './share.entity.ts';

/** Tells that the link expires; once for each expiry, however often the life plans. */
export async function notifyExpiring(act: Act, share: Share, now: Date): Promise<void> {
  const expiresAt = share.expiresAt ?? now;
  await notifyCreator(act, share, 'share-expiring', EXPIRING, {
    sequence: secondsOf(expiresAt),
    when: expiresAt,
    now,
  });
}

/** Tells that the link could not be made. */
export async function notifyFailed(act: Act, share: Share, now: Date): Promise<void> {
  await notifyCreator(act, share, 'share-failed', FAILED, { sequence: 0, when: now, now });
}

/** Tells that the package was downloaded whole for the first time; wakes the life that sends it. */
export async function notifyFirstDownload(act: Act, shareId: ShareId): Promise<void> {
  const share = await act.em.findOneOrFail(Share, shareId);
  const now = new Date();
  await notifyCreator(act, share, 'link-first-download', FIRST_DOWNLOAD, {
    sequence: 0,
    when: now,
    now,
  });
  act.wake({
    kind: 'download-link',
    entityId: share.id,
    organizationId: share.organizationId,
    caseId: share.caseId,
  });
}

async function notifyCreator(
  act: Act,
  share: Share,
  kind: NotificationKind,
  texts: typeof EXPIRING,
  about: { sequence: number; when: Date; now: Date },
): Promise<void> {
  const creator = await act.em.findOneOrFail(User, share.createdBy);
  if (creator.disabledAt != null) return;
  const organization = await act.em.findOneOrFail(Organization, share.organizationId);
  const content = texts[creator.language]({
    name: creator.name,
    caseNumber: share.archive.caseNumber,
    title: share.archive.title,
    when: formatInstant(about.when, creator.language, organization.timeZone),
  });
  await insertNotification(act, {
    kind,
    organizationId: share.organizationId,
    life: { kind: 'download-link', entityId: share.id },
    subjectId: share.id,
    recipient: creator.email,
    sequence: about.sequence,
    rendered: renderMail(creator.language, content),
    now: about.now,
  });
}

function secondsOf(instant: Date): number {
  return Math.floor(instant.getTime() / 1000);
}
