/** The links of an upload request: what they show, what they open, and what they mail. */
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventsOf } from '../../../test/support/events.ts';
import { openLink } from '../../../test/support/links.ts';
import {
  buildGuest,
  buildRequest,
  requestPath,
  type TestRequest,
} from '../../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function page(path: string, init: RequestInit = {}) {
  const response = await fetch(`${api.origin}${path}`, { redirect: 'manual', ...init });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const post = (path: string, body = '') =>
  page(path, {
    method: 'POST',
    ...(body === ''
      ? {}
      : { body, headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }),
  });

async function close(request: TestRequest): Promise<void> {
  expect((await api.post(`/upload-requests/${request.id}/close`, request.sender)).status).toBe(200);
}

/** Everything that a look at a link might change. */
async function state(): Promise<unknown> {
  const [row] = await api.database.em.fork().execute(
    `select (select json_agg(r order by r.id) from upload_requests r) as requests,
       (select json_agg(l order by l.request_id, l.generation) from upload_request_links l) as links,
       (select count(*) from request_sessions) as sessions, (select json_agg(l order by l.workflow_id)
       from lifecycles l) as lives, (select count(*) from notifications) as mails,
       (select count(*) from rate_limits) as limits, (select count(*) from audit_events) as events`,
  );
  return row;
}

async function generation(request: TestRequest): Promise<{ link: number; sending: number }> {
  const [row] = await api.database.em
    .fork()
    .execute<{ link: number; sending: number }[]>(
      'select link_generation as link, sending from upload_requests where id = ?',
      [request.id],
    );
  if (row === undefined) throw new Error('no such request');
  return row;
}

test('a link that lives shows who asks, a button, and nothing of the case', async () => {
  const request = await buildRequest(api);
  const { status, text, headers } = await page(requestPath(api, request.id));
  expect(status).toBe(200);
  expect(text).toContain('Northfield Police asks you for evidence');
  expect(text).toContain('Open the upload page');
  for (const secret of [
    request.inCase.title,
    request.inCase.caseNumber,
    'P-4711',
    request.email,
    requestPath(api, request.id).slice(3),
  ]) {
    expect(text).not.toContain(secret);
  }
  expect(headers.get('Referrer-Policy')).toBe('no-referrer');
  expect(headers.get('Cache-Control')).toBe('no-store');
});

test('mail scanners change nothing, and the human still gets in', async () => {
  const request = await buildRequest(api);
  await close(await buildRequest(api));
  const path = requestPath(api, request.id);
  const before = await state();
  await page(path, { method: 'HEAD' });
  for (let times = 0; times < 5; times += 1) await page(path);
  expect(await state()).toEqual(before);
  await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
  const expired = await state();
  for (let times = 0; times < 5; times += 1) expect((await page(path)).status).toBe(410);
  expect(await state()).toEqual(expired);
  await alter(
    api,
    'upload_requests',
    request.id,
    `expires_at = clock_timestamp() + interval '1 day'`,
  );
  const opened = await post(path);
  expect([opened.status, opened.headers.get('Location')]).toEqual([303, `/requests/${request.id}`]);
});

test('the button opens the request alone, under an address without the token', async () => {
  const request = await buildRequest(api, { note: 'First line\nSecond <b>line</b>' });
  const cookie = await openLink(api, { path: requestPath(api, request.id) });
  expect(cookie).toMatch(new RegExp(`^cb-request-${request.id}=`));
  const opened = await page(`/requests/${request.id}`, { headers: { Cookie: cookie } });
  expect(opened.status).toBe(200);
  expect(opened.text).toContain('P-4711');
  expect(opened.text).toContain('First line<br>Second &lt;b&gt;line&lt;/b&gt;');
  expect((await page(`/requests/${request.id}`)).status).toBe(401);
  const again = await page(requestPath(api, request.id), {
    method: 'POST',
    headers: { Cookie: cookie },
  });
  expect([again.status, again.headers.get('Set-Cookie')]).toEqual([303, null]);
  expect(await eventsOf(api, request.id)).toEqual(['request.created', 'request.opened']);
});

test('a form of another site opens nothing', async () => {
  const request = await buildRequest(api);
  const answer = await page(requestPath(api, request.id), {
    method: 'POST',
    headers: { 'Sec-Fetch-Site': 'cross-site' },
  });
  expect([answer.status, answer.headers.get('Set-Cookie')]).toEqual([403, null]);
});

