import { addMarker, addNote } from '../../../domain/evidence/annotations.ts';
import { changeEvidence } from '../../../domain/evidence/commands.ts';
import { requireEvidence } from '../../../domain/evidence/visibility.ts';
import { type Route, route } from '../../route.ts';
import { attachmentRoutes } from './attachments.ts';
import { contentRoutes } from './content.ts';
import { evidenceListRoutes } from './evidence-list.ts';
import { readEvidence } from './presenter.ts';
import { releaseRoutes } from './release.ts';
import { evidenceRetentionRoutes } from './retention.ts';
import {
  evidenceChange,
  evidenceParams,
  evidenceView,
  markerView,
  newMarker,
  newNote,
  noteView,
} from './schema.ts';
import { uploadRoutes } from './uploads.ts';

export const evidenceRoutes: readonly Route[] = [
  ...evidenceListRoutes,
  ...uploadRoutes,
  route(
    {
      method: 'get',
      path: '/evidence/{evidenceId}',
      tag: 'Evidence',
      summary: 'Read evidence',
      params: evidenceParams,
      answers: { 200: { description: 'What is known about it', body: evidenceView } },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params }) => {
      const em = deps.database.em.fork();
      const found = await requireEvidence(em, staff, params.evidenceId, 'evidence.view');
      const body = await readEvidence(em, found.id);
      return { status: 200, version: found.version, body };
    },
  ),
  route(
    {
      method: 'patch',
      path: '/evidence/{evidenceId}',
      tag: 'Evidence',
      summary: 'Change what is known about evidence',
      params: evidenceParams,
      body: evidenceChange,
      answers: { 200: { description: 'The evidence as it is now', body: evidenceView } },
      problems: ['not-found', 'permission-missing', 'precondition-failed', 'wrong-state'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        const changed = await changeEvidence(act, staff, params.evidenceId, body, checkVersion);
        await act.em.flush();
        return {
          status: 200,
          version: changed.version,
          body: await readEvidence(act.em, changed.id),
        };
      }),
  ),
  route(
    {
      method: 'post',
      path: '/evidence/{evidenceId}/notes',
      tag: 'Evidence',
      summary: 'Write a note to evidence',
      params: evidenceParams,
      body: newNote,
      answers: { 201: { description: 'The note', body: noteView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, body, command }) =>
      command(async (act) => ({
        status: 201,
        body: await addNote(act, staff, params.evidenceId, body.text),
      })),
  ),
  route(
    {
      method: 'post',
      path: '/evidence/{evidenceId}/markers',
      tag: 'Evidence',
      summary: 'Mark a moment of a recording',
      params: evidenceParams,
      body: newMarker,
      answers: { 201: { description: 'The marker', body: markerView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, body, command }) =>
      command(async (act) => {
        await addMarker(act, staff, params.evidenceId, body);
        return { status: 201, body };
      }),
  ),
  ...evidenceRetentionRoutes,
  ...contentRoutes,
  ...attachmentRoutes,
  ...releaseRoutes,
];
