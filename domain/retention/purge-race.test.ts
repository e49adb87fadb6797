/** A few of the races that `test/soak/retention.soak.ts` runs by the thousand. */
import { startApi, type TestApi } from '../../test/support/api.ts';
import { racePurges } from '../../test/support/purge-race.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

test('whatever is placed while a purge runs, nothing protected goes and nothing due stays', async () => {
  const { faults, counts } = await racePurges(api, 40, 1);
  expect(faults).toEqual([]);
  expect(Object.keys(counts).length).toBeGreaterThan(4);
}, 240_000);
