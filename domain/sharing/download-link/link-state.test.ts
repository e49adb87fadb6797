import fc from 'fast-check';
import { openDatabase } from '../../../platform/database.ts';
import { createDatabase, type TestDatabase } from '../../../test/support/servers.ts';
import { LINK_ALIVE, LINK_STATE, type LinkFacts, linkState } from './link-state.ts';

const MINUTE = 60_000;
const at = (minutes: number) => new Date(Date.UTC(2026, 0, 1) + minutes * MINUTE);
const LIVE: LinkFacts = {
  failedAt: null,
  revokedAt: null,
  activatedAt: at(0),
  expiresAt: at(60),
  downloadLimit: null,
  sessions: 0,
};

describe('the state of a download link', () => {
  test.each([
    ['active until the millisecond before it expires', LIVE, at(60).getTime() - 1, 'active'],
    ['expired from its instant on', LIVE, at(60).getTime(), 'expired'],
    [
      'preparing before it was ever active',
      { ...LIVE, activatedAt: null, expiresAt: null },
      0,
      'preparing',
    ],
    ['used up at its limit', { ...LIVE, downloadLimit: 2, sessions: 2 }, 0, 'used_up'],
    ['active below its limit', { ...LIVE, downloadLimit: 2, sessions: 1 }, 0, 'active'],
    [
      'expired rather than used up',
      { ...LIVE, downloadLimit: 1, sessions: 1 },
      at(61).getTime(),
      'expired',
    ],
    ['revoked rather than expired', { ...LIVE, revokedAt: at(1) }, at(61).getTime(), 'revoked'],
    [
      'revoked also while it was prepared',
      { ...LIVE, activatedAt: null, revokedAt: at(1) },
      0,
      'revoked',
    ],
    [
      'failed before all',
      { ...LIVE, failedAt: at(1), revokedAt: at(1) },
      at(61).getTime(),
      'failed',
    ],
  ] as const)('is %s', (_, facts, now, state) => {
    expect(linkState(facts, new Date(now))).toBe(state);
  });

  describe('in PostgreSQL', () => {
    let database: TestDatabase;
    beforeAll(async () => {
      database = await createDatabase();
    });
    afterAll(() => database.drop());

    test('is the same as here, for any facts', async () => {
      const orm = await openDatabase({ url: database.appUrl, poolSize: 4 });
      try {
        const [clock] = await orm.em
          .fork()
          .execute<{ now: Date }[]>('select clock_timestamp() as now');
        const now = new Date(clock?.now ?? 0);
        await fc.assert(
          fc.asyncProperty(factsAround(now), async (facts) => {
            const [row] = await orm.em.fork().execute<{ state: string; alive: boolean | null }[]>(
              `with shares as (
                 select gen_random_uuid() as id, ?::timestamptz as failed_at, ?::timestamptz as revoked_at,
                        ?::timestamptz as activated_at, ?::timestamptz as expires_at, ?::int as download_limit
               ), download_sessions as (
                 select shares.id as share_id, now() as counted_at from shares, generate_series(1, ?)
                 union all select shares.id, null from shares
               )
               select ${LINK_STATE} as state, ${LINK_ALIVE} as alive from shares`,
              [
                facts.failedAt,
                facts.revokedAt,
                facts.activatedAt,
                facts.expiresAt,
                facts.downloadLimit,
                facts.sessions,
              ],
            );
            const state = linkState(facts, now);
            expect(row?.state).toBe(state);
            expect(row?.alive ?? false).toBe(state === 'active' || state === 'used_up');
          }),
          { numRuns: 150 },
        );
      } finally {
        await orm.close();
      }
    });
  });
});

/** Instants an hour or more from now, so that the test's own time does not matter. */
function factsAround(now: Date): fc.Arbitrary<LinkFacts> {
  const instant = fc
    .integer({ min: 1, max: 1000 })
    .chain((hours) => fc.constantFrom(-hours, hours))
    .map((hours) => new Date(now.getTime() + hours * 60 * MINUTE));
  const past = fc.option(instant, { nil: null });
  return fc
    .record({
      failedAt: past,
      revokedAt: past,
      activatedAt: past,
      expiresAt: instant,
      downloadLimit: fc.option(fc.integer({ min: 1, max: 3 }), { nil: null }),
      sessions: fc.nat({ max: 4 }),
    })
    .map((facts) => (facts.activatedAt === null ? { ...facts, expiresAt: null } : facts));
}
