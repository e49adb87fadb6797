import fc from 'fast-check';
import { RETENTION_POLICIES } from '../identity/organization.entity.ts';
import { type RetentionFacts, receivedCasePolicy, retentionDate } from './retention-date.ts';

const DAY = 24 * 3600 * 1000;
const FROM = new Date('2026-01-01T00:00:00.000Z');

const instant = fc
  .integer({ min: 0, max: 5_000 })
  .map((days) => new Date(FROM.getTime() + days * DAY));
const facts: fc.Arbitrary<RetentionFacts> = fc.record({
  categories: fc.array(fc.option(fc.integer({ min: 1, max: 3_650 })), { maxLength: 4 }),
  cases: fc.array(fc.constantFrom(...RETENTION_POLICIES), { maxLength: 4 }),
  countedFrom: instant,
  longestInCases: fc.array(fc.option(instant), { maxLength: 3 }),
});

/** Null is for ever. */
function length(date: Date | null): number {
  return date?.getTime() ?? Number.POSITIVE_INFINITY;
}

test('uncategorized evidence is kept until manually deleted, whatever its cases say', () => {
  fc.assert(
    fc.property(facts, (some) => {
      expect(retentionDate({ ...some, categories: [] })).toBeNull();
    }),
  );
});

test('a case that keeps until manually deleted keeps its evidence, whatever its categories say', () => {
  fc.assert(
    fc.property(facts, (some) => {
      const cases = [...some.cases, 'until_manually_deleted' as const];
      expect(retentionDate({ ...some, cases })).toBeNull();
    }),
  );
});

test('of several categories and cases the longest wins: one more never shortens', () => {
  fc.assert(
    fc.property(
      facts,
      fc.option(fc.integer({ min: 1, max: 3_650 })),
      fc.constantFrom(...RETENTION_POLICIES),
      (some, category, policy) => {
        fc.pre(some.categories.length > 0);
        const now = length(retentionDate(some));
        const categorized = { ...some, categories: [...some.categories, category] };
        expect(length(retentionDate(categorized))).toBeGreaterThanOrEqual(now);
        const shared = { ...some, cases: [...some.cases, policy] };
        expect(length(retentionDate(shared))).toBeGreaterThanOrEqual(now);
      },
    ),
  );
});

test('evidence of its own retention is queued so many days after its days began', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 3_650 }), { minLength: 1 }),
      instant,
      (days, from) => {
        const date = retentionDate({
          categories: days,
          cases: ['individual_evidence_retention'],
          countedFrom: from,
          longestInCases: [],
        });
        expect(date?.getTime()).toBe(from.getTime() + Math.max(...days) * DAY);
      },
    ),
  );
});

test('a case of the longest period keeps its evidence as long as any of it', () => {
  const own = { categories: [10], cases: ['longest_retention_period'] as const, countedFrom: FROM };
  const longest = new Date(FROM.getTime() + 100 * DAY);
  expect(retentionDate({ ...own, longestInCases: [longest] })).toEqual(longest);
  expect(retentionDate({ ...own, longestInCases: [FROM] })).toEqual(
    new Date(FROM.getTime() + 10 * DAY),
  );
  expect(retentionDate({ ...own, longestInCases: [longest, null] })).toBeNull();
});

test.each([
  ['its default policy', 'individual_evidence_retention', true, 'individual_evidence_retention'],
  ['until manually deleted, without a default', null, true, 'until_manually_deleted'],
  [
    'until manually deleted, where policies cannot be configured',
    'longest_retention_period',
    false,
    'until_manually_deleted',
  ],
] as const)('a received case takes %s', (_, defaultRetentionPolicy, configurable, expected) => {
  const features = configurable ? ['configurableCaseRetention'] : ['caseShare'];
  expect(receivedCasePolicy({ defaultRetentionPolicy, features })).toBe(expected);
});
