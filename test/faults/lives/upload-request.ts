/** An upload request: sent, reminded of, answered with a file, reported, closed, its log asked for. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildGuest, buildRequest, guestUpload, requestPath } from '../../support/requests.ts';
import { untilAnswered } from '../crash-points/client.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import type { World } from '../crash-points/world.ts';

/** The story of an upload request. */
export const uploadRequestStory: LifeStory = {
  kind: 'upload-request',
  async live(world) {
    const { api, sql } = world;
    const request = await buildRequest(api);
    await world.rest();
    await shift(world, request.id, 3.1);
    await world.rest();
    const guest = await untilAnswered(() => buildGuest(api, request));
    await guestUpload(guest, Buffer.from('what the shop saw'), 'till.mp4');
    await world.rest();
    await sql(
      `update uploads set settled_at = settled_at - interval '16 minutes'
       where upload_request_id = ?`,
      [request.id],
    );
    await world.poke(workflowIdOf('upload-request', request.id));
    await world.rest();
    await api.post(`/upload-requests/${request.id}/close`, request.sender, {});
    await world.rest();
    const path = `${api.origin}${requestPath(api, request.id)}/activity-log`;
    await untilAnswered(async () => fetch(path, { method: 'POST', redirect: 'manual' }));
  },
};

/** Lets days pass for a request: its instants move into the past. */
async function shift({ sql, poke }: World, id: string, days: number): Promise<void> {
  const by = `interval '${days * 24} hours'`;
  await sql(`update upload_requests set expires_at = expires_at - ${by} where id = ?`, [id]);
  await sql(
    `update upload_request_progress set invited_at = invited_at - ${by},
       last_mail_at = last_mail_at - ${by} where request_id = ?`,
    [id],
  );
  await poke(workflowIdOf('upload-request', id));
}
