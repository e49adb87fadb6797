import { z } from 'zod';
import type { EvidenceId, ShareId } from '../../../domain/ids.ts';
import {
  FILE_ANSWERS,
  FILE_DESCRIPTION,
  FILE_PROBLEMS,
  PREVIEW_DESCRIPTION,
} from '../../files/answers.ts';
import { sendFile } from '../../files/send-file.ts';
import { type Route, route } from '../../route.ts';
import { id } from '../../validation.ts';

const params = z.object({ shareId: id<ShareId>(), evidenceId: id<EvidenceId>() });

/** The files of evidence that partners share by reference, for those who are named. */
export const sharedContentRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/shared-with-me/{shareId}/evidence/{evidenceId}/preview',
      tag: 'Shared with me',
      summary: 'Preview an image, a video or a sound of a partner',
      description: `${PREVIEW_DESCRIPTION} Show the warning first where the evidence has sensitiveContentWarning: this API does not ask whether it was accepted.`,
      params,
      answers: FILE_ANSWERS,
      problems: [...FILE_PROBLEMS, 'file-type-not-supported'],
    },
    async ({ ctx, deps, staff, params: { shareId, evidenceId } }) =>
      sendFile(
        ctx,
        deps,
        { type: 'recipient', user: staff, shareId, browserSession: null },
        { evidenceId, mode: 'preview' },
      ),
  ),
  route(
    {
      method: 'get',
      path: '/shared-with-me/{shareId}/evidence/{evidenceId}/content',
      tag: 'Shared with me',
      summary: "Download a partner's original file",
      description: `Where the share gives view_and_download; under view it is 403. ${FILE_DESCRIPTION}`,
      params,
      answers: FILE_ANSWERS,
      problems: FILE_PROBLEMS,
    },
    async ({ ctx, deps, staff, params: { shareId, evidenceId } }) =>
      sendFile(
        ctx,
        deps,
        { type: 'recipient', user: staff, shareId, browserSession: null },
        { evidenceId, mode: 'content' },
      ),
  ),
];
