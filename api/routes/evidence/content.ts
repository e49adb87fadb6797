import {
  FILE_ANSWERS,
  FILE_DESCRIPTION,
  FILE_PROBLEMS,
  PREVIEW_DESCRIPTION,
} from '../../files/answers.ts';
import { sendFile } from '../../files/send-file.ts';
import { type Route, route } from '../../route.ts';
import { evidenceParams } from './schema.ts';

/** The files of evidence, for staff of its organization. */
export const contentRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/evidence/{evidenceId}/content',
      tag: 'Evidence',
      summary: 'Download the original file',
      description: FILE_DESCRIPTION,
      params: evidenceParams,
      answers: FILE_ANSWERS,
      problems: FILE_PROBLEMS,
    },
    async ({ ctx, deps, staff, params }) =>
      sendFile(ctx, deps, { type: 'staff', user: staff }, { ...params, mode: 'content' }),
  ),
  route(
    {
      method: 'get',
      path: '/evidence/{evidenceId}/preview',
      tag: 'Evidence',
      summary: 'Preview an image, a video or a sound',
      description: PREVIEW_DESCRIPTION,
      params: evidenceParams,
      answers: FILE_ANSWERS,
      problems: [...FILE_PROBLEMS, 'file-type-not-supported'],
    },
    async ({ ctx, deps, staff, params }) =>
      sendFile(ctx, deps, { type: 'staff', user: staff }, { ...params, mode: 'preview' }),
  ),
];
