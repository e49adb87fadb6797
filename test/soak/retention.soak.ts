/** A thousand races of a purge with a hold, a share, a link, a copy or another category. */
import { startApi, type TestApi } from '../support/api.ts';
import { racePurges } from '../support/purge-race.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

test('1,000 rounds: nothing protected is destroyed, nothing due is forgotten', async () => {
  const { faults, counts } = await racePurges(api, 1_000, 1_000_000);
  process.stdout.write(`${JSON.stringify(counts)}\n`);
  expect(faults).toEqual([]);
}, 3_000_000);
