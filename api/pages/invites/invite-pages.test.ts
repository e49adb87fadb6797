/** The pages of invites: opening a link, looking at it, and links that open nothing any more. */
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventsOf } from '../../../test/support/events.ts';
import { buildCase, buildUser, unique } from '../../../test/support/factories.ts';
import { openLink } from '../../../test/support/links.ts';
import { buildInvite, buildInviteGuest, type TestInvite } from '../../../test/support/portals.ts';
import { guestUpload } from '../../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';
import { verifyNow } from '../../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function page(path: string, options: RequestInit = {}) {
  const response = await fetch(`${api.origin}${path}`, { redirect: 'manual', ...options });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/** Everything that opening a link changes. */
async function traces({ id, portal }: TestInvite) {
  const em = api.database.em.fork();
  return {
    events: await eventsOf(api, portal.id),
    rows: await em.execute(
      `select i.version, i.spent_at, (select count(*) from invite_sessions s where s.invite_id = i.id) as sessions,
         (select wanted from lifecycles l where l.entity_id = i.id and l.kind = 'portal-invite') as wanted
       from invites i where i.id = ?`,
      [id],
    ),
  };
}

async function handedIn(): Promise<{ invite: TestInvite; cookie: string }> {
  const invite = await buildInvite(api, { title: 'The old mill' });
  const member = await buildInviteGuest(api, invite);
  await guestUpload(member, Buffer.from(unique('x')), 'gate <1>.jpg');
  await verifyNow(api, invite.id);
  const { status } = await member.post('/submission');
  if (status !== 201) throw new Error(`not handed in: ${status}`);
  return { invite, cookie: member.cookie };
}

test('whoever only looks changes nothing, however often', async () => {
  const invite = await buildInvite(api, { kind: 'public' });
  const before = await traces(invite);
  for (let times = 0; times < 5; times += 1) {
    for (const method of ['GET', 'HEAD']) {
      for (const path of [invite.path, String(invite.portal.path)]) {
        const seen = await page(path, { method });
        expect([seen.status, seen.headers.get('Set-Cookie')]).toEqual([200, null]);
      }
    }
  }
  expect(await traces(invite)).toEqual(before);
});