describe('a dead link has a page for its reason, with what helps', () => {
  test.each([
    ['expired', 'Access expired', 'Refresh Access'],
    ['superseded', 'A newer link has replaced this one', 'Refresh Access'],
    ['closed', 'This request is closed', 'Mail me the activity log'],
  ] as const)('%s', async (reason, heading, offer) => {
    const request = await buildRequest(api);
    const path = requestPath(api, request.id);
    const cookie = await openLink(api, { path });
    if (reason === 'expired') await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    else if (reason === 'closed') await close(request);
    else {
      await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
      await post(`${path}/refresh`);
    }
    for (const dead of [await page(path), await post(path)]) {
      expect(dead.status).toBe(410);
      expect(dead.text).toContain(heading);
      expect(dead.text).toContain(offer);
      expect(dead.text).not.toContain(request.inCase.title);
      expect(dead.text).not.toContain(path.slice(3));
    }
    const held = await page(`/requests/${request.id}`, { headers: { Cookie: cookie } });
    expect(held.status).toBe(410);
    expect(held.text).toContain(heading);
    const program = await page(path, { headers: { Accept: 'application/json' } });
    expect(JSON.parse(program.text)).toMatchObject({ code: 'link-dead', reason });
  });

  test('unknown', async () => {
    const path = `/u/${'x'.repeat(43)}`;
    for (const answer of [await page(path), await post(path), await page('/u/short')]) {
      expect(answer.status).toBe(404);
    }
  });
});

describe('Refresh Access', () => {
  const ask = async (path: string) => post(path, 'ask=refresh');

  test('answers the same for every link, known or not', async () => {
    const [open, expired, closed] = [
      await buildRequest(api),
      await buildRequest(api),
      await buildRequest(api),
    ];
    await alter(api, 'upload_requests', expired.id, JUST_EXPIRED);
    await close(closed);
    const paths = [open, expired, closed].map(({ id }) => requestPath(api, id));
    const answers = await Promise.all([...paths, `/u/${'y'.repeat(43)}`].map(ask));
    for (const { status, text } of answers) {
      expect([status, text]).toEqual([202, answers[0]?.text]);
    }
    expect(answers[0]?.text).toContain('Check your mail');
  });

  test('of a live link sends it again; of an expired one makes a new one, once in ten minutes', async () => {
    const request = await buildRequest(api);
    const path = requestPath(api, request.id);
    await ask(path);
    expect(await generation(request)).toEqual({ link: 1, sending: 2 });
    await ask(path);
    expect(await generation(request)).toEqual({ link: 1, sending: 2 });
    const past = `refreshed_at = refreshed_at - interval '10 minutes'`;
    await alter(api, 'upload_requests', request.id, `${JUST_EXPIRED}, ${past}`);
    await Promise.all([ask(path), ask(path), ask(path)]);
    expect(await generation(request)).toEqual({ link: 2, sending: 3 });
    expect((await page(requestPath(api, request.id, 2))).status).toBe(200);
    expect((await page(path)).text).toContain('A newer link has replaced this one');
    // The page of any earlier link may ask; the link that lives stays as it is.
    await alter(api, 'upload_requests', request.id, past);
    await ask(path);
    expect(await generation(request)).toEqual({ link: 2, sending: 4 });
  });

  test('of a closed request changes nothing', async () => {
    const request = await buildRequest(api);
    await close(request);
    const before = await generation(request);
    await ask(requestPath(api, request.id));
    expect(await generation(request)).toEqual(before);
  });

  test('is bounded for one address, whatever it asks about', async () => {
    const answers = [];
    for (let times = 0; times < 31; times += 1) answers.push(await ask(`/u/${'z'.repeat(43)}`));
    const last = answers.at(-1);
    expect([last?.status, last?.headers.get('Retry-After')]).toEqual([429, expect.any(String)]);
    await api.database.em.fork().execute('delete from rate_limits');
  });
});

test('a session lives on while its link is extended after it had expired', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
  expect((await guest.get()).status).toBe(410);
  const extended = await api.patch(`/upload-requests/${request.id}`, request.sender, {
    durationDays: 20,
  });
  expect([extended.status, extended.body.expired]).toEqual([200, false]);
  expect((await guest.get()).body.state).toBe('open');
});
