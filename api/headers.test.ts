/** What requests say in headers, the same for every route: versions, keys of repetition. */
import type { Organization } from '../domain/identity/organization.entity.ts';
import type { User } from '../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { buildOrganization, buildUser, unique } from '../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let user: User;
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  user = await buildUser(api, { organization });
});
afterAll(() => api.stop());

describe('If-Match', () => {
  test('lets a change through on the version that was read, and stops the one that lost', async () => {
    const read = await api.get('/organization', user);
    const etag = String(read.headers.get('ETag'));
    const [first, second] = await Promise.all(
      ['North', 'South'].map((name) =>
        api.patch('/organization', user, { name }, { 'If-Match': etag }),
      ),
    );
    expect([first?.status, second?.status].sort()).toEqual([200, 412]);
    const winner = first?.status === 200 ? first : second;
    const now = await api.get('/organization', user);
    expect(now.body.name).toBe(winner?.body.name);
    expect(now.headers.get('ETag')).toBe(winner?.headers.get('ETag'));
    expect(now.headers.get('ETag')).not.toBe(etag);
  });

  test('is honoured where something is deleted', async () => {
    const group = await api.post('/groups', user, { name: unique('group') });
    const stale = String(group.headers.get('ETag'));
    await api.patch(`/groups/${group.body.id}`, user, { name: unique('group') });
    const refused = await api.delete(`/groups/${group.body.id}`, user, { 'If-Match': stale });
    expect(refused.status).toBe(412);
    expect((await api.get(`/groups/${group.body.id}`, user)).status).toBe(200);
  });

  test('a change that changes nothing keeps the version and records nothing', async () => {
    const before = await api.get('/organization', user);
    const count = () =>
      api.database.em
        .fork()
        .execute(`select count(*) from audit_events where organization_id = ?`, [organization.id]);
    const events = await count();
    const answer = await api.patch('/organization', user, {});
    expect(answer.headers.get('ETag')).toBe(before.headers.get('ETag'));
    expect(await count()).toEqual(events);
  });
});

describe('Idempotency-Key', () => {
  const groups = async (name: string) =>
    (await api.get(`/groups?query=${name}`, user)).body.page.total;

  test('gives the first answer again to the same request, and makes nothing twice', async () => {
    const name = unique('once');
    const key = { 'Idempotency-Key': unique('key') };
    const first = await api.post('/groups', user, { name }, key);
    const again = await api.post('/groups', user, { name }, key);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('Location')).toBe(first.headers.get('Location'));
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    expect(await groups(name)).toBe(1);
  });

  test('refuses another body, and is another key for another user or address', async () => {
    const key = { 'Idempotency-Key': unique('key') };
    const other = await buildUser(api, { organization });
    expect((await api.post('/groups', user, { name: unique('a') }, key)).status).toBe(201);
    const reused = await api.post('/groups', user, { name: unique('b') }, key);
    expect([reused.status, reused.body.code]).toEqual([409, 'idempotency-key-reused']);
    expect((await api.post('/groups', other, { name: unique('c') }, key)).status).toBe(201);
    const role = { name: unique('d'), permissions: {} };
    expect((await api.post('/roles', user, role, key)).status).toBe(201);
  });

  test('makes one of twenty requests that come at the same time', async () => {
    const name = unique('twenty');
    const key = { 'Idempotency-Key': unique('key') };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => api.post('/groups', user, { name }, key)),
    );
    const created = answers.filter(({ status }) => status === 201);
    const refused = answers.filter(({ status }) => status !== 201);
    expect(created.length).toBeGreaterThanOrEqual(1);
    expect(new Set(created.map(({ body }) => body.id)).size).toBe(1);
    for (const { status, body } of refused) {
      expect([status, body.code]).toEqual([409, 'idempotency-key-in-use']);
    }
    expect(await groups(name)).toBe(1);
  });

  test('is given back by a request that failed', async () => {
    const name = unique('taken');
    const key = { 'Idempotency-Key': unique('key') };
    const taken = await api.post('/groups', user, { name });
    expect((await api.post('/groups', user, { name }, key)).status).toBe(409);
    await api.delete(`/groups/${taken.body.id}`, user);
    expect((await api.post('/groups', user, { name }, key)).status).toBe(201);
  });

  test('is refused where it is no visible text of at most 255 characters', async () => {
    const answer = await api.post('/groups', user, { name: 'x' }, { 'Idempotency-Key': 'a b' });
    expect(answer.body.errors[0].pointer).toBe('!Idempotency-Key');
  });
});

test('HEAD answers as GET does, without the body', async () => {
  const init = { method: 'HEAD', headers: { Authorization: `Bearer ${await api.token(user)}` } };
  const head = await fetch(`${api.origin}/api/v1/organization`, init);
  const got = await api.get('/organization', user);
  expect([head.status, await head.text()]).toEqual([200, '']);
  expect(head.headers.get('ETag')).toBe(got.headers.get('ETag'));
  expect((await fetch(`${api.origin}/api/v1/nothing`, init)).status).toBe(404);
});
