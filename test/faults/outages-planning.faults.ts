/** How long it takes until every life has planned again, after Temporal lost all of them. */
import { act } from '../../domain/act.ts';
import type { CaseId } from '../../domain/ids.ts';
import { createDownloadLink } from '../../domain/sharing/download-link/create-download-link.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser, staffOf } from '../support/factories.ts';
import { linkKeysOfTests } from './load-guest.ts';
import { untilRest } from './outages-rest.ts';
import { type OutageWorld, startOutageWorld } from './outages-world.ts';

let world: OutageWorld;
beforeAll(async () => {
  world = await startOutageWorld();
  process.stdout.write('\n| lives | seconds until all have planned again |\n| --- | --- |\n');
}, 120_000);
afterAll(async () => world.stop(), 120_000);

/** Links of one case, four at a time. */
async function makeLinks(count: number): Promise<void> {
  const owner = await buildUser(world);
  const staff = await staffOf(world, owner);
  const { id } = await buildCase(world, { owner });
  await buildEvidence(world, { owner, inCase: { id } });
  let left = count;
  const lane = async () => {
    for (; left > 0; ) {
      left -= 1;
      await makeLink(id);
    }
  };
  const makeLink = async (caseId: CaseId) =>
    act(world, { actor: staff.actor }, async (acting) =>
      createDownloadLink(acting, staff, linkKeysOfTests(), caseId, {
        format: 'zip',
        scope: { type: 'entire_case' },
        passphraseHash: null,
        downloadLimit: null,
        notifyOnFirstDownload: false,
      }),
    );
  await Promise.all([lane(), lane(), lane(), lane()]);
}

async function overdue(): Promise<number> {
  const [row] = await world.database.em
    .fork()
    .execute<{ count: number }[]>(
      `select count(*)::int as count from lifecycles where kind = 'download-link' and wake_at < clock_timestamp()`,
    );
  return row?.count ?? 0;
}

test.each([100, 1_000])(
  '%i lives that fell due while Temporal was away plan again by themselves',
  async (lives) => {
    await makeLinks(lives);
    await untilRest(world.database, 600);
    await world.temporal.wipe(1);
    await world.database.em.fork().execute(
      `update lifecycles set wake_at = clock_timestamp() - interval '1 minute' where workflow_id in
         (select workflow_id from lifecycles where kind = 'download-link' limit ?)`,
      [lives],
    );
    const begun = performance.now();
    await eventually('every life to have planned', async () => (await overdue()) === 0, 600);
    const seconds = (performance.now() - begun) / 1000;
    process.stdout.write(`| ${lives} | ${seconds.toFixed(0)} |\n`);
    await untilRest(world.database, 60);
  },
);
