/** What an API client may do, over every route that there is: its three calls, for its own portals. */
import { newId } from '../domain/ids.ts';
import { API_SCOPES } from '../domain/integration/api-client.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import {
  accessTokenOf,
  askForToken,
  buildApiClient,
  buildIntegration,
  callAs,
  type TestApiClient,
} from '../test/support/api-clients.ts';
import { type BorderWorld, buildBorderWorld, saidBy } from '../test/support/border-world.ts';
import { OPENED_BY } from '../test/support/page-table.ts';
import { STAFF_TABLE } from '../test/support/staff-table.ts';
import { CLIENT_ROUTES } from './integration/incident-reports.ts';

/** Every call of external systems, with a body that is valid. */
const CALLS = {
  'POST /incident-report': { scope: 'incident-report:create', body: { title: 'A report' } },
  'PATCH /incident-report/{portalId}': {
    scope: 'incident-report:update',
    body: { title: 'Another title' },
  },
  'POST /incident-report/{portalId}/invite-link': {
    scope: 'incident-report:invite',
    body: { communityMember: { firstName: 'Robin' } },
  },
} as const;
type Call = (typeof CALLS)[keyof typeof CALLS];
const calls = Object.entries(CALLS);

let api: TestApi;
let world: BorderWorld;
let client: TestApiClient;
let token: string;
let portalId: string;
beforeAll(async () => {
  api = await startApi();
  world = await buildBorderWorld(api);
  await api.put('/settings/incident-report-integration', world.owner, {
    requestOwnerId: world.owner.id,
    evidenceOwnerId: world.owner.id,
  });
  client = await buildApiClient(api, world.owner);
  token = await accessTokenOf(api, client);
  portalId = (await callAs(api, token, 'post', '', {})).body.portalId;
});
afterAll(() => api.stop());

async function ask(as: string, route: string, body: object, portal: string) {
  const [verb = '', path = ''] = route.split(' ');
  const address = path.replace('/incident-report', '').replace('{portalId}', portal);
  return callAs(api, as, verb === 'PATCH' ? 'patch' : 'post', address, body);
}

/** How much there is of everything, but for the record of refusals. */
async function counts(): Promise<unknown> {
  return api.database.em.fork().execute(
    `select (select count(*) from portals) as portals, (select count(*) from invites) as invites,
       (select sum(version) from portals) as versions, (select count(*) from cases) as cases,
       (select count(*) from users) as users, (select count(*) from shares) as shares,
       (select count(*) from audit_events where content::json ->> 'outcome' <> 'refused'
         and action <> 'api_client.token_issued') as events`,
  );
}

test('every call is in the table, and each has a scope of its own', () => {
  const registered = CLIENT_ROUTES.map(({ spec }) => [
    `${spec.method.toUpperCase()} ${spec.path}`,
    spec.scope,
  ]);
  expect(calls.map(([route, { scope }]) => [route, scope])).toEqual(registered);
  expect(calls.map(([, { scope }]) => scope).toSorted()).toEqual([...API_SCOPES].toSorted());
});

describe('with its token', () => {
  test.each(calls)('its own is let in: %s', async (route, { body }) => {
    expect((await ask(token, route, body, portalId)).status).toBeLessThan(300);
  });

  test.each(Object.entries(STAFF_TABLE))('nothing of staff: %s', async (route, { body }) => {
    const [verb = '', path = ''] = route.split(' ');
    const ids: Readonly<Record<string, string>> = world.ids;
    const address = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? portalId);
    const before = await counts();
    const sent = body?.(world.ids);
    const answer = await fetch(`${api.origin}/api/v1${address}`, {
      method: verb,
      headers: {
        Authorization: `Bearer ${token}`,
        ...(sent === undefined ? {} : { 'Content-Type': 'application/json' }),
      },
      ...(sent === undefined ? {} : { body: JSON.stringify(sent) }),
    });
    const problem = await answer.json();
    expect([answer.status, problem]).toMatchObject([403, { code: 'permission-missing' }]);
    for (const secret of world.secrets) expect(JSON.stringify(problem)).not.toContain(secret);
    expect(await counts()).toEqual(before);
  });

  test.each(
    Object.entries(OPENED_BY).flatMap(([by, routes]) =>
      by === 'nothing' ? [] : routes.map((route) => [route]),
    ),
  )('nothing of guests and recipients: %s', async (route) => {
    const [verb = '', path = ''] = route.split(' ');
    const ids: Readonly<Record<string, string>> = {
      ...world.ids,
      ...{ requestId: world.request.id, inviteId: world.invite.id },
    };
    const address = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? 'unnamed');
    const send = async (headers: Record<string, string>) => {
      const answer = await fetch(`${api.origin}${address}`, {
        ...{ method: verb, redirect: 'manual', headers },
      });
      return [answer.status, (await answer.text()).replace(/"requestId":"[^"]*"/, '')];
    };
    const before = await counts();
    expect(await send({ Authorization: `Bearer ${token}` })).toEqual(await send({}));
    expect(await counts()).toEqual(before);
  });

  test('what it is refused is on record, as its own', async () => {
    await api.get('/cases', null, { Authorization: `Bearer ${token}` });
    const events = await api.database.em.fork().execute<{ content: string }[]>(
      `select content from audit_events where action = 'api_client.refused' and objects @> array[?::uuid]
       order by sequence desc limit 1`,
      [client.id],
    );
    expect(JSON.parse(events[0]?.content ?? '{}')).toMatchObject({
      actor: { kind: 'api_client', id: client.id },
      outcome: 'refused',
      data: { route: '/api/v1/cases', method: 'GET' },
    });
  });
});

describe.each(calls.filter(([route]) => route.includes('{portalId}')))('%s', (route, { body }) => {
  test('takes a portal of another client, of staff or of another organization for none', async () => {
    const sibling = await accessTokenOf(api, await buildApiClient(api, world.owner));
    const stranger = await accessTokenOf(api, await buildIntegration(api));
    const staffs = String(world.invite.portal.id);
    const before = await counts();
    for (const [as, portal] of [
      [sibling, portalId],
      [stranger, portalId],
      [token, staffs],
    ] as const) {
      const foreign = await ask(as, route, body, portal);
      const nobodys = await ask(as, route, body, newId());
      expect([foreign.status, foreign.body.code]).toEqual([404, 'not-found']);
      expect({ ...foreign.body, requestId: null }).toEqual({ ...nobodys.body, requestId: null });
      for (const secret of world.secrets) expect(saidBy(foreign)).not.toContain(secret);
    }
    expect(await counts()).toEqual(before);
  });
});

describe.each(calls)('%s', (route, { body, scope }: Call) => {
  test('is for clients only, with its scope', async () => {
    const others = API_SCOPES.filter((one) => one !== scope);
    const narrow = async (wanted: string) => {
      const form = { grant_type: 'client_credentials', client_id: client.id, scope: wanted };
      return (await askForToken(api, { ...form, client_secret: client.secret })).body.access_token;
    };
    expect((await ask(await narrow(scope), route, body, portalId)).status).toBeLessThan(300);
    const before = await counts();
    const refused = await ask(await narrow(others.join(' ')), route, body, portalId);
    expect([refused.status, refused.body.missing]).toEqual([403, [scope]]);
    for (const as of [await api.token(world.owner), 'x', token.replace(/./, '_')]) {
      expect((await ask(as, route, body, portalId)).status).toBe(401);
    }
    expect(await counts()).toEqual(before);
  });
});
