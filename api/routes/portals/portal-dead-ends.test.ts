/** Portals out of which there has to be a way, and answers that have to be of use. */

import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { accessTokenOf, buildIntegration, callAs } from '../../../test/support/api-clients.ts';
import { buildUser } from '../../../test/support/factories.ts';
import { buildInvite, buildPortal } from '../../../test/support/portals.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('one person’s portal takes another invite once the newest has run out unused, whatever end it has', async () => {
  const portal = await buildPortal(api, { durationDays: 60 });
  const invite = await buildInvite(api, portal);
  const ask = () => api.post(`/portals/${portal.id}/invites`, portal.owner, { delivery: 'none' });
  expect((await ask()).body).toMatchObject({ status: 409, code: 'wrong-state' });
  await alter(api, 'invites', invite.id, JUST_EXPIRED);
  expect((await ask()).status).toBe(201);
  expect((await ask()).status).toBe(409);
});

test('staff is told of faults by the names that staff uses, of an incident report too', async () => {
  const client = await buildIntegration(api);
  const made = await callAs(api, await accessTokenOf(api, client), 'post', '', {});
  const answer = await api.patch(`/portals/${made.body.portalId}`, client.administrator, {
    ownerId: crypto.randomUUID(),
    evidenceOwnerId: crypto.randomUUID(),
    categoryIds: [crypto.randomUUID()],
  });
  expect(answer.status).toBe(422);
  expect(pointersOf(answer)).toEqual(['/ownerId', '/evidenceOwnerId', '/categoryIds/0']);
});

test('a search for what PostgreSQL cannot hold is a fault of the search', async () => {
  const owner = await buildUser(api);
  expect((await api.get('/portals?query=%00', owner)).status).toBe(422);
});
