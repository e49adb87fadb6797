/**
 * Every operation of the OpenAPI document, asked in valid and in wrong ways: never an error of ours, always
 * a status that the document has, always problem details. Each run sends the same requests;
 * `test/soak/openapi-fuzz.soak.ts` sends others, and many more.
 */
import { startApi, type TestApi } from '../test/support/api.ts';
import { fuzz, OPERATIONS } from '../test/support/fuzz/fuzz.ts';
import { buildFuzzWorld, type FuzzWorld } from '../test/support/fuzz/fuzz-world.ts';

const RUNS = 12;
const SEED = 7;

let api: TestApi;
let world: FuzzWorld;
const statuses = new Set<number>();
beforeAll(async () => {
  api = await startApi();
  world = await buildFuzzWorld(api);
});
afterAll(() => api.stop());

test.each(OPERATIONS.map((operation) => [operation.verb, operation.path, operation] as const))(
  '%s %s',
  async (_verb, _path, operation) => {
    for (const status of (await fuzz(api, world, operation, { runs: RUNS, seed: SEED })).keys()) {
      statuses.add(status);
    }
  },
);

test('what was asked was understood often enough, and refused in every usual way', () => {
  expect([...statuses]).toEqual(
    expect.arrayContaining([200, 201, 202, 204, 400, 404, 409, 415, 422]),
  );
});
