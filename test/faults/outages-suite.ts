/** Outages as tests of one file, in one world, with the table that they make. */
import { judge, type LoadTimes, lineOf, type Outage, TABLE_HEAD } from './outages-verdict.ts';
import { type OutageWorld, startOutageWorld } from './outages-world.ts';

/** Runs outages one after the other; what one leaves behind, the next one's verdict shows too. */
export function testOutages(
  outages: readonly Outage[],
  options: Parameters<typeof startOutageWorld>[0] & { readonly times?: LoadTimes } = {},
): void {
  let world: OutageWorld;
  beforeAll(async () => {
    world = await startOutageWorld(options);
    process.stdout.write(`\n${TABLE_HEAD}\n`);
  }, 300_000);
  afterAll(async () => {
    await world.stop();
  }, 120_000);

  test.each(outages.map((outage) => [outage.name, outage] as const))(
    '%s: nothing is lost, nothing happens twice, everything comes to rest',
    async (_name, outage) => {
      const verdict = await judge(world, outage, options.times);
      process.stdout.write(`${lineOf(verdict)}\n`);
      expect(verdict.findings).toEqual([]);
      expect(verdict.acts.acknowledged).toBeGreaterThan(0);
    },
  );
}
