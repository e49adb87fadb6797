/**
 * Every route and verb of the staff API, asked by everybody who must not be told anything by it. A new route
 * has to be put into the table.
 */
import type { User } from '../domain/identity/user.entity.ts';
import { newId } from '../domain/ids.ts';
import { startApi, type TestAnswer, type TestApi } from '../test/support/api.ts';
import {
  type Asker,
  type BorderWorld,
  buildBorderWorld,
  type IdName,
  type Ids,
  saidBy,
} from '../test/support/border-world.ts';
import { STAFF_TABLE, type StaffRow } from '../test/support/staff-table.ts';
import { STAFF_ROUTES } from './routes/staff-routes.ts';

let api: TestApi;
let world: BorderWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildBorderWorld(api);
});
afterAll(() => api.stop());

const rows = Object.entries(STAFF_TABLE).map(([route, row]) => {
  const [verb = '', path = ''] = route.split(' ');
  return { route, verb, path, row };
});
type Row = (typeof rows)[number];
const ofKind = (...kinds: StaffRow['is'][]) => rows.filter(({ row }) => kinds.includes(row.is));

test('every route is in the table, as what its path says', () => {
  const registered = STAFF_ROUTES.map(({ spec }) => `${spec.method.toUpperCase()} ${spec.path}`);
  expect(rows.map(({ route }) => route).toSorted()).toEqual(registered.toSorted());
  for (const { path, row } of rows) {
    expect([path, row.is === 'by id']).toEqual([path, path.includes('{')]);
  }
});

async function ask(verb: string, path: string, as: User, body: unknown): Promise<TestAnswer> {
  switch (verb) {
    case 'GET':
      return api.get(path, as);
    case 'HEAD': {
      const headers = { Authorization: `Bearer ${await api.token(as)}` };
      const address = `${api.origin}/api/v1${path}`;
      const answer = await fetch(address, { method: verb, headers });
      return { status: answer.status, headers: answer.headers, body: await answer.text() };
    }
    case 'POST':
      return api.post(path, as, body);
    case 'PUT':
      return api.put(path, as, body);
    case 'PATCH':
      return api.patch(path, as, body);
    case 'DELETE':
      return api.delete(path, as);
    default:
      throw new Error(`no test asks by ${verb}`);
  }
}

