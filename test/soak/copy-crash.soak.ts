/** A copy of 300 files whose worker is killed 20 times. */
import { startApi, type TestApi } from '../support/api.ts';
import { crashCopy } from '../support/copy-crash.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

test('300 files and a worker that is killed 20 times: one whole case, at once, and no orphans', async () => {
  const outcome = await crashCopy(api, {
    items: 300,
    ends: 20,
    signal: 'SIGKILL',
    largest: 8 * 2 ** 20,
  });
  const { ends, looks, seen } = outcome;
  process.stdout.write(`${ends} kills, ${looks} looks at the partner: ${seen.join(', then ')}\n`);
  expect(outcome).toMatchObject({ state: 'delivered', cases: 1, orphans: [], invitations: 1 });
  expect(outcome.received).toEqual(outcome.expected);
  expect(seen).toEqual(['0 cases, 0 evidence', '1 cases, 300 evidence']);
}, 3_000_000);
