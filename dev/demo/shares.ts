import { setTimeout as pause } from 'node:timers/promises';
import type { AccessLinkId, OrganizationId, ShareId } from '../../domain/ids.ts';
import { rederiveToken } from '../../domain/link-token.ts';
import { DownloadLink } from '../../domain/sharing/download-link/download-link.entity.ts';
import { accessToken } from '../../domain/sharing/partner-access/access-link.ts';
import type { Config } from '../../platform/config.ts';
import type { Database } from '../../platform/database.ts';
import type { DemoApi } from './api.ts';

/** A partner, and which of its users is named. */
export interface DemoPartner {
  readonly id: OrganizationId;
  readonly recipient: string;
}

/** What is shared, and with which settings links are made. */
export interface SharedDemo {
  readonly api: DemoApi;
  readonly caseId: string;
  readonly database: Database;
  readonly config: Config;
}

/** A download link that opens: one that still does, with its token derived again, or a new one. */
export async function demoDownloadLink(demo: SharedDemo): Promise<string> {
  const found = await liveShare(demo, 'download_link');
  if (found !== undefined) {
    const share = await demo.database.em.fork().findOneOrFail(DownloadLink, { id: found });
    const token = rederiveToken(demo.config.LINK_KEYS, {
      id: share.id,
      generation: share.linkGeneration,
      tokenHash: Buffer.from(share.linkTokenHash),
    });
    if (token !== null) return `${demo.config.CASEBRIDGE_PUBLIC_URL}/s/${token}`;
  }
  const made = await demo.api.post(`/cases/${demo.caseId}/shares`, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
    notifyOnFirstDownload: true,
  });
  return made.link ?? '';
}

/** Looks for what a share's life brings about; 100 ms each. */
const LOOKS = 100;

/**
 * The link that a partner's user was mailed, of partner access to the case; undefined where its life has
 * not sent it yet.
 */
export async function demoAccessLink(
  demo: SharedDemo,
  partner: DemoPartner,
  message: string,
): Promise<string | undefined> {
  const found = await liveShare(demo, 'partner_access');
  const shareId =
    found ??
    (
      await demo.api.post(`/cases/${demo.caseId}/shares`, {
        method: 'partner_access',
        partnerOrganizationId: partner.id,
        recipients: [{ type: 'user', email: partner.recipient }],
        scope: { type: 'entire_case' },
        access: 'view_and_download',
        message,
      })
    ).id;
  for (let look = 0; look < LOOKS; look += 1) {
    const token = await demo.database.em.fork().transactional(async (em) => {
      const [link] = await em.execute<{ id: AccessLinkId; generation: number }[]>(
        'select id, generation from share_access_links where share_id = ? and ended_at is null',
        [shareId],
      );
      if (link === undefined) return null;
      return accessToken(em, demo.config.LINK_KEYS, link.id, link.generation);
    });
    if (token !== null) return `${demo.config.CASEBRIDGE_PUBLIC_URL}/a/${token}`;
    await pause(100);
  }
  return undefined;
}

/** Shares a copy of the case with a partner, once. */
export async function demoCopy(demo: SharedDemo, partner: DemoPartner): Promise<void> {
  const { data } = await demo.api.get(`/cases/${demo.caseId}/shares`);
  if (data.some((share) => share.method === 'copy' && share.partner?.id === partner.id)) return;
  await demo.api.post(`/cases/${demo.caseId}/shares`, {
    method: 'copy',
    partnerOrganizationId: partner.id,
    recipients: [{ type: 'user', email: partner.recipient }],
    scope: { type: 'entire_case' },
    attachments: ['notes', 'markers', 'audit_trail'],
  });
}

/**
 * The link to a copy that has arrived at a partner: its owner gives somebody access to it. Undefined where
 * it has not arrived yet.
 * @param theirs the API as the partner uses it
 * @param from the organization whose case was copied
 */
export async function demoCopyLink(
  demo: SharedDemo,
  theirs: DemoApi,
  from: DemoPartner,
): Promise<string | undefined> {
  for (let look = 0; look < LOOKS; look += 1) {
    const { data } = await theirs.get(`/cases?sharedFrom=${from.id}`);
    const [copy] = data;
    if (copy !== undefined) {
      const message = 'Our copy of your case, with the watermark over its video.';
      return demoAccessLink({ ...demo, api: theirs, caseId: copy.id }, from, message);
    }
    await pause(100);
  }
  return undefined;
}

async function liveShare(demo: SharedDemo, method: string): Promise<ShareId | undefined> {
  const { data } = await demo.api.get(`/cases/${demo.caseId}/shares`);
  const live = data.filter((share) => share.method === method && share.state === 'active');
  return live.at(-1)?.id as ShareId | undefined;
}