test('opening a link leads to an address without its token, and once in a browser is enough', async () => {
  const invite = await buildInvite(api, { title: 'The old mill', description: 'Videos, please.' });
  const before = await page(invite.path);
  expect(before.text).toContain('Northfield Police');
  expect(before.text).not.toContain('The old mill');
  const opened = await page(invite.path, { method: 'POST' });
  expect([opened.status, opened.headers.get('Location')]).toEqual([303, `/invites/${invite.id}`]);
  const cookie = (opened.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
  expect(opened.headers.get('Set-Cookie')).toContain('HttpOnly');
  const again = await page(invite.path, { method: 'POST', headers: { Cookie: cookie } });
  expect([again.status, again.headers.get('Set-Cookie')]).toEqual([303, null]);
  expect((await eventsOf(api, invite.id)).filter((one) => one === 'invite.opened')).toHaveLength(1);
  const inside = await page(`/invites/${invite.id}`, { headers: { Cookie: cookie } });
  expect(inside.status).toBe(200);
  expect(inside.text).toContain('The old mill');
  expect(inside.text).toContain('Videos, please.');
  expect(inside.text).not.toContain(invite.path.slice(3));
  expect(inside.headers.get('Content-Security-Policy')).toMatch(/default-src 'none'/);
});

test('a page of another site opens nothing', async () => {
  const invite = await buildInvite(api);
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  expect((await page(invite.path, { method: 'POST', headers })).status).toBe(403);
  expect(await eventsOf(api, invite.id)).not.toContain('invite.opened');
});

describe('a dead link', () => {
  const kill = {
    expired: async ({ id }: TestInvite) => alter(api, 'invites', id, JUST_EXPIRED),
    superseded: async ({ id }: TestInvite) =>
      alter(api, 'invites', id, 'link_generation = link_generation + 1'),
    closed: async ({ portal }: TestInvite) =>
      alter(api, 'portals', portal.id, 'closed_at = clock_timestamp()'),
    used_up: async ({ id }: TestInvite) =>
      alter(api, 'invites', id, 'spent_at = clock_timestamp()'),
  } as const;

  test.each(Object.keys(kill) as (keyof typeof kill)[])(
    'that is %s has a page that says so, and nothing of the portal',
    async (state) => {
      const owner = await buildUser(api);
      const inCase = await buildCase(api, { owner });
      const invite = await buildInvite(api, {
        ...{ owner, caseId: inCase.id, title: 'The old mill', reportId: 'R-17' },
      });
      const member = await buildInviteGuest(api, invite);
      await kill[state](invite);
      const texts = [];
      for (const method of ['GET', 'POST']) {
        const dead = await page(invite.path, { method });
        expect([method, dead.status, dead.headers.get('Set-Cookie')]).toEqual([method, 410, null]);
        texts.push(dead.text);
        const told = await page(invite.path, { method, headers: { Accept: 'application/json' } });
        expect(JSON.parse(told.text)).toMatchObject({ code: 'link-dead', reason: state });
      }
      expect(texts.join('')).not.toMatch(new RegExp(`old mill|R-17|${inCase.caseNumber}`));
      const session = await page(`/invites/${invite.id}`, { headers: { Cookie: member.cookie } });
      expect(session.status).toBe(410);
      expect((await member.get()).body.reason).toBe(state);
      expect(await eventsOf(api, invite.id)).toContain('invite.refused');
    },
  );

  test('that nobody knows, and a page without a session, say nothing', async () => {
    expect((await page(`/i/${'x'.repeat(43)}`)).status).toBe(404);
    expect((await page(`/i/${'x'.repeat(43)}`, { method: 'POST' })).status).toBe(404);
    const invite = await buildInvite(api, { title: 'The old mill' });
    const stranger = await page(`/invites/${invite.id}`);
    expect(stranger.status).toBe(401);
    expect(stranger.text).not.toContain('mill');
  });
});

describe('the receipt', () => {
  test('is shown to the browser that handed in, also by its link, with names, sizes and hashes', async () => {
    const { invite, cookie } = await handedIn();
    const headers = { Cookie: cookie };
    const receipt = await page(`/invites/${invite.id}`, { headers });
    expect(receipt.status).toBe(200);
    expect(receipt.text).toContain('gate &lt;1&gt;.jpg');
    expect(receipt.text).toMatch(/SHA-256: [0-9a-f]{64}/);
    const spent = await page(invite.path, { headers });
    expect(spent.status).toBe(410);
    expect(spent.text).toContain(`href="/invites/${invite.id}"`);
    const reopened = await page(invite.path, { method: 'POST', headers });
    expect([reopened.status, reopened.headers.get('Location')]).toEqual([
      303,
      `/invites/${invite.id}`,
    ]);
  });

  test('is shown to nobody else who has the link', async () => {
    const { invite } = await handedIn();
    const spent = await page(invite.path);
    expect([spent.status, spent.text.includes(`/invites/${invite.id}`)]).toEqual([410, false]);
    expect((await page(invite.path, { method: 'POST' })).status).toBe(410);
  });
});

describe('terms', () => {
  const terms = { en: 'Be truthful.', fr: 'Dites la vérité.' };

  async function withTerms() {
    const invite = await buildInvite(api);
    await api.patch('/organization', invite.owner, { terms });
    const cookie = await openLink(api, invite);
    return {
      invite,
      show: (query: string, language = 'en') =>
        page(`/invites/${invite.id}${query}`, {
          headers: { Cookie: cookie, 'Accept-Language': language },
        }),
    };
  }

  test('come first, in the reader’s language or in English, and again when they change', async () => {
    const { invite, show } = await withTerms();
    expect((await show('', 'fr')).text).toContain('Dites la vérité.');
    const first = await show('', 'es');
    expect(first.text).toContain('lang="en"');
    expect(first.text).not.toContain('id="uploader"');
    const version = /name="terms" value="([0-9a-f]{64})"/.exec(first.text)?.[1] ?? '';
    expect((await show(`?terms=${version}`, 'es')).text).toContain('id="uploader"');
    await api.patch('/organization', invite.owner, { terms: { en: 'Be quick.' } });
    expect((await show(`?terms=${version}`, 'es')).text).toContain('Be quick.');
  });

  test('have to be accepted as they are, and what was accepted is kept', async () => {
    const { invite } = await withTerms();
    const member = await buildInviteGuest(api, invite);
    await guestUpload(member, Buffer.from(unique('x')));
    await verifyNow(api, invite.id);
    const refused = await member.post('/submission');
    expect(refused.body.errors).toMatchObject([{ pointer: '/acceptedTerms' }]);
    const { version } = (await member.get()).body.terms;
    await api.patch('/organization', invite.owner, { terms: { en: 'Be quick.' } });
    const outdated = await member.post('/submission', { acceptedTerms: version });
    expect(outdated.body).toMatchObject({ code: 'wrong-state', terms: expect.any(String) });
    const { status, body } = await member.post('/submission', {
      acceptedTerms: outdated.body.terms,
    });
    expect(status).toBe(201);
    const [kept] = await api.database.em
      .fork()
      .execute('select accepted_terms from submissions where id = ?', [body.id]);
    expect(kept).toMatchObject({
      accepted_terms: { language: 'en', text: 'Be quick.', acceptedAt: expect.any(String) },
    });
  });
});
