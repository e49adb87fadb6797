import { z } from 'zod';
import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { ShareId } from '../../../domain/ids.ts';
import {
  extendDownloadLink,
  frozenEvidence,
  reshareDownloadLink,
  revokeDownloadLink,
} from '../../../domain/sharing/change-download-link.ts';
import { createDownloadLink } from '../../../domain/sharing/create-download-link.ts';
import {
  requireCaseLinks,
  requireEvidenceLinks,
} from '../../../domain/sharing/link-permissions.ts';
import { rederiveToken } from '../../../domain/sharing/link-token.ts';
import { hashPassphrase } from '../../../domain/sharing/passphrase.ts';
import { Share } from '../../../domain/sharing/share.entity.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { readShare, readShares } from './presenter.ts';
import { newShare, shareChange, sharedCaseParams, shareParams, shareView } from './schema.ts';

/** The address that is given to recipients: the token stands in it and nowhere else. */
function linkOf(deps: ApiDeps, token: string): string {
  return `${deps.config.CASEBRIDGE_PUBLIC_URL}/s/${token}`;
}

/**
 * An answer that is given again has its link derived again; it is kept nowhere. Whoever may not make the
 * link any more does not get it either.
 */
async function withLinkAgain(deps: ApiDeps, staff: Staff, body: unknown): Promise<unknown> {
  const kept = z.looseObject({ id: z.uuid() }).parse(body);
  const em = deps.database.em.fork();
  const share = await em.findOneOrFail(Share, {
    id: kept.id as ShareId,
    organizationId: staff.organization.id,
  });
  await requireCaseLinks(em, staff, share.caseId);
  await requireEvidenceLinks(em, staff, await frozenEvidence(em, share.id));
  const token = rederiveToken(deps.linkKeys, {
    id: share.id,
    generation: share.linkGeneration,
    tokenHash: Buffer.from(share.linkTokenHash),
  });
  return token === null ? kept : { ...kept, link: linkOf(deps, token) };
}

export const shareRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/cases/{caseId}/shares',
      tag: 'Shares',
      summary: 'Share a case by a download link',
      params: sharedCaseParams,
      body: newShare,
      answers: { 201: { description: 'The share, with its link', body: shareView } },
      problems: ['not-found', 'permission-missing', 'feature-missing'],
      again: withLinkAgain,
    },
    async ({ deps, staff, params, body, command }) => {
      const passphraseHash =
        body.passphrase === undefined ? null : await hashPassphrase(body.passphrase);
      return command(async (act) => {
        const { share, token } = await createDownloadLink(
          act,
          staff,
          deps.linkKeys,
          params.caseId,
          {
            format: body.format,
            scope: body.scope,
            durationDays: body.durationDays,
            passphraseHash,
            downloadLimit: body.downloadLimit ?? null,
            notifyOnFirstDownload: body.notifyOnFirstDownload,
          },
        );
        await act.em.flush();
        const { body: view, version } = await readShare(act.em, staff, share.id);
        return {
          status: 201,
          headers: { Location: `/api/v1/shares/${share.id}` },
          version,
          body: { ...view, link: linkOf(deps, token) },
        };
      });
    },
  ),
  route(
    {
      method: 'get',
      path: '/cases/{caseId}/shares',
      tag: 'Shares',
      summary: 'List the shares of a case',
      params: sharedCaseParams,
      query: z.strictObject(paging),
      answers: { 200: { description: 'A page of shares, oldest first', body: pageOf(shareView) } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params, query }) => {
      const em = deps.database.em.fork();
      await requireReadableCase(em, staff, params.caseId);
      return { status: 200, body: await readShares(em, staff, params.caseId, query) };
    },
  ),
  route(
    {
      method: 'get',
      path: '/shares/{shareId}',
      tag: 'Shares',
      summary: 'Read a share',
      params: shareParams,
      answers: { 200: { description: 'The share', body: shareView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params }) => {
      const em = deps.database.em.fork();
      const { body: view, version } = await readShare(em, staff, params.shareId);
      await requireReadableCase(em, staff, view.caseId as Share['caseId']);
      return { status: 200, version, body: view };
    },
  ),
  route(
    {
      method: 'patch',
      path: '/shares/{shareId}',
      tag: 'Shares',
      summary: 'Give a download link a new duration, counted from now',
      params: shareParams,
      body: shareChange,
      answers: { 200: { description: 'The share as it is now', body: shareView } },
      problems: ['not-found', 'permission-missing', 'wrong-state', 'precondition-failed'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await extendDownloadLink(act, staff, params.shareId, body.durationDays, checkVersion);
        await act.em.flush();
        return { status: 200, ...(await readShare(act.em, staff, params.shareId)) };
      }),
  ),
  route(
    {
      method: 'post',
      path: '/shares/{shareId}/revoke',
      tag: 'Shares',
      summary: 'Revoke a share: no byte more is given out',
      params: shareParams,
      answers: { 200: { description: 'The share, revoked', body: shareView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await revokeDownloadLink(act, staff, params.shareId);
        await act.em.flush();
        return { status: 200, ...(await readShare(act.em, staff, params.shareId)) };
      }),
  ),
  route(
    {
      method: 'post',
      path: '/shares/{shareId}/reshare',
      tag: 'Shares',
      summary: 'Make a new link from a dead one, frozen anew',
      params: shareParams,
      answers: { 201: { description: 'The new share, with its link', body: shareView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
      again: withLinkAgain,
    },
    async ({ deps, staff, params, command }) =>
      command(async (act) => {
        const { share, token } = await reshareDownloadLink(
          act,
          staff,
          deps.linkKeys,
          params.shareId,
        );
        await act.em.flush();
        const { body: view, version } = await readShare(act.em, staff, share.id);
        return {
          status: 201,
          headers: { Location: `/api/v1/shares/${share.id}` },
          version,
          body: { ...view, link: linkOf(deps, token) },
        };
      }),
  ),
];
