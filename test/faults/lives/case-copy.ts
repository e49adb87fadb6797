/** A copy: delivered, updated, tidied after; and one that fails because an object is lost. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildCopyingPair, shareCopy } from '../../support/copies.ts';
import { eventually } from '../../support/eventually.ts';
import { buildCase, buildEvidence } from '../../support/factories.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import type { World } from '../crash-points/world.ts';

/** The story of a copy. */
export const caseCopyStory: LifeStory = {
  kind: 'case-copy',
  async live(world) {
    const { api } = world;
    const pair = await buildCopyingPair(api);
    const owner = pair.sender;
    const inCase = await buildCase(api, { owner });
    const add = (name: string, to = inCase) =>
      buildEvidence(api, {
        owner,
        inCase: to,
        content: Buffer.from(`what ${name} saw`),
        fields: { fileName: `${name}.mp4` },
      });
    for (const name of ['camera 1', 'camera 2', 'camera 3']) await add(name);
    const { id } = await shareCopy(api, pair, inCase.id);
    await ended(world, id, 1, 'delivered');
    await add('camera 4');
    await api.post(`/shares/${id}/updates`, pair.sender, {});
    await ended(world, id, 2, 'delivered');
    await tidied(world, id);

    const broken = await buildCase(api, { owner, title: 'Broken' });
    await add('camera 5', broken);
    const lost = await add('camera 6', broken);
    await api.store.remove(lost.objectKey, lost.objectVersion ?? null);
    const failing = await shareCopy(api, pair, broken.id);
    await ended(world, failing.id, 1, 'failed');
    await tidied(world, failing.id);
  },
};

async function ended(world: World, shareId: string, sequence: number, state: string) {
  await eventually(
    `the delivery ${sequence} to be ${state}`,
    async () => {
      // What a killed worker had in its hands is noticed while one looks.
      await world.rest(0).catch(() => undefined);
      const [row] = await world.sql<{ state: string }>(
        'select state from copy_deliveries where share_id = ? and sequence = ?',
        [shareId, sequence],
      );
      return row?.state === state;
    },
    150,
  );
  await world.rest(0);
}

/** Lets the pauses pass after which the store is tidied once more. */
async function tidied(world: World, shareId: string): Promise<void> {
  await eventually(
    'the store to be tidied for good',
    async () => {
      const later = await world.sql(
        `update copy_deliveries set tidy_at = clock_timestamp()
         where share_id = ? and tidy_at is not null returning 1`,
        [shareId],
      );
      if (later.length === 0) return true;
      await world.poke(workflowIdOf('case-copy', shareId));
      await world.rest(0);
      return false;
    },
    150,
  );
}
