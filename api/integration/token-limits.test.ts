/** The limits of the token endpoint stop those who guess, and nobody else. */
import { createRateLimit } from '../../platform/rate-limits.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  askForToken,
  buildIntegration,
  type TestApiClient,
} from '../../test/support/api-clients.ts';

let api: TestApi;
let client: TestApiClient;
beforeAll(async () => {
  api = await startApi({ variables: { CASEBRIDGE_TRUSTED_PROXIES: '1' } });
  client = await buildIntegration(api);
});
afterAll(() => api.stop());

async function ask(from: string, secret = client.secret): Promise<number> {
  const form = {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: secret,
  };
  return (await askForToken(api, form, { 'X-Forwarded-For': from })).status;
}

test('whoever knows a Client ID and no secret cannot keep the client from its tokens', async () => {
  const statuses = new Set<number>();
  for (let host = 1; host <= 20; host += 1) {
    const guesses = Array.from({ length: 30 }, () => ask(`198.51.100.${host}`, 'a guess'));
    for (const status of await Promise.all(guesses)) statuses.add(status);
  }
  expect(statuses).toEqual(new Set([401]));
  expect(await ask('203.0.113.1')).toBe(200);
});

test('right requests that were refused because of many at once are not held against anybody', async () => {
  const from = '203.0.113.2';
  const underWay = createRateLimit(api.database, {
    name: 'token-failure',
    tries: 30,
    seconds: 600,
  });
  for (let begun = 0; begun < 30; begun += 1) await underWay.take(from);
  for (let more = 0; more < 31; more += 1) expect(await ask(from)).toBe(429);
  for (let ended = 0; ended < 30; ended += 1) await underWay.giveBack(from);
  expect(await ask(from)).toBe(200);
});
