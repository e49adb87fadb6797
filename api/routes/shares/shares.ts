import { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, ShareId } from '../../../domain/ids.ts';
import type { ApiDeps } from '../../deps.ts';
import { pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { changeShare, prepareShare, reshare, revokeShare, shareAgain } from './by-method.ts';
import { sharedCaseParams, shareParams } from './fields.ts';
import type { NewlyShared } from './newly-shared.ts';
import { readShare, readShares } from './presenter.ts';
import { newShare, shareChange, shareView } from './schema.ts';

/** The answer that makes a share. */
async function shared(act: Act, staff: Staff, { id, onlyNow }: NewlyShared) {
  await act.em.flush();
  const { body, version } = await readShare(act.em, staff, id);
  return {
    status: 201 as const,
    headers: { Location: `/api/v1/shares/${id}` },
    version,
    body: { ...body, ...onlyNow },
  };
}

/** An answer that is given again has its link derived again. */
async function withLinkAgain(deps: ApiDeps, staff: Staff, body: unknown): Promise<unknown> {
  const kept = z.looseObject({ id: z.uuid() }).parse(body);
  return { ...kept, ...(await shareAgain(deps, staff, kept.id as ShareId)) };
}

export const shareRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/cases/{caseId}/shares',
      tag: 'Shares',
      summary: 'Share a case',
      params: sharedCaseParams,
      body: newShare,
      answers: {
        201: { description: 'The share; a download link with its link', body: shareView },
      },
      problems: [
        'not-found',
        'permission-missing',
        'feature-missing',
        'partner-direction-missing',
        'partner-access-not-for-justice',
        'iso-too-large',
      ],
      again: withLinkAgain,
    },
    async ({ deps, staff, params, body, command }) => {
      const make = await prepareShare(deps, body);
      return command(async (act) => shared(act, staff, await make(act, staff, params.caseId)));
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
      await requireReadableCase(em, staff, view.caseId as CaseId);
      return { status: 200, version, body: view };
    },
  ),
  route(
    {
      method: 'patch',
      path: '/shares/{shareId}',
      tag: 'Shares',
      summary:
        'Change a share: of partner access all but the partner, of a download link the duration',
      params: shareParams,
      body: shareChange,
      answers: { 200: { description: 'The share as it is now', body: shareView } },
      problems: [
        'not-found',
        'permission-missing',
        'wrong-state',
        'precondition-failed',
        'feature-missing',
        'partner-direction-missing',
        'copy-cannot-be-revoked',
      ],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        await changeShare(act, staff, params.shareId, body, checkVersion);
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
      problems: ['not-found', 'permission-missing', 'wrong-state', 'copy-cannot-be-revoked'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await revokeShare(act, staff, params.shareId);
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
      command(async (act) => shared(act, staff, await reshare(act, deps, staff, params.shareId))),
  ),
];
