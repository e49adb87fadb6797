import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { Partner } from '../../../domain/identity/partner.entity.ts';
import type { Group, User } from '../../../domain/identity/user.entity.ts';
import { idsOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildGroup,
  buildOrganization,
  buildPartner,
  buildUser,
  buildUserWith,
  unique,
} from '../../../test/support/factories.ts';

let api: TestApi;
let police: Organization;
let justice: Organization;
let officer: User;
let prosecutor: User;
let clerk: User;
let unit: Group;
let partner: Partner;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  police = await buildOrganization(api);
  justice = await buildOrganization(api, { name: 'County Prosecutor', kind: 'justice' });
  officer = await buildUser(api, { organization: police });
  partner = await buildPartner(api, police, justice);
  prosecutor = await buildUser(api, { organization: justice, name: 'Prosecutor in charge' });
  clerk = await buildUser(api, { organization: justice, email: `${unique('clerk')}@example.test` });
  unit = await buildGroup(api, justice);
});
afterAll(() => api.stop());

async function search(query = '', as: User = officer) {
  return api.get(`/partners/${partner.id}/recipients?limit=500${query}`, as);
}

test('users and groups of the partner are found, and nobody else', async () => {
  await buildGroup(api, police);
  const stranger = await buildUser(api);
  const answer = await search();
  expect(answer.status).toBe(200);
  const found = idsOf(answer);
  expect(found).toEqual(expect.arrayContaining([prosecutor.id, clerk.id, unit.id]));
  for (const other of [officer, stranger]) expect(found).not.toContain(other.id);
  expect(answer.body.page.total).toBe(found.length);
  expect(answer.body.data).toContainEqual({
    type: 'user',
    id: prosecutor.id,
    name: prosecutor.name,
    email: prosecutor.email,
  });
  expect(answer.body.data).toContainEqual({
    type: 'group',
    id: unit.id,
    name: unit.name,
    email: null,
  });
});

test('they are found by words of name or address', async () => {
  expect(idsOf(await search('&query=CHARGE%20prosec'))).toEqual([prosecutor.id]);
  expect(idsOf(await search(`&query=${clerk.email.slice(0, 12)}`))).toEqual([clerk.id]);
  expect(idsOf(await search(`&query=${unit.name}`))).toEqual([unit.id]);
  expect(idsOf(await search('&query=nobody-of-this-name'))).toEqual([]);
});

test('a disabled user is not found', async () => {
  const administrator = await buildUser(api, { organization: justice });
  await api.delete(`/users/${clerk.id}`, administrator);
  expect(idsOf(await search())).not.toContain(clerk.id);
});

test('pages go on where the one before ended', async () => {
  const first = await api.get(`/partners/${partner.id}/recipients?limit=2`, officer);
  const { next, total } = first.body.page;
  const rest = await search(`&cursor=${next}`);
  expect(idsOf(first)).toHaveLength(2);
  expect([...idsOf(first), ...idsOf(rest)]).toEqual(idsOf(await search()));
  expect(total).toBe(rest.body.page.total);
});

test('a direction that is missing is named, with whose it is', async () => {
  const path = `/partners/${partner.id}`;
  await api.patch(path, officer, { maySendTo: false });
  const ours = await search();
  expect([ours.status, ours.body.code]).toEqual([403, 'partner-direction-missing']);
  expect(ours.body.lacking).toEqual([{ organization: police.slug, missing: 'maySendTo' }]);
  await api.patch(path, officer, { maySendTo: true });
  await api.patch(path, prosecutor, { mayReceiveFrom: false });
  expect((await search()).body.lacking).toEqual([
    { organization: justice.slug, missing: 'mayReceiveFrom' },
  ]);
});

test('the other way round is the other side’s affair', async () => {
  await api.patch(`/partners/${partner.id}`, officer, { mayReceiveFrom: false });
  await api.patch(`/partners/${partner.id}`, prosecutor, { maySendTo: false });
  expect((await search()).status).toBe(200);
  expect((await search('', prosecutor)).status).toBe(403);
});

test('a partnership that is not active shows nobody', async () => {
  const city = await buildOrganization(api, { name: 'City' });
  const mayor = await buildUser(api, { organization: city });
  const invited = await buildPartner(api, police, city, { accepted: false });
  const path = `/partners/${invited.id}/recipients`;
  expect((await api.get(path, officer)).body).toMatchObject({
    code: 'wrong-state',
    detail: 'City has not accepted the invitation yet.',
  });
  expect((await api.get(path, mayor)).body).toMatchObject({
    code: 'wrong-state',
    detail: expect.stringContaining('waits for an administrator of City'),
  });
  await api.delete(`/partners/${partner.id}`, officer);
  expect((await search()).body).toMatchObject({ code: 'wrong-state', state: 'ended' });
});

test('who may not share with partners does not see their people', async () => {
  const reader = await buildUserWith(api, police, { 'evidence.view': 'any', 'case.share': 'any' });
  const answer = await search('', reader);
  expect([answer.status, answer.body.missing]).toEqual([403, ['case.shareExternally']]);
  const own = await buildUserWith(api, police, {
    'case.share': 'own',
    'case.shareExternally': 'own',
  });
  expect((await search('', own)).status).toBe(200);
});

test('a third organization is told of no such partner', async () => {
  expect((await search('', await buildUser(api))).status).toBe(404);
});
