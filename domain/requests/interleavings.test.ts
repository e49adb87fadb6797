/** A few of the runs that `test/soak/upload-requests.soak.ts` makes by the hundred. */
import { startApi, type TestApi } from '../../test/support/api.ts';
import { closeAgainstComplete } from '../../test/support/close-against-complete.ts';
import { buildCase, buildUser } from '../../test/support/factories.ts';
import { interleave } from '../../test/support/request-interleavings.ts';
import { type TestRequest } from '../../test/support/requests.ts';

let api: TestApi;
let by: Pick<TestRequest, 'sender' | 'inCase'>;
beforeAll(async () => {
  api = await startApi();
  const sender = await buildUser(api);
  by = { sender, inCase: await buildCase(api, { owner: sender }) };
});
afterAll(() => api.stop());

test('whatever happens at once, no mail goes out whose reason is gone, and no file is lost or doubled', async () => {
  const ledgers: Awaited<ReturnType<typeof interleave>>[] = [];
  for (let seed = 1; seed <= 12; seed += 1) ledgers.push(await interleave(api, by, seed));
  expect(ledgers.flatMap(({ faults }) => faults)).toEqual([]);
  const sum = (of: 'reminders' | 'completed') =>
    ledgers.reduce((total, ledger) => total + ledger[of], 0);
  expect(sum('reminders')).toBeGreaterThan(0);
  expect(sum('completed')).toBeGreaterThan(0);
});

test('closing against completing: the file is in the case and in the log, or it was refused', async () => {
  const rounds = [];
  for (let round = 0; round < 30; round += 1) {
    rounds.push(await closeAgainstComplete(api, by, (round % 11) - 5));
  }
  expect(rounds.filter((round) => typeof round === 'object')).toEqual([]);
  expect(new Set(rounds)).toEqual(new Set(['kept', 'refused']));
});
