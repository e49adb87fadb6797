/** Upload requests by the hundred: what `domain/requests/interleavings.test.ts` shows in small. */
import { startApi, type TestApi } from '../support/api.ts';
import { closeAgainstComplete, type Round } from '../support/close-against-complete.ts';
import { buildCase, buildUser } from '../support/factories.ts';
import { interleave } from '../support/request-interleavings.ts';
import { type TestRequest } from '../support/requests.ts';

let api: TestApi;
let by: Pick<TestRequest, 'sender' | 'inCase'>;
beforeAll(async () => {
  api = await startApi();
  const sender = await buildUser(api);
  by = { sender, inCase: await buildCase(api, { owner: sender }) };
});
afterAll(() => api.stop());

test('500 interleavings of closing, uploading, refreshing and reminding', async () => {
  const seeds = Array.from({ length: 500 }, (_, index) => index + 1);
  const ledgers: Awaited<ReturnType<typeof interleave>>[] = [];
  const lane = async () => {
    for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
      ledgers.push(await interleave(api, by, seed));
    }
  };
  await Promise.all([lane(), lane()]);
  const total = (of: 'reminders' | 'completed' | 'refused') =>
    ledgers.reduce((sum, ledger) => sum + ledger[of], 0);
  console.info({
    runs: ledgers.length,
    reminders: total('reminders'),
    completed: total('completed'),
    refused: total('refused'),
  });
  expect(ledgers.flatMap(({ faults }) => faults)).toEqual([]);
  expect(ledgers).toHaveLength(500);
});

test('1,000 rounds of closing against completing', async () => {
  const rounds: Round[] = [];
  for (let round = 0; round < 1_000; round += 1) {
    rounds.push(await closeAgainstComplete(api, by, (round % 11) - 5));
  }
  const count = (of: Round) => rounds.filter((round) => round === of).length;
  console.info({ kept: count('kept'), refused: count('refused') });
  expect(rounds.filter((round) => typeof round === 'object')).toEqual([]);
  expect(count('kept')).toBeGreaterThan(0);
  expect(count('refused')).toBeGreaterThan(0);
});
