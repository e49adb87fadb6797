/** Handing in against everything else that may happen at the same moment. */
import fc from 'fast-check';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildUser } from '../../../test/support/factories.ts';
import { type Course, type Round, submitAgainst } from '../../../test/support/submit-against.ts';
import type { User } from '../../identity/user.entity.ts';

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
});
afterAll(() => api.stop());

/** Nothing happens but handing in; a file that is to be begun much later is refused. */
const QUIET: Course = {
  ...{ other: 'unbegun', submit: [0], next: 600, verify: 0, close: null, withdraw: null },
};

const wait = fc.integer({ min: 0, max: 30 });

test('what was handed in is all that was taken, or nothing was handed in', async () => {
  const rounds: Round[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        other: fc.constantFrom('unbegun' as const, 'sent' as const, 'completed' as const),
        submit: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 3 }),
        next: wait,
        verify: wait,
        close: fc.option(wait, { freq: 2 }),
        withdraw: fc.option(wait, { freq: 2 }),
      }),
      async (course) => {
        const round = await submitAgainst(api, owner, course);
        rounds.push(round);
        expect(round.faults).toEqual([]);
      },
    ),
    { numRuns: 24, examples: [[QUIET]] },
  );
  expect(new Set(rounds.map(({ submitted }) => submitted))).toEqual(new Set(['yes', 'no']));
}, 120_000);

test('a verified file is handed in once, however many ask at once', async () => {
  const round = await submitAgainst(api, owner, { ...QUIET, submit: [0, 0, 0, 0, 0] });
  expect(round).toEqual({ submitted: 'yes', faults: [] });
});
