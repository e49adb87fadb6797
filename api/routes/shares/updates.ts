/** Updates of a copy, and its cancellation. */
import { z } from 'zod';
import { requireReadableCase } from '../../../domain/cases/visibility.ts';
import type { EvidenceId } from '../../../domain/ids.ts';
import { cancelCaseCopy } from '../../../domain/sharing/case-copy/cancel-case-copy.ts';
import { deliveryProgress } from '../../../domain/sharing/case-copy/copy-state.ts';
import { requestUpdate } from '../../../domain/sharing/case-copy/request-update.ts';
import { shareMethod } from '../../../domain/sharing/lock-share.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { pageOf, paging } from '../../paging.ts';
import { type Route, route } from '../../route.ts';
import { id } from '../../validation.ts';
import { deliveryProgressView } from './copies.ts';
import { shareParams } from './fields.ts';
import { readShare } from './presenter.ts';
import { shareView } from './schema.ts';

const newUpdate = z
  .strictObject({
    evidenceIds: z
      .array(id<EvidenceId>())
      .max(20_000, 'At most 20,000 files.')
      .default([])
      .describe('evidence that joins the selection; never for a copy of the entire case'),
  })
  .meta({ id: 'NewCopyUpdate' });

const updateView = z
  .object({
    id: z.uuid(),
    shareId: z.uuid(),
    state: z.enum(['waiting', 'copying', 'delivered', 'failed', 'cancelled']),
    evidenceIds: z.array(z.uuid()).describe('evidence that it brings to the partner'),
    requestedAt: z.iso.datetime(),
    requestedBy: z.object({ id: z.uuid(), name: z.string() }),
    startedAt: z.iso.datetime().nullable(),
    endedAt: z.iso.datetime().nullable(),
    failure: z.object({ code: z.string(), detail: z.string() }).nullable(),
    progress: deliveryProgressView,
  })
  .meta({ id: 'CopyUpdate' });
type UpdateView = z.input<typeof updateView>;

const UPDATES: ViewSql = {
  from: '(select u.*, 1 as version from copy_deliveries u where u.sequence > 1) d',
  alias: 'd',
  view: /* sql */ `json_build_object('id', d.id, 'shareId', d.share_id,
    'state', case d.state when 'failing' then 'failed' when 'cancelling' then 'cancelled' else d.state end,
    'evidenceIds', coalesce((select json_agg(i.evidence_id order by i.position)
      from copy_items i where i.delivery_id = d.id), '[]'),
    'requestedAt', ${utc('d.requested_at')},
    'requestedBy', (select json_build_object('id', u.id, 'name', u.name) from users u where u.id = d.requested_by),
    'startedAt', ${utc('d.started_at')}, 'endedAt', ${utc('d.ended_at')}, 'failure', d.failure,
    'progress', ${deliveryProgress('d.id')})`,
};

export const updateRoutes: readonly Route[] = [
  route(
    {
      method: 'post',
      path: '/shares/{shareId}/updates',
      tag: 'Shares',
      summary: 'Bring to the partner what its copy lacks; updates queue one behind the other',
      params: shareParams,
      body: newUpdate,
      answers: { 202: { description: 'The update', body: updateView } },
      problems: [
        'not-found',
        'permission-missing',
        'wrong-state',
        'feature-missing',
        'partner-direction-missing',
      ],
    },
    async ({ staff, params, body, command }) =>
      command(async (act) => {
        const { id: update } = await requestUpdate(act, staff, params.shareId, body.evidenceIds);
        await act.em.flush();
        const found = await readOne<UpdateView>(act.em, UPDATES, {
          sql: 'd.id = ?',
          values: [update],
        });
        if (found === null) throw new Error('the update vanished while it was made');
        const Location = `/api/v1/shares/${params.shareId}/updates`;
        return { status: 202, headers: { Location }, body: found.body };
      }),
  ),
  route(
    {
      method: 'get',
      path: '/shares/{shareId}/updates',
      tag: 'Shares',
      summary: 'List the updates of a copy',
      params: shareParams,
      query: z.strictObject(paging),
      answers: {
        200: { description: 'A page of updates, oldest first', body: pageOf(updateView) },
      },
      problems: ['not-found', 'permission-missing'],
    },
    async ({ deps, staff, params, query }) => {
      const em = deps.database.em.fork();
      const { caseId } = await shareMethod(em, staff, params.shareId);
      await requireReadableCase(em, staff, caseId);
      const ofShare = { sql: 'd.share_id = ?', values: [params.shareId] };
      return { status: 200, body: await readPage<UpdateView>(em, UPDATES, ofShare, query) };
    },
  ),
  route(
    {
      method: 'post',
      path: '/shares/{shareId}/cancel',
      tag: 'Shares',
      summary: 'Cancel a copy while it is made; nothing of it is left behind',
      params: shareParams,
      answers: { 200: { description: 'The share, cancelled', body: shareView } },
      problems: ['not-found', 'permission-missing', 'wrong-state'],
    },
    async ({ staff, params, command }) =>
      command(async (act) => {
        await cancelCaseCopy(act, staff, params.shareId);
        await act.em.flush();
        return { status: 200, ...(await readShare(act.em, staff, params.shareId)) };
      }),
  ),
];
