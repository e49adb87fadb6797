import { deleteEvidence, restoreEvidence } from '../../../domain/retention/delete-evidence.ts';
import { liftHold, placeHold } from '../../../domain/retention/hold.ts';
import { type Route, route } from '../../route.ts';
import { readEvidence } from './presenter.ts';
import { evidenceParams, evidenceView, newHold } from './schema.ts';

/** Holds on evidence, its deletion by hand, and taking a deletion back. */
export const evidenceRetentionRoutes: readonly Route[] = [
  route(
    {
      method: 'put',
      path: '/evidence/{evidenceId}/hold',
      tag: 'Evidence',
      summary: 'Put evidence on hold',
      description: 'What is on hold is not deleted. Another reason replaces the one before.',
      params: evidenceParams,
      body: newHold,
      answers: { 200: { description: 'The evidence with its hold', body: evidenceView } },
      problems: ['not-found', 'permission-missing', 'precondition-failed', 'wrong-state'],
    },
    async ({ staff, params, body, command, checkVersion }) =>
      command(async (act) => {
        const { evidenceId } = params;
        const held = await placeHold(act, staff, evidenceId, body.reason, checkVersion);
        await act.em.flush();
        const { version } = held;
        return { status: 200, version, body: await readEvidence(act.em, evidenceId) };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/evidence/{evidenceId}/hold',
      tag: 'Evidence',
      summary: 'Lift the hold of evidence',
      params: evidenceParams,
      answers: { 204: { description: 'It is not on hold' } },
      problems: ['not-found', 'permission-missing', 'precondition-failed'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        await liftHold(act, staff, params.evidenceId, checkVersion);
        return { status: 204 };
      }),
  ),
  route(
    {
      method: 'delete',
      path: '/evidence/{evidenceId}',
      tag: 'Evidence',
      summary: 'Queue evidence for deletion',
      description:
        'It can be restored for 7 days, then it is destroyed. The problem evidence-protected lists why it is kept.',
      params: evidenceParams,
      answers: { 200: { description: 'The evidence, queued', body: evidenceView } },
      problems: [
        'not-found',
        'permission-missing',
        'precondition-failed',
        'wrong-state',
        'evidence-protected',
      ],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        const queued = await deleteEvidence(act, staff, params.evidenceId, checkVersion);
        await act.em.flush();
        const { id, version } = queued;
        return { status: 200, version, body: await readEvidence(act.em, id) };
      }),
  ),
  route(
    {
      method: 'post',
      path: '/evidence/{evidenceId}/restore',
      tag: 'Evidence',
      summary: 'Restore evidence that is queued for deletion',
      params: evidenceParams,
      answers: { 200: { description: 'The evidence, as it was', body: evidenceView } },
      problems: ['not-found', 'permission-missing', 'precondition-failed', 'wrong-state'],
    },
    async ({ staff, params, command, checkVersion }) =>
      command(async (act) => {
        const restored = await restoreEvidence(act, staff, params.evidenceId, checkVersion);
        await act.em.flush();
        const { id, version } = restored;
        return { status: 200, version, body: await readEvidence(act.em, id) };
      }),
  ),
];
