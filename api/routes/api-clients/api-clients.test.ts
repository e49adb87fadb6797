import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  accessTokenOf,
  askForToken,
  buildIntegration,
  callAs,
  type TestApiClient,
} from '../../../test/support/api-clients.ts';
import {
  buildOrganization,
  buildUser,
  buildUserWith,
  unique,
} from '../../../test/support/factories.ts';

let api: TestApi;
let client: TestApiClient;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  client = await buildIntegration(api);
});
afterAll(() => api.stop());

const path = () => `/api-clients/${client.id}`;
const tokenStatus = async (secret: string) => {
  const form = { grant_type: 'client_credentials', client_id: client.id, client_secret: secret };
  return (await askForToken(api, form)).status;
};
const call = async (token: string) => (await callAs(api, token, 'post', '', {})).status;

describe('an API client', () => {
  test('shows its ids and scopes whenever it is read, and its secret never again', async () => {
    const { administrator: as } = client;
    const key = { 'Idempotency-Key': unique('key') };
    const made = await api.post('/api-clients', as, { name: 'Reports' }, key);
    expect(made.status).toBe(201);
    const { clientSecret, ...shown } = made.body;
    expect(clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(shown).toMatchObject({
      name: 'Reports',
      clientId: shown.id,
      partnerId: as.organizationId,
      scopes: ['incident-report:create', 'incident-report:update', 'incident-report:invite'],
      secrets: [{ lastUsedAt: null }],
      createdBy: { id: as.id },
    });
    expect((await api.get(`/api-clients/${shown.id}`, as)).body).toEqual(shown);
    const again = await api.post('/api-clients', as, { name: 'Reports' }, key);
    expect([again.status, again.body]).toEqual([201, shown]);
    const list = await api.get('/api-clients', as);
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([client.id, shown.id]);
  });

  test('is renamed, on top of what was read', async () => {
    const { administrator: as } = client;
    const etag = (await api.get(path(), as)).headers.get('ETag') ?? '';
    const renamed = await api.patch(path(), as, { name: 'Tip line' }, { 'If-Match': etag });
    expect([renamed.status, renamed.body.name]).toEqual([200, 'Tip line']);
    const late = await api.patch(path(), as, { name: 'Late' }, { 'If-Match': etag });
    expect(late.status).toBe(412);
    expect((await api.patch(path(), as, {})).body).toEqual(renamed.body);
  });

  test('has two secrets while one replaces the other, and each dies with its tokens', async () => {
    const { administrator: as } = client;
    const old = await accessTokenOf(api, client);
    const second = await api.post(`${path()}/secrets`, as, {});
    expect(second.status).toBe(201);
    expect([await tokenStatus(client.secret), await tokenStatus(second.body.clientSecret)]).toEqual(
      [200, 200],
    );
    const third = await api.post(`${path()}/secrets`, as, {});
    expect([third.status, third.body.code]).toEqual([409, 'wrong-state']);
    const first = `${path()}/secrets/${client.secretId}`;
    expect((await api.delete(first, as)).status).toBe(204);
    expect(await call(old)).toBe(401);
    expect(await tokenStatus(client.secret)).toBe(401);
    expect(await tokenStatus(second.body.clientSecret)).toBe(200);
    expect((await api.delete(first, as)).status).toBe(404);
    const { secrets } = (await api.get(path(), as)).body;
    expect(secrets).toEqual([expect.objectContaining({ id: second.body.id })]);
    expect(secrets[0].lastUsedAt).not.toBeNull();
  });

  test('that is deleted opens nothing from its next call on', async () => {
    const { administrator: as } = client;
    const token = await accessTokenOf(api, client);
    expect(await call(token)).toBe(201);
    expect((await api.delete(path(), as)).status).toBe(204);
    expect(await call(token)).toBe(401);
    expect(await tokenStatus(client.secret)).toBe(401);
    for (const answer of [
      await api.get(path(), as),
      await api.patch(path(), as, { name: 'x' }),
      await api.delete(path(), as),
      await api.post(`${path()}/secrets`, as, {}),
    ]) {
      expect(answer.status).toBe(404);
    }
    expect((await api.get('/api-clients', as)).body.data).toEqual([]);
  });

  test('leaves a record of everything that became of it', async () => {
    const { administrator: as } = client;
    await api.patch(path(), as, { name: 'Renamed' });
    const { body } = await api.post(`${path()}/secrets`, as, {});
    await api.delete(`${path()}/secrets/${body.id}`, as);
    await accessTokenOf(api, client);
    await api.delete(path(), as);
    const events = await api.database.em
      .fork()
      .execute<{ action: string }[]>(
        `select action from audit_events where objects @> array[?::uuid] order by sequence`,
        [client.id],
      );
    expect(events.map(({ action }) => action.replace('api_client.', ''))).toEqual([
      ...['created', 'changed', 'secret_added', 'secret_removed', 'token_issued', 'deleted'],
    ]);
  });

  test('is nobody’s who may not administer clients, and takes the feature', async () => {
    const clerk = await buildUserWith(api, { id: client.administrator.organizationId }, {});
    for (const answer of [
      await api.get('/api-clients', clerk),
      await api.get(path(), clerk),
      await api.post('/api-clients', clerk, { name: 'x' }),
      await api.delete(path(), clerk),
    ]) {
      expect([answer.status, answer.body.missing]).toEqual([403, ['admin.apiClients']]);
    }
    const organization = await buildOrganization(api, { features: ['communityRequest'] });
    const without = await buildUser(api, { organization });
    const refused = await api.post('/api-clients', without, { name: 'x' });
    expect([refused.status, refused.body.missing]).toEqual([403, ['communityRequestPlus']]);
  });
});
