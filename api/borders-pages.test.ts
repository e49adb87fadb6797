/**
 * Every page and every call without a staff token, asked with what opens something else: another's sign-in,
 * the cookie of another link. A new address has to be put into the table.
 */
import type Router from '@koa/router';
import type { User } from '../domain/identity/user.entity.ts';
import { newId } from '../domain/ids.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import {
  type BorderWorld,
  buildBorderWorld,
  CANARY,
  signedInCookie,
} from '../test/support/border-world.ts';
import { unique } from '../test/support/factories.ts';
import { buildLink, openLink } from '../test/support/links.ts';
import { EVIDENCE, GUEST, MEMBER, OPENED_BY } from '../test/support/page-table.ts';
import { buildInvite } from '../test/support/portals.ts';
import { buildRequest, requestPath } from '../test/support/requests.ts';
import { guestRouter } from './guest/guest-router.ts';
import { publicPages } from './pages/public-pages.ts';
import { developmentRoutes } from './routes/development/development.ts';
import { documentation } from './routes/documentation/documentation.ts';
import { healthRoutes } from './routes/health/health.ts';
import { STAFF_ROUTES } from './routes/staff-routes.ts';

let api: TestApi;
let world: BorderWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildBorderWorld(api);
});
afterAll(() => api.stop());

function routesOf(router: Router): string[] {
  return router.stack.flatMap(({ methods, path }) =>
    methods.filter((verb) => verb !== 'HEAD').map((verb) => `${verb} ${String(path)}`),
  );
}

test('every address is in the table', () => {
  const routers = [
    publicPages(api.deps),
    guestRouter(api.deps),
    healthRoutes(api.deps),
    documentation(STAFF_ROUTES),
    developmentRoutes(api.deps),
  ];
  const table: readonly string[] = Object.values(OPENED_BY).flat();
  expect(table.toSorted()).toEqual(routers.flatMap(routesOf).toSorted());
});

interface Said {
  readonly status: number;
  readonly text: string;
}

/** Headers that differ from answer to answer. */
const OF_THIS_ANSWER = ['date', 'x-request-id'];

/** Asks as a browser would, by every verb that the route takes. */
async function ask(
  route: string,
  ids: Readonly<Record<string, string>>,
  cookie: string,
): Promise<Said> {
  const [verb = '', path = ''] = route.split(' ');
  const address = path.replaceAll(/:(\w+)/g, (_, name: string) => ids[name] ?? 'unnamed');
  const bodies = verb === 'POST' && path.startsWith('/guest') ? bodyOf(path) : null;
  const response = await fetch(`${api.origin}${address}`, {
    method: verb,
    redirect: 'manual',
    headers: {
      Cookie: cookie,
      ...(bodies === null ? {} : { 'Content-Type': 'application/json' }),
    },
    ...(bodies === null ? {} : { body: JSON.stringify(bodies) }),
  });
  const headers = [...response.headers].filter(([name]) => !OF_THIS_ANSWER.includes(name));
  const text = (await response.text()).replace(/"requestId":"[^"]*"/, '');
  return { status: response.status, text: `${JSON.stringify(headers)}${text}` };
}

function bodyOf(path: string): object {
  if (path.endsWith('/uploads')) return { fileName: 'a.mp4', size: 1 };
  return path.endsWith('/part-urls') ? { partNumbers: [1] } : {};
}

function expectNothing({ text }: Said): void {
  for (const secret of [...world.secrets, world.slug]) expect(text).not.toContain(secret);
}

/** How much is on record of the organization. */
async function record(): Promise<unknown> {
  return api.database.em.fork().execute(
    `select (select count(*) from audit_events where organization_id = ?) as events,
       (select count(*) from uploads) as uploads, (select count(*) from download_sessions) as sessions,
       (select count(*) from sensitive_acceptances) as acceptances`,
    [world.owner.organizationId],
  );
}

const cookies = new Map<string, Promise<string>>();
function cookieOf(user: User): Promise<string> {
  const cookie = cookies.get(user.id) ?? signedInCookie(api, user);
  cookies.set(user.id, cookie);
  return cookie;
}

describe('the sign-in of somebody else', () => {
  test.each(OPENED_BY['sign-in'].filter((route) => route.includes(':')))('%s', async (route) => {
    const before = await record();
    for (const { who, user, names, own, grant } of world.askers) {
      const cookie = await cookieOf(user);
      const statusOf: number = grant === 'none' ? 404 : 410;
      const foreign = await ask(route, { ...world.ids, ...names }, cookie);
      expect([who, foreign.status]).toEqual([who, statusOf]);
      expectNothing(foreign);
      if (own.shareId !== undefined && route.includes(':evidenceId')) {
        const mixed = await ask(route, { ...world.ids, shareId: own.shareId }, cookie);
        expect([who, mixed.status]).toEqual([who, 404]);
        expectNothing(mixed);
      }
      if (grant !== 'none') continue;
      const nobodys = await ask(route, { shareId: newId(), evidenceId: newId() }, cookie);
      expect([nobodys.status, nobodys.text]).toEqual([404, foreign.text]);
    }
    expect(await record()).toEqual(before);
  });

  test('lists nothing that is given to another', async () => {
    for (const { who, user, own } of world.askers) {
      const list = await ask('GET /access', {}, await cookieOf(user));
      const isOwn = own.shareId !== undefined;
      expect([who, list.status, list.text.includes(CANARY)]).toEqual([who, 200, isOwn]);
      expect(list.text).not.toContain(world.ids.shareId);
      if (isOwn) expect(list.text).toContain('1 case<');
      else expect(list.text).toContain('No partner gives you access');
    }
  });
});

