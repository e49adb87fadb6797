import fc from 'fast-check';
import { instantsOf, SHARED_ON } from '../../../domain/sharing/shared-on.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { localDay } from '../../../test/support/calendar.ts';
import {
  type Asked,
  buildSharedWorld,
  casesOf,
  EVIDENCE,
  type Fact,
  meets,
  PARTNERS,
  recordFacts,
  type SharedWorld,
  setDestroyed,
  setStatuses,
  statusOf,
  type WorldShare,
  ZONE,
} from '../../../test/support/shared-world.ts';
import { readPage } from '../../list.ts';
import { CASE_EVIDENCE } from '../evidence/presenter.ts';
import { countCases, searchCases } from './case-search.ts';
import { countEvidence, searchEvidence } from './evidence-search.ts';
import { caseList, evidenceList } from './schema.ts';
import { sharedFilters } from './shared-filters.ts';

let api: TestApi;
let world: SharedWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildSharedWorld(api);
});
afterAll(() => api.stop());

const NOW = fc.constantFrom(
  ...['2026-03-10T05:30:00Z', '2026-01-01T07:00:00Z', '2026-11-02T12:00:00Z'].map(
    (text) => new Date(text),
  ),
);
const DAY = 86_400_000;
const ago = fc.oneof(
  fc.integer({ min: 0, max: 3 * DAY }),
  fc.integer({ min: 0, max: 45 * DAY }),
  fc.integer({ min: 0, max: 800 * DAY }),
);
/** Some facts are first of their day to the millisecond, and some are told twice. */
const drawnFact = fc.record({
  share: fc.oneof(fc.nat(8), fc.nat()),
  evidence: fc.oneof(fc.constant(0), fc.nat(EVIDENCE - 1)),
  ago,
  startOfDay: fc.boolean(),
});
const organization = fc.option(fc.nat(PARTNERS + 2), { nil: undefined, freq: 2 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const drawnFilters = fc.record({
  sharedTo: organization,
  sharedFrom: organization,
  notSharedTo: organization,
  on: maybe(fc.oneof(fc.constantFrom(...SHARED_ON), fc.tuple(maybe(ago), maybe(ago)))),
});
const flags = (length: number) => fc.array(fc.boolean(), { minLength: length, maxLength: length });

type Drawn<Of> = Of extends fc.Arbitrary<infer T> ? T : never;

function asked(drawn: Drawn<typeof drawnFilters>, now: Date): Asked {
  const idOf = (index: number | undefined) =>
    index === undefined ? undefined : [...world.organizations, world.own][index];
  const dayOf = (before: number | undefined) =>
    before === undefined ? undefined : localDay(ZONE, new Date(now.getTime() - before));
  const period = typeof drawn.on === 'string' ? drawn.on : undefined;
  const days = Array.isArray(drawn.on) ? drawn.on.map(dayOf) : [];
  const [first, last] =
    days.includes(undefined) || days.length === 0 ? days : days.toSorted(compare);
  return {
    sharedTo: idOf(drawn.sharedTo),
    sharedFrom: idOf(drawn.sharedFrom),
    notSharedTo: idOf(drawn.notSharedTo),
    ...{ sharedOn: period, sharedOnFrom: first, sharedOnTo: last },
  };
}

const compare = (one = '', other = '') => (one < other ? -1 : 1);

const drawn = {
  now: NOW,
  facts: fc.array(drawnFact, { maxLength: 25 }),
  filters: fc.array(drawnFilters, { minLength: 4, maxLength: 4 }),
};

function factsOf(facts: readonly Drawn<typeof drawnFact>[], now: Date): Fact[] {
  return facts.map(({ share, evidence, ago: before, startOfDay }) => {
    const at = new Date(now.getTime() - before);
    const start = instantsOf({ first: localDay(ZONE, at) }, ZONE).from;
    return {
      share: world.shares[share % world.shares.length] as WorldShare,
      evidence,
      at: startOfDay && start !== null ? start : at,
    };
  });
}

interface Found {
  readonly ids: readonly string[];
  readonly totals: readonly number[];
}

/** All pages of a list, and the total that each says. */
async function allPages(
  read: (cursor: string | undefined) => Promise<{
    data: readonly { id: string }[];
    page: { total: number; next: string | null };
  }>,
): Promise<Found> {
  const ids: string[] = [];
  const totals: number[] = [];
  let cursor: string | undefined;
  do {
    const { data, page } = await read(cursor);
    ids.push(...data.map(({ id }) => id));
    totals.push(page.total);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return { ids, totals: [...new Set(totals)] };
}

test('cases are found, counted and listed as the rule says, alone and combined, whoever looks', async () => {
  const em = api.database.em.fork();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ...drawn,
        status: maybe(fc.constantFrom('open', 'closed')),
        words: maybe(fc.constant('BURGLARY')),
        any: fc.boolean(),
        open: flags(world.cases.length),
        reopened: flags(world.cases.length),
      }),
      async ({ now, facts, filters, status, words, any, open, reopened }) => {
        const staff = any ? world.administrator : world.investigator;
        await setStatuses(api, world, open);
        const known = await recordFacts(api, world, factsOf(facts, now));
        await setStatuses(api, world, reopened);
        for (const choice of filters.map((filter) => asked(filter, now))) {
          const query = caseList.parse({ ...choice, status, query: words, limit: 2 });
          const search = searchCases(staff, query, sharedFilters(query, staff, now));
          const found = await allPages(async (cursor) =>
            readPage<{ id: string }>(
              em,
              search.sql,
              search.condition,
              { limit: 2, cursor },
              {
                order: 'newest first',
                total: await countCases(em, search),
              },
            ),
          );
          const expected = world.cases
            .filter(({ number }) => [undefined, statusOf(reopened, number)].includes(status))
            .filter(({ own }) => any || own)
            .filter(({ number }) => {
              const about = known.filter(({ share }) => share.ourCase === number);
              return meets(world, about, choice, now);
            })
            .map(({ id }) => id)
            .toSorted()
            .toReversed();
          expect({ choice, ...found }).toEqual({
            choice,
            ids: expected,
            totals: [expected.length],
          });
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test('evidence of a case is found by whichever of its cases it was shared', async () => {
  const em = api.database.em.fork();
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        ...drawn,
        number: fc.nat(world.cases.length - 1),
        destroyed: flags(EVIDENCE),
        state: maybe(fc.constantFrom('active', 'declined')),
      }),
      async ({ now, facts, filters, number, destroyed, state }) => {
        const staff = world.administrator;
        await setDestroyed(api, world, destroyed);
        const known = await recordFacts(api, world, factsOf(facts, now));
        const { id } = world.cases[number] as SharedWorld['cases'][number];
        for (const choice of filters.map((filter) => goingTogether(asked(filter, now)))) {
          const query = evidenceList.parse({ ...choice, status: state, limit: 2 });
          const condition = await searchEvidence(em, staff, id, query, now);
          const found = await allPages(async (cursor) =>
            readPage<{ id: string }>(
              em,
              CASE_EVIDENCE,
              condition,
              { limit: 2, cursor },
              { total: await countEvidence(em, query, condition) },
            ),
          );
          const expected = world.evidence
            .filter((_, index) => casesOf(index).includes(number) && !destroyed[index])
            .filter(() => state !== 'declined')
            .filter((evidence) => {
              const about = known.filter((fact) => world.evidence[fact.evidence] === evidence);
              return meets(world, about, choice, now);
            })
            .toSorted();
          expect({ choice, ...found }).toEqual({
            choice,
            ids: expected,
            totals: [expected.length],
          });
        }
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

/** On evidence a day goes with whom it was shared to. */
function goingTogether(choice: Asked): Asked {
  const { sharedTo, sharedFrom, notSharedTo } = choice;
  return sharedTo === undefined ? { sharedFrom, notSharedTo } : choice;
}
