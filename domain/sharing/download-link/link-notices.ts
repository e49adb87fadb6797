/** The mails about a download link (product rules, section 6): all go to the user who made it. */
import type { Act } from '../../act.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { type Language, User } from '../../identity/user.entity.ts';
import type { ShareId } from '../../ids.ts';
import { insertNotification, type NotificationKind } from '../../notifications/insert.ts';
import { formatInstant, type MailContent, renderMail } from '../../notifications/render.ts';
import { DAMAGED, type DamagedFile } from './damage-texts.ts';
import { DownloadLink } from './download-link.entity.ts';
import { EXPIRING, FAILED, FIRST_DOWNLOAD, type ShareNotice } from './link-notice-texts.ts';

/** Tells that the link expires; once for each expiry, however often the life plans. */
export async function notifyExpiring(act: Act, share: DownloadLink, now: Date): Promise<void> {
  const expiresAt = share.expiresAt ?? now;
  await notifyCreator(act, share, 'share-expiring', EXPIRING, {
    sequence: secondsOf(expiresAt),
    when: expiresAt,
    now,
  });
}

/** Tells that the link could not be made. */
export async function notifyFailed(act: Act, share: DownloadLink, now: Date): Promise<void> {
  await notifyCreator(act, share, 'share-failed', FAILED, { sequence: 0, when: now, now });
}

/** Tells that the package was downloaded whole for the first time; wakes the life that sends it. */
export async function notifyFirstDownload(act: Act, shareId: ShareId): Promise<void> {
  const share = await act.em.findOneOrFail(DownloadLink, shareId);
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

/** Tells that a download broke off at a damaged file, once a day; wakes the life that sends it. */
export async function notifyDamaged(act: Act, shareId: ShareId, file: DamagedFile): Promise<void> {
  const share = await act.em.findOneOrFail(DownloadLink, shareId);
  const now = new Date();
  const inLanguage = (language: Language) => (notice: ShareNotice) =>
    DAMAGED[language](notice, file);
  const texts = { en: inLanguage('en'), es: inLanguage('es'), fr: inLanguage('fr') };
  await notifyCreator(act, share, 'share-damaged', texts, {
    sequence: Math.floor(now.getTime() / DAY),
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

const DAY = 24 * 3600 * 1000;

async function notifyCreator(
  act: Act,
  share: DownloadLink,
  kind: NotificationKind,
  texts: Readonly<Record<Language, (notice: ShareNotice) => MailContent>>,
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
