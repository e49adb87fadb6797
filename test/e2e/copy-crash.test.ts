/** A copy whose worker is killed: exactly one case, whole, and nothing of it before or beside. */
import { startApi, type TestApi } from '../support/api.ts';
import { crashCopy } from '../support/copy-crash.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

test('12 files and a worker that is killed: one whole case, at once, and no orphans', async () => {
  const outcome = await crashCopy(api, {
    items: 12,
    ends: 1,
    signal: 'SIGKILL',
    largest: 12 * 2 ** 20,
  });
  expect(outcome).toMatchObject({ state: 'delivered', cases: 1, orphans: [], invitations: 1 });
  expect(outcome.received).toEqual(outcome.expected);
  expect(outcome.seen).toEqual(['0 cases, 0 evidence', '1 cases, 12 evidence']);
  expect(outcome.ends).toBeGreaterThan(0);
}, 400_000);
