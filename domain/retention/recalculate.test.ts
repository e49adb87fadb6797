/** The date of deletion in the database against a second rule, which was written independently. */
import fc from 'fast-check';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildUser } from '../../test/support/factories.ts';
import {
  buildSubmission,
  faultOf,
  type ModelEvidence,
  type ModelWorld,
  writeWorld,
} from '../../test/support/retention-model.ts';
import { RETENTION_POLICIES, type RetentionPolicy } from '../identity/organization.entity.ts';
import type { User } from '../identity/user.entity.ts';
import { uuids } from '../sql.ts';
import { recalculateDates } from './recalculate.ts';

let api: TestApi;
let owner: User;
let submission: string;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
  submission = await buildSubmission(api, owner);
});
afterAll(async () => api.stop());

/** Works out the dates of a world; gives every one that the second rule does not agree with. */
async function faultsIn(world: ModelWorld, asked?: readonly number[]): Promise<string[]> {
  const ids = await writeWorld(api, owner, submission, world);
  const some = asked?.flatMap((place) => ids[place] ?? []) ?? ids;
  await api.database.em.fork().transactional(async (em) => recalculateDates(em, some));
  const rows = await api.database.em
    .fork()
    .execute<{ id: string; date: Date | string | null }[]>(
      'select id, queued_for_deletion_on as date from evidence where id = any(?::uuid[])',
      [uuids(some)],
    );
  const dates = new Map(rows.map(({ id, date }) => [id, date === null ? null : new Date(date)]));
  return world.evidence.flatMap((evidence, place) => {
    const id = ids[place] ?? '';
    if (!dates.has(id)) return [];
    const fault = faultOf(world, evidence, dates.get(id) ?? null);
    return fault === null ? [] : [`${fault}: ${JSON.stringify(evidence)}`];
  });
}

const FROM = Date.UTC(2026, 0, 1);
const instant = fc
  .integer({ min: 0, max: 3_000 * 24 * 3600 * 1000 })
  .map((milliseconds) => new Date(FROM + milliseconds));
const evidence: fc.Arbitrary<ModelEvidence> = fc.record({
  state: fc.constantFrom(
    ...(['active', 'active', 'active', 'declined', 'verifying'] as const),
    ...(['triage_pending', 'quarantined', 'destroyed'] as const),
  ),
  source: fc.constantFrom('user', 'trusted_user', 'community_member'),
  recorded: fc.option(instant),
  uploaded: instant,
  declined: instant,
  restored: fc.option(instant, { freq: 4 }),
  categories: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }),
  cases: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
});
const days = fc.option(fc.integer({ min: 1, max: 3_650 }), { freq: 8 });
const policy = fc.constantFrom(
  ...RETENTION_POLICIES,
  ...(['longest_retention_period', 'individual_evidence_retention'] as const),
);
const worlds: fc.Arbitrary<ModelWorld> = fc.record({
  configurable: fc.boolean(),
  declinedDays: fc.integer({ min: 1, max: 400 }),
  categories: fc.array(days, { minLength: 4, maxLength: 4 }),
  cases: fc.array(policy, { minLength: 4, maxLength: 4 }),
  evidence: fc.array(evidence, { minLength: 1, maxLength: 12 }),
});

test('of any world the dates are those of the second rule', async () => {
  await fc.assert(
    fc.asyncProperty(worlds, async (world) => {
      expect(await faultsIn(world)).toEqual([]);
    }),
    { numRuns: 150 },
  );
}, 120_000);

const SOURCES = ['user', 'trusted_user', 'community_member'] as const;
const DATES = {
  uploaded: new Date('2026-03-01T10:00:00.000Z'),
  declined: new Date('2026-04-01T10:00:00.000Z'),
  restored: null,
};
/** Days of the categories: short, long, and until manually deleted. */
const CATEGORIES = [30, 365, null];
const CHOICES = [[], [0], [1], [2], [0, 1], [0, 2], [0, 1, 2]];

/** No case, one of each policy, and two of different ones. */
const PLACES: readonly (readonly RetentionPolicy[])[] = [
  [],
  ...RETENTION_POLICIES.map((policy) => [policy]),
  ...RETENTION_POLICIES.flatMap((one, place) =>
    RETENTION_POLICIES.slice(place + 1).map((other) => [one, other]),
  ),
];

/** Each combination in cases of its own, with one other piece of evidence in them. */
function everything(configurable: boolean): ModelWorld {
  const cases: RetentionPolicy[] = [];
  const rows: ModelEvidence[] = [];
  for (const policies of PLACES) {
    for (const own of CHOICES) {
      for (const beside of CHOICES) {
        for (const source of SOURCES) {
          for (const recorded of [null, new Date('2026-02-01T10:00:00.000Z')]) {
            const places = policies.map((policy) => cases.push(policy) - 1);
            const common = { ...DATES, state: 'active', recorded, cases: places } as const;
            rows.push({ ...common, source, categories: own });
            rows.push({ ...common, source: 'user', categories: beside });
          }
        }
      }
    }
  }
  return { configurable, declinedDays: 30, categories: CATEGORIES, cases, evidence: rows };
}

test.each([true, false])(
  'every policy, category and source, where policies can be configured: %s',
  async (configurable) => {
    const world = everything(configurable);
    expect(world.evidence.length).toBe(7 * 7 * 7 * 3 * 2 * 2);
    expect(await faultsIn(world)).toEqual([]);
  },
  120_000,
);
