/**
 * What mail scanners do to links before a human sees them: HEAD, several GETs, a headless browser that
 * stays a while. On every link of trusted upload, in every state.
 */
import type { Browser } from 'playwright-core';
import type { TestApi } from '../support/api.ts';
import { type PagesWorld, startPages } from '../support/pages.ts';
import { logLinkPath } from '../support/request-log.ts';
import { buildRequest, requestPath, type TestRequest } from '../support/requests.ts';
import { alter, JUST_EXPIRED } from '../support/rows.ts';

let pages: PagesWorld;
let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  pages = await startPages();
  ({ api, browser } = pages);
});
afterAll(() => pages.stop());

/** Everything that opening a link might change. */
async function state(): Promise<unknown> {
  const [row] = await api.database.em.fork().execute(
    `select (select json_agg(r order by r.id) from upload_requests r) as requests,
       (select json_agg(l order by l.request_id, l.generation) from upload_request_links l) as links,
       (select json_agg(l order by l.id) from activity_log_links l) as log_links,
       (select json_agg(l order by l.workflow_id) from lifecycles l) as lives,
       (select count(*) from request_sessions) as sessions, (select count(*) from notifications) as mails,
       (select count(*) from rate_limits) as limits, (select count(*) from audit_events) as events`,
  );
  return row;
}

const close = (request: TestRequest) =>
  api.post(`/upload-requests/${request.id}/close`, request.sender);

/** Each kind of link: how it comes to be as it is, what it answers, and what the human's button does. */
const LINKS: Readonly<
  Record<string, (request: TestRequest) => Promise<{ path: string; status: number; to: RegExp }>>
> = {
  'of an open request': async ({ id }) => ({
    path: requestPath(api, id),
    status: 200,
    to: /\/requests\/[^/]+$/,
  }),
  'that has expired': async ({ id }) => {
    await alter(api, 'upload_requests', id, JUST_EXPIRED);
    return { path: requestPath(api, id), status: 410, to: /\/u\/[^/]+$/ };
  },
  'that another has replaced': async ({ id }) => {
    await alter(api, 'upload_requests', id, 'link_generation = 2');
    return { path: requestPath(api, id), status: 410, to: /\/u\/[^/]+$/ };
  },
  'of a closed request': async (request) => {
    await close(request);
    return { path: requestPath(api, request.id), status: 410, to: /\/u\/[^/]+$/ };
  },
  'to the log of a closed request': async (request) => {
    await close(request);
    const path = await logLinkPath(api, request.id);
    return { path, status: 200, to: /\/requests\/[^/]+\/activity-log$/ };
  },
};

test.each(Object.keys(LINKS))(
  'a link %s: looking changes nothing, and the human still gets in',
  async (kind) => {
    const request = await buildRequest(api);
    const prepared = await LINKS[kind]?.(request);
    if (prepared === undefined) throw new Error(`no link ${kind}`);
    const address = `${api.origin}${prepared.path}`;
    const before = await state();

    expect((await fetch(address, { method: 'HEAD' })).status).toBe(prepared.status);
    for (let times = 0; times < 5; times += 1) {
      const looked = await fetch(address);
      await looked.text();
      expect([looked.status, looked.headers.get('Set-Cookie')]).toEqual([prepared.status, null]);
    }
    const scanner = await browser.newContext();
    const page = await scanner.newPage();
    await page.goto(address);
    await page.waitForLoadState('networkidle');
    await page.mouse.move(200, 200);
    expect(await scanner.cookies()).toEqual([]);
    await scanner.close();
    expect(await state()).toEqual(before);

    const human = await browser.newContext();
    const own = await human.newPage();
    await own.goto(address);
    await own.locator('form button').click();
    await own.waitForURL(prepared.to);
    await own.locator('h1').waitFor();
    expect(await state()).not.toEqual(before);
    await human.close();
  },
);