describe('the cookie of another link', () => {
  test.each(OPENED_BY.link)('%s', async (route) => {
    const other = await buildLink(api);
    const cookie = await openLink(api, other);
    const { shareId } = world.link;
    const before = await record();
    const ids = { shareId, fileName: 'package.zip' };
    const forged = cookie.replace(other.shareId, shareId);
    for (const held of [cookie, forged, await cookieOf(world.recipient)]) {
      const foreign = await ask(route, ids, held);
      const nobodys = await ask(route, { ...ids, shareId: newId() }, held);
      expect([foreign.status, nobodys.status]).toEqual([401, 401]);
      expectNothing(foreign);
    }
    expect(await record()).toEqual(before);
  });

  test.each([...OPENED_BY.request, ...OPENED_BY.log])('%s', async (route) => {
    const other = await buildRequest(api);
    const cookie = await openLink(api, { path: requestPath(api, other.id) });
    const ids = { ...world.ids, requestId: world.request.id };
    const before = await record();
    for (const held of [cookie, cookie.replace(other.id, world.request.id)]) {
      const foreign = await ask(route, ids, held);
      expect(foreign.status).toBe(401);
      expectNothing(foreign);
    }
    if (route.includes(':uploadId')) {
      const mixed = await ask(route, { ...ids, requestId: other.id }, cookie);
      expect(mixed.status).toBe(404);
      expectNothing(mixed);
    }
    expect(await record()).toEqual(before);
  });
});

test.each(OPENED_BY.invite)('the cookie of another invite: %s', async (route) => {
  const other = await buildInvite(api);
  const cookie = await openLink(api, other);
  const ids = { ...world.ids, inviteId: world.invite.id };
  const before = await record();
  for (const held of [cookie, cookie.replace(other.id, world.invite.id)]) {
    const foreign = await ask(route, ids, held);
    expect(foreign.status).toBe(401);
    expectNothing(foreign);
  }
  if (route.includes(':uploadId')) {
    const mixed = await ask(route, { ...ids, inviteId: other.id }, cookie);
    expect(mixed.status).toBe(404);
    expectNothing(mixed);
  }
  expect(await record()).toEqual(before);
});

/** Without these, an address that is wrong would pass as one that is refused. */
describe('whoever may, is let in', () => {
  test('a recipient that may view has a preview and no file', async () => {
    const { user, shareId } = world.viewer;
    const ids = { ...world.ids, shareId };
    const cookie = await cookieOf(user);
    const statuses = [];
    for (const rest of ['', '/preview', '/content']) {
      statuses.push((await ask(`GET ${EVIDENCE}${rest}`, ids, cookie)).status);
    }
    expect(statuses).toEqual([200, 200, 403]);
  });

  test.each(OPENED_BY['sign-in'])('%s', async (route) => {
    const said = await ask(route, world.ids, await cookieOf(world.recipient));
    expect(said.status).toBe(route.startsWith('POST') ? 303 : 200);
  });

  test.each(OPENED_BY.link)('%s', async (route) => {
    const { shareId } = world.link;
    const cookie = await openLink(api, world.link);
    const page = await ask('GET /shared/:shareId', { shareId }, cookie);
    const fileName = /\/package\/([^"]+)"/.exec(page.text)?.[1] ?? '';
    expect((await ask(route, { shareId, fileName }, cookie)).status).toBe(200);
  });

  test.each([...OPENED_BY.request, ...OPENED_BY.log])('%s', async (route) => {
    const { id: requestId } = world.request;
    const cookie = await openLink(api, { path: requestPath(api, requestId) });
    const begun = await ask(`POST ${GUEST}/uploads`, { requestId }, cookie);
    const uploadId = /"id":"([^"]*)"/.exec(begun.text)?.[1] ?? '';
    const said = await ask(route, { requestId, uploadId }, cookie);
    // Nothing was sent: there is nothing to complete.
    expect(said.status < 300 || said.text.includes('parts-missing')).toBe(true);
  });

  test.each(OPENED_BY.invite)('%s', async (route) => {
    const { id: inviteId, path } = world.invite;
    const cookie = await openLink(api, { path });
    const begun = await ask(`POST ${MEMBER}/uploads`, { inviteId }, cookie);
    const uploadId = /"id":"([^"]*)"/.exec(begun.text)?.[1] ?? '';
    const said = await ask(route, { inviteId, uploadId }, cookie);
    // Nothing was sent: there is nothing to complete, and nothing to hand in.
    const isTooEarly = /parts-missing|wrong-state|nothing was handed in/.test(said.text);
    expect(said.status < 300 || isTooEarly).toBe(true);
  });
});

test.each(Object.entries(OPENED_BY).flatMap(([by, routes]) => routes.map((route) => [by, route])))(
  'without a %s, %s says nothing',
  async (by, route) => {
    const ids = {
      ...world.ids,
      shareId: by === 'link' ? world.link.shareId : world.ids.shareId,
      requestId: world.request.id,
      inviteId: world.invite.id,
      token: unique('x').padEnd(43, 'x'),
      fileName: 'package.zip',
    };
    const said = await ask(route, ids, '');
    expectNothing(said);
    if (by === 'nothing') return;
    // The answer to who asks for a mail is the same whatever the link is.
    const asks = /\/(refresh|activity-log)$/.test(route) && by === 'token';
    expect(said.status).toBe(by === 'token' ? (asks ? 202 : 404) : 401);
  },
);