const parameters = (path: string) => [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
const pathWith = (path: string, ids: Partial<Ids>) =>
  path.replaceAll(/\{(\w+)\}/g, (_, name: IdName) => ids[name] ?? 'unnamed');

/** What somebody may name in a route: all of it another's, or one thing its own. */
function namedBy({ names, own }: Asker, { path }: Row): Ids[] {
  const foreign = { ...world.ids, ...names };
  const mixed = Object.entries(own).filter(([name]) => parameters(path).includes(name));
  if (parameters(path).length < 2) return [foreign];
  return [foreign, ...mixed.map(([name, id]) => ({ ...foreign, [name]: id }))];
}

/** The same ids, where those that are another's are nobody's. */
function missing(ids: Ids, { own }: Asker): Ids {
  const known = new Set(Object.values(own));
  return Object.fromEntries(
    Object.entries(ids).map(([name, id]) => [name, known.has(id) ? id : newId()]),
  ) as unknown as Ids;
}

/** How many events the organization's chain has, and how many begun readings there are. */
async function record(): Promise<unknown> {
  return api.database.em.fork().execute(
    `select (select count(*) from audit_events where organization_id = ?) as events,
       (select count(*) from content_sessions) as readings, (select count(*) from notifications) as mails`,
    [world.owner.organizationId],
  );
}

function expectNothingOf(answer: TestAnswer, asker: Asker, sent: readonly unknown[]): void {
  const said = saidBy(answer);
  const ids = Object.values(world.ids).filter((id) => !sent.includes(id));
  for (const secret of [...world.secrets, ...ids]) expect(said).not.toContain(secret);
  if (asker.who === 'another organization') expect(said).not.toContain(world.slug);
}

describe('what another organization has', () => {
  test.each(ofKind('by id'))('is not there: $route', async (row) => {
    const before = await record();
    for (const asker of world.askers) {
      for (const ids of namedBy(asker, row)) {
        const none = missing(ids, asker);
        const send = (verb: string, named: Ids) =>
          ask(verb, pathWith(row.path, named), asker.user, row.row.body?.(named));
        const [foreign, nobodys] = [await send(row.verb, ids), await send(row.verb, none)];
        expect([asker.who, foreign.status, foreign.body.code]).toEqual([
          asker.who,
          404,
          'not-found',
        ]);
        expect({ ...foreign.body, requestId: null }).toEqual({ ...nobodys.body, requestId: null });
        expectNothingOf(foreign, asker, Object.values(ids));
        if (row.verb !== 'GET') continue;
        const head = await send('HEAD', ids);
        expect([asker.who, head.status]).toEqual([asker.who, 404]);
      }
    }
    expect(await record()).toEqual(before);
  });

  test.each(ofKind('names'))('cannot be named: $route', async (row) => {
    const before = await record();
    for (const asker of world.askers) {
      const send = (ids: Ids) => ask(row.verb, row.path, asker.user, row.row.body?.(ids));
      const foreign = await send(world.ids);
      const nobodys = await send(missing(world.ids, asker));
      expect([asker.who, [404, 422].includes(foreign.status)]).toEqual([asker.who, true]);
      expect({ ...foreign.body, requestId: null }).toEqual({ ...nobodys.body, requestId: null });
      expectNothingOf(foreign, asker, []);
    }
    expect(await record()).toEqual(before);
  });

  test.each(ofKind('lists', 'own'))('is in no answer and in no count: $route', async (row) => {
    const before = await record();
    for (const asker of world.askers) {
      const answer = await ask(row.verb, row.path, asker.user, row.row.body?.(world.ids));
      const isOwnShare = row.path === '/shared-with-me' && asker.own.shareId !== undefined;
      if (isOwnShare) {
        expect(answer.body.page.total).toBe(1);
        expect(answer.body.data).toMatchObject([{ id: asker.own.shareId, evidenceCount: 1 }]);
        expect(saidBy(answer)).not.toContain(world.ids.shareId);
        continue;
      }
      expectNothingOf(answer, asker, []);
      if (row.row.is === 'lists' && !row.path.endsWith('.csv')) {
        expect([asker.who, answer.status]).toEqual([asker.who, 200]);
        expect(answer.body.page.total).toBe(answer.body.data.length);
      }
    }
    expect(await record()).toEqual(before);
  });

  test.each(rows)('is for nobody without a token: $route', async ({ verb, path, row }) => {
    const body =
      verb === 'POST' || verb === 'PATCH' || row.body !== undefined
        ? (row.body?.(world.ids) ?? {})
        : undefined;
    const answer = await fetch(`${api.origin}/api/v1${pathWith(path, world.ids)}`, {
      method: verb,
      ...(body === undefined
        ? {}
        : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) }),
    });
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'not-signed-in' }]);
  });
});

test('access to view shows a recipient its evidence, and gives it no file and nothing of the case', async () => {
  const { user, shareId } = world.viewer;
  const path = `/shared-with-me/${shareId}/evidence/${world.ids.evidenceId}`;
  const statuses = [];
  for (const rest of ['', '/preview', '/content']) {
    statuses.push((await api.get(`${path}${rest}`, user)).status);
  }
  expect(statuses).toEqual([200, 200, 403]);
  for (const row of ofKind('by id').filter(({ path: of }) => !of.startsWith('/shared-with-me'))) {
    const ids = { ...world.ids, shareId };
    const answer = await ask(row.verb, pathWith(row.path, ids), user, row.row.body?.(ids));
    expect([row.route, answer.status]).toEqual([row.route, 404]);
  }
});

/** Without these, a path that is wrong would pass as one that is refused. */
describe('whoever may, is let in', () => {
  const order = ['GET', 'PUT', 'PATCH', 'POST', 'DELETE'];
  const inOrder = ofKind('by id').toSorted(
    (one, other) => order.indexOf(one.verb) - order.indexOf(other.verb),
  );
  test.each(inOrder)('$route', async ({ verb, path, row }) => {
    const isReceived = path.startsWith('/shared-with-me');
    const as = isReceived ? world.recipient : world.owner;
    const answer = await ask(verb, pathWith(path, world.ids), as, row.body?.(world.ids));
    const possible = answer.status < 300 || answer.status === 409;
    expect([answer.status, possible, answer.status < 300 ? null : answer.body.code]).toEqual([
      answer.status,
      true,
      answer.status < 300
        ? null
        : expect.stringMatching(/wrong-state|in-use|parts-missing|already|protected/),
    ]);
  });
});
