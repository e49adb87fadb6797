import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildOrganization, buildUser } from '../../../test/support/factories.ts';

let api: TestApi;
let police: Organization;
let justice: Organization;
let officer: User;
let prosecutor: User;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  police = await buildOrganization(api);
  justice = await buildOrganization(api, { name: 'County Prosecutor', kind: 'justice' });
  officer = await buildUser(api, { organization: police });
  prosecutor = await buildUser(api, { organization: justice });
});
afterAll(() => api.stop());

async function invite(directions = { maySendTo: true, mayReceiveFrom: false }) {
  return api.post('/partners', officer, { organizationSlug: justice.slug, ...directions });
}

test('each side sees the partnership from its own side, and sets its own two directions', async () => {
  const invited = await invite();
  expect(invited.status).toBe(201);
  expect(invited.body).toMatchObject({
    organization: { id: justice.id, slug: justice.slug, name: justice.name, kind: 'justice' },
    state: 'invited',
    invitedByUs: true,
    maySendTo: true,
    mayReceiveFrom: false,
    theyMaySendToUs: false,
    theyMayReceiveFromUs: false,
  });
  const path = `/partners/${invited.body.id}`;
  const accepted = await api.post(`${path}/accept`, prosecutor, {
    maySendTo: false,
    mayReceiveFrom: true,
  });
  expect(accepted.status).toBe(200);
  expect(accepted.body).toMatchObject({
    organization: { id: police.id },
    state: 'active',
    invitedByUs: false,
    maySendTo: false,
    mayReceiveFrom: true,
    theyMaySendToUs: true,
    theyMayReceiveFromUs: false,
  });
  await api.patch(path, officer, { mayReceiveFrom: true });
  await api.patch(path, prosecutor, { maySendTo: true });
  expect((await api.get(path, officer)).body).toMatchObject({
    maySendTo: true,
    mayReceiveFrom: true,
    theyMaySendToUs: true,
    theyMayReceiveFromUs: true,
  });
});

test('what one side does is in the audit of both', async () => {
  const { body } = await invite();
  await api.post(`/partners/${body.id}/accept`, prosecutor, {
    maySendTo: true,
    mayReceiveFrom: true,
  });
  await api.delete(`/partners/${body.id}`, prosecutor);
  for (const { id } of [police, justice]) {
    const rows = await api.database.em
      .fork()
      .execute<{ action: string }[]>(
        `select action from audit_events where organization_id = ? and objects @> array[?::uuid] order by sequence`,
        [id, body.id],
      );
    expect(rows.map(({ action }) => action)).toEqual([
      'partner.invited',
      'partner.accepted',
      'partner.ended',
    ]);
  }
});

test('only who was invited accepts, and only once', async () => {
  const { body } = await invite();
  const accept = (as: User) =>
    api.post(`/partners/${body.id}/accept`, as, { maySendTo: true, mayReceiveFrom: true });
  expect((await accept(officer)).body.code).toBe('wrong-state');
  expect((await api.patch(`/partners/${body.id}`, prosecutor, { maySendTo: true })).status).toBe(
    409,
  );
  expect((await accept(prosecutor)).status).toBe(200);
  expect((await accept(prosecutor)).body.code).toBe('wrong-state');
});

test('there is one partnership between two organizations, whoever invites', async () => {
  const answers = await Promise.all([
    ...Array.from({ length: 5 }, () => invite()),
    ...Array.from({ length: 5 }, () =>
      api.post('/partners', prosecutor, {
        organizationSlug: police.slug,
        maySendTo: true,
        mayReceiveFrom: true,
      }),
    ),
  ]);
  const statuses = answers.map(({ status }) => status).sort();
  expect(statuses).toEqual([201, ...Array.from({ length: 9 }, () => 409)]);
});

test('a partnership that ended stays so, and can be made anew', async () => {
  const { body } = await invite();
  const path = `/partners/${body.id}`;
  expect((await api.delete(path, prosecutor)).status).toBe(204);
  expect((await api.delete(path, officer)).status).toBe(204);
  expect((await api.get(path, officer)).body.state).toBe('ended');
  expect((await api.patch(path, officer, { maySendTo: false })).body.code).toBe('wrong-state');
  const anew = await invite();
  expect(anew.status).toBe(201);
  const list = await api.get('/partners?state=invited', officer);
  expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([anew.body.id]);
  expect((await api.get('/partners', officer)).body.page.total).toBe(2);
});

test('an unknown organization and one’s own cannot be invited', async () => {
  const directions = { maySendTo: true, mayReceiveFrom: true };
  for (const organizationSlug of ['nobody-here', police.slug]) {
    const answer = await api.post('/partners', officer, { organizationSlug, ...directions });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/organizationSlug');
  }
});

test('a third organization does not see it', async () => {
  const { body } = await invite();
  const stranger = await buildUser(api);
  expect((await api.get(`/partners/${body.id}`, stranger)).status).toBe(404);
  expect((await api.get('/partners', stranger)).body.data).toEqual([]);
});
