import { z } from 'zod';
import { pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { sharedContentRoutes } from './content.ts';
import {
  readReceivedEvidence,
  readReceivedEvidencePage,
  readReceivedShare,
  readReceivedShares,
} from './presenter.ts';
import {
  receivedEvidenceParams,
  receivedEvidenceView,
  receivedShareParams,
  receivedShareView,
} from './schema.ts';

const tag = 'Shared with me';

/** What partners share by reference, for those who are named: live, and nothing once it has ended. */
export const sharedWithMeRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/shared-with-me',
      tag,
      summary: 'List the cases that partners give me access to',
      query: z.strictObject(paging),
      answers: { 200: { description: 'Newest first', body: pageOf(receivedShareView) } },
    },
    async ({ deps, staff, query }) => ({
      status: 200,
      body: await readReceivedShares(deps.database.em.fork(), staff, query),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/shared-with-me/{shareId}',
      tag,
      summary: 'Read a case that a partner gives me access to',
      params: receivedShareParams,
      answers: { 200: { description: 'The case as it is now', body: receivedShareView } },
      problems: ['not-found'],
    },
    async ({ deps, staff, params }) => ({
      status: 200,
      body: await readReceivedShare(deps.database.em.fork(), staff, params.shareId),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/shared-with-me/{shareId}/evidence',
      tag,
      summary: 'List its evidence',
      params: receivedShareParams,
      query: z.strictObject(paging),
      answers: {
        200: { description: 'Evidence, oldest first', body: pageOf(receivedEvidenceView) },
      },
      problems: ['not-found'],
    },
    async ({ deps, staff, params, query }) => ({
      status: 200,
      body: await readReceivedEvidencePage(deps.database.em.fork(), staff, params.shareId, query),
    }),
  ),
  route(
    {
      method: 'get',
      path: '/shared-with-me/{shareId}/evidence/{evidenceId}',
      tag,
      summary: 'Read a piece of it',
      params: receivedEvidenceParams,
      answers: { 200: { description: 'What is known about it', body: receivedEvidenceView } },
      problems: ['not-found'],
    },
    async ({ deps, staff, params: { shareId, evidenceId } }) => ({
      status: 200,
      body: await readReceivedEvidence(deps.database.em.fork(), staff, shareId, evidenceId),
    }),
  ),
  ...sharedContentRoutes,
];
