/**
 * Deleting a client against its calls: what it asked for is done before, or not at all.
 * `test/soak/client-deletion.soak.ts` has many more rounds.
 */
import { startApi, type TestApi } from '../../test/support/api.ts';
import { expectDeletionEndsCalls } from '../../test/support/client-deletion.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test(
  '64 deletions against calls: none is done after the deletion was',
  () => expectDeletionEndsCalls(api, 64),
  120_000,
);
