import { openAttachment } from '../../../domain/evidence/attachments.ts';
import { attachment } from '../../attachment.ts';
import { type Route, route } from '../../route.ts';
import { attachmentParams } from './schema.ts';

/** What is attached to evidence beside its file. */
export const attachmentRoutes: readonly Route[] = [
  route(
    {
      method: 'get',
      path: '/evidence/{evidenceId}/attachments/{attachmentId}',
      tag: 'Evidence',
      summary: 'Download an attachment, such as the audit trail that came with a copy',
      params: attachmentParams,
      answers: { 200: { description: 'The file', contentType: 'application/pdf' } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params, command }) => {
      const opened = await command(async (act) => {
        const found = await openAttachment(act, staff, params.evidenceId, params.attachmentId);
        const { objectKey: key, objectVersion, size } = found;
        return {
          status: 200,
          headers: {
            'Content-Type': found.contentType,
            'Content-Length': String(size),
            'Content-Disposition': attachment(found.fileName),
          },
          body: await deps.store.read(key, { offset: 0, length: size }, objectVersion),
        };
      });
      return opened;
    },
  ),
];
