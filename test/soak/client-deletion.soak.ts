/** `api/integration/deletion.test.ts` with more rounds. */
import { startApi, type TestApi } from '../support/api.ts';
import { expectDeletionEndsCalls } from '../support/client-deletion.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

test('1,000 deletions against calls: none is done after the deletion was', () =>
  expectDeletionEndsCalls(api, 1_000));
