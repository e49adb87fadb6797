/** `api/openapi-fuzz.test.ts` with other requests each time, and many of them. */
import { startApi, type TestApi } from '../support/api.ts';
import { fuzz, OPERATIONS } from '../support/fuzz/fuzz.ts';
import { buildFuzzWorld, type FuzzWorld } from '../support/fuzz/fuzz-world.ts';

const RUNS = 400;
/** Told with every failure, by fast-check. */
const SEED = Date.now() % 1_000_000;

let api: TestApi;
let world: FuzzWorld;
const statuses = new Map<number, number>();
beforeAll(async () => {
  api = await startApi();
  world = await buildFuzzWorld(api);
});
afterAll(async () => {
  console.info({ seed: SEED, statuses: Object.fromEntries(statuses) });
  await api.stop();
});

test.each(OPERATIONS.map((operation) => [operation.verb, operation.path, operation] as const))(
  '%s %s',
  async (_verb, _path, operation) => {
    const counted = await fuzz(api, world, operation, { runs: RUNS, seed: SEED });
    for (const [status, times] of counted)
      statuses.set(status, (statuses.get(status) ?? 0) + times);
  },
);
