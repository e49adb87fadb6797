/** A portal: files are handed in, its owner is told, decides on them, and closes it. */
import { buildInvite, buildInviteGuest, buildPortal } from '../../support/portals.ts';
import { guestUpload } from '../../support/requests.ts';
import { untilAnswered } from '../crash-points/client.ts';
import type { LifeStory } from '../crash-points/runner.ts';

/** The story of a portal. */
export const portalStory: LifeStory = {
  kind: 'portal',
  async live(world) {
    const { api } = world;
    const portal = await buildPortal(api, { title: 'Mill Road' });
    await world.rest();
    const invite = await buildInvite(api, portal, { delivery: 'none', communityMember: {} });
    const guest = await untilAnswered(() => buildInviteGuest(api, invite));
    await guestUpload(guest, Buffer.from('what a neighbour saw'), 'window.mp4');
    await guestUpload(guest, Buffer.from('what a neighbour heard'), 'door.mp4');
    await world.rest();
    const { status, body } = await guest.post('/submission');
    if (status !== 201) throw new Error(`nothing was handed in: ${JSON.stringify(body)}`);
    await world.rest();
    const list = await api.get('/submissions', portal.owner);
    const [submission] = list.body.data;
    const detail = await api.get(`/submissions/${submission.id}`, portal.owner);
    const [first, second] = detail.body.files;
    await api.post(`/submissions/${submission.id}/files/${first.id}/accept`, portal.owner, {});
    await api.post(`/submissions/${submission.id}/files/${second.id}/decline`, portal.owner, {});
    await world.rest();
    await api.post(`/portals/${portal.id}/close`, portal.owner, {});
  },
};
