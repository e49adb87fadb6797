/** What nobody meant to send to the page of a public portal. */
import { query } from '../../../dev/servers/postgres.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { unique } from '../../../test/support/factories.ts';
import { buildPortal } from '../../../test/support/portals.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ variables: { CASEBRIDGE_TRUSTED_PROXIES: '1' } });
});
afterAll(() => api.stop());

test.each(['/p/%00/x', '/p/x/%00', '/p/x/a%00b'])(
  'an address that PostgreSQL cannot hold is one that nobody knows: %s',
  async (path) => {
    for (const method of ['GET', 'POST']) {
      expect((await fetch(`${api.origin}${path}`, { method })).status).toBe(404);
    }
  },
);

test('whoever has a whole IPv6 network asks for no more links than whoever has one address', async () => {
  const { path } = await buildPortal(api, { kind: 'public' });
  const ask = async (from: string) => {
    const response = await fetch(`${api.origin}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'X-Forwarded-For': from },
      // Without an address: it counts, and sends nothing.
      body: new URLSearchParams({ delivery: 'email' }),
    });
    await response.body?.cancel();
    return response.status;
  };
  const statuses = [];
  for (let host = 1; host <= 61; host += 1) {
    statuses.push(await ask(`2001:db8:1:2::${host.toString(16)}`));
  }
  expect(statuses).toEqual([...Array.from({ length: 60 }, () => 422), 429]);
  expect(await ask('2001:db8:1:3::1')).toBe(422);
});

test('a link that could not be made does not count: whoever asks again later is sent one', async () => {
  const portal = await buildPortal(api, { kind: 'public' });
  const body = { delivery: 'email', email: `${unique('ada')}@example.test` };
  const ask = async () => {
    const response = await fetch(`${api.origin}${portal.path}`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(body),
    });
    await response.body?.cancel();
    return response.status;
  };
  await query(api.urls.ownerUrl, 'alter table invite_progress rename to invite_progress_away');
  try {
    for (let times = 0; times < 4; times += 1) expect(await ask()).toBe(500);
  } finally {
    await query(api.urls.ownerUrl, 'alter table invite_progress_away rename to invite_progress');
  }
  expect(await ask()).toBe(303);
  const { inviteCount } = (await api.get(`/portals/${portal.id}`, portal.owner)).body;
  expect(inviteCount).toBe(1);
});
