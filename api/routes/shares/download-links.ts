/** Download links, as the API takes and shows them. */
import { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import { ARCHIVE_FORMATS } from '../../../domain/archive/manifest.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, ShareId } from '../../../domain/ids.ts';
import { rederiveToken } from '../../../domain/link-token.ts';
import {
  frozenEvidence,
  reshareDownloadLink,
} from '../../../domain/sharing/download-link/change-download-link.ts';
import { createDownloadLink } from '../../../domain/sharing/download-link/create-download-link.ts';
import { DownloadLink } from '../../../domain/sharing/download-link/download-link.entity.ts';
import {
  requireCaseLinks,
  requireEvidenceLinks,
} from '../../../domain/sharing/download-link/link-permissions.ts';
import {
  LINK_STATE,
  LINK_STATES,
  SESSIONS_COUNTED,
} from '../../../domain/sharing/download-link/link-state.ts';
import { hashPassphrase } from '../../../domain/sharing/download-link/passphrase.ts';
import { utc } from '../../../domain/sql.ts';
import type { ApiDeps } from '../../deps.ts';
import { wellFormed } from '../../validation.ts';
import {
  attentionField,
  COMMON_FIELDS,
  commonView,
  durationDays,
  progressView,
  scope,
  scopeField,
} from './fields.ts';
import type { NewlyShared } from './newly-shared.ts';

export const newDownloadLink = z
  .strictObject({
    method: z.literal('download_link'),
    format: z.enum(ARCHIVE_FORMATS),
    scope,
    durationDays: durationDays.optional().describe("the organization's default if not given"),
    passphrase: z
      .string()
      .refine(...wellFormed)
      .normalize('NFC')
      .min(8, 'At least 8 characters.')
      .max(200, 'At most 200 characters.')
      .optional()
      .describe('asked for before the link opens; tell it to the recipient by another way'),
    downloadLimit: z.int().min(1).max(100_000).optional().describe('download sessions at most'),
    notifyOnFirstDownload: z.boolean().default(false),
  })
  .meta({ id: 'NewDownloadLink' });

export const downloadLinkView = z
  .object({
    ...commonView,
    method: z.literal('download_link'),
    state: z.enum(LINK_STATES),
    format: z.enum(ARCHIVE_FORMATS),
    durationDays: z.int(),
    passphrase: z.boolean().describe('whether one is asked for'),
    notifyOnFirstDownload: z.boolean(),
    resharedFrom: z.uuid().nullable(),
    progress: progressView.describe('files of the manifest that are verified'),
    package: z
      .object({ size: z.int(), etag: z.string() })
      .nullable()
      .describe('exact size in bytes and entity tag of the archive, once it is active'),
    downloads: z.object({
      sessions: z.int(),
      completed: z.int(),
      limit: z.int().nullable(),
    }),
    link: z.url().optional().describe('only in the answer that made it'),
  })
  .meta({ id: 'DownloadLink' });

/** SQL over a row called `shares`: a download link as JSON. */
export const DOWNLOAD_LINK_VIEW = /* sql */ `json_build_object(${COMMON_FIELDS},
  ${scopeField('share_items')}, 'state', ${LINK_STATE},
  'format', shares.format, 'durationDays', shares.duration_days,
  'passphrase', shares.passphrase_hash is not null,
  'notifyOnFirstDownload', shares.notify_on_first_download,
  'expiresAt', ${utc('shares.expires_at')}, 'revokedAt', ${utc('shares.revoked_at')},
  'failure', shares.failure, 'resharedFrom', shares.reshared_from,
  'progress', (select json_build_object('done', count(i.sha256), 'total', count(*), 'unit', 'files')
    from share_items i where i.share_id = shares.id),
  'package', case when shares.package_size is not null
    then json_build_object('size', shares.package_size, 'etag', shares.package_etag) end,
  'downloads', json_build_object('sessions', ${SESSIONS_COUNTED},
    'completed', (select count(*) from download_sessions d where d.share_id = shares.id and d.completed_at is not null),
    'limit', shares.download_limit),
  ${attentionField('download-link')})`;

/** The address that is given to recipients: the token stands in it and nowhere else. */
function linkOf(deps: ApiDeps, token: string): string {
  return `${deps.config.CASEBRIDGE_PUBLIC_URL}/s/${token}`;
}

/** Makes ready what takes long, so that the act that makes the link is short. */
export async function prepareDownloadLink(
  deps: ApiDeps,
  body: z.output<typeof newDownloadLink>,
): Promise<(act: Act, staff: Staff, caseId: CaseId) => Promise<NewlyShared>> {
  const passphraseHash =
    body.passphrase === undefined ? null : await hashPassphrase(body.passphrase);
  return async (act, staff, caseId) => {
    const { share, token } = await createDownloadLink(act, staff, deps.linkKeys, caseId, {
      format: body.format,
      scope: body.scope,
      durationDays: body.durationDays,
      passphraseHash,
      downloadLimit: body.downloadLimit ?? null,
      notifyOnFirstDownload: body.notifyOnFirstDownload,
    });
    return { id: share.id, onlyNow: { link: linkOf(deps, token) } };
  };
}

/** Makes a new link from a dead one. */
export async function reshareLink(
  act: Act,
  deps: ApiDeps,
  staff: Staff,
  shareId: ShareId,
): Promise<NewlyShared> {
  const { share, token } = await reshareDownloadLink(act, staff, deps.linkKeys, shareId);
  return { id: share.id, onlyNow: { link: linkOf(deps, token) } };
}

/**
 * The link of a share whose answer is given again; it is kept nowhere. Whoever may not make the link any
 * more does not get it either.
 * @returns nothing where the key that made it is configured no longer
 */
export async function linkAgain(
  deps: ApiDeps,
  staff: Staff,
  shareId: ShareId,
): Promise<{ readonly link?: string }> {
  const em = deps.database.em.fork();
  const share = await em.findOneOrFail(DownloadLink, {
    id: shareId,
    organizationId: staff.organization.id,
  });
  await requireCaseLinks(em, staff, share.caseId);
  await requireEvidenceLinks(em, staff, await frozenEvidence(em, share.id));
  const token = rederiveToken(deps.linkKeys, {
    id: share.id,
    generation: share.linkGeneration,
    tokenHash: Buffer.from(share.linkTokenHash),
  });
  return token === null ? {} : { link: linkOf(deps, token) };
}
