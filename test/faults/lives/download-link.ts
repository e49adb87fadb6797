/** A download link: made, downloaded, extended, told of, expired; and another that is revoked. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildCase, buildEvidence, buildUser } from '../../support/factories.ts';
import { fetchPackage, openLink, type TestLink } from '../../support/links.ts';
import { untilAnswered } from '../crash-points/client.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import type { World } from '../crash-points/world.ts';
import { daysPass } from './shares.ts';

/** The story of a download link. */
export const downloadLinkStory: LifeStory = {
  kind: 'download-link',
  async live(world) {
    const { api } = world;
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    await buildEvidence(api, { owner, inCase, content: Buffer.from('what camera 3 saw') });
    const share = async () => {
      const { status, body } = await api.post(`/cases/${inCase.id}/shares`, owner, {
        method: 'download_link',
        format: 'zip',
        scope: { type: 'entire_case' },
        durationDays: 30,
        notifyOnFirstDownload: true,
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return { shareId: body.id, path: new URL(body.link).pathname };
    };
    const link = await share();
    await world.rest();
    const life = workflowIdOf('download-link', link.shareId);
    await download(world, link);
    await world.rest();
    // A download whose API was killed fell silent; its life ends it.
    await world.sql(
      `update download_sessions set last_active_at = last_active_at - interval '31 minutes'
       where began_at is not null and ended_at is null`,
    );
    await world.poke(life);
    await world.rest();
    await api.patch(`/shares/${link.shareId}`, owner, { durationDays: 40 });
    await world.rest();
    await daysPass(world, link.shareId, life, 38);
    await world.rest();
    await daysPass(world, link.shareId, life, 3);
    await world.rest();
    const another = await share();
    await world.rest();
    await api.post(`/shares/${another.shareId}/revoke`, owner, {});
  },
};

async function download({ api }: World, link: Pick<TestLink, 'shareId' | 'path'>): Promise<void> {
  await untilAnswered(async () => {
    const cookie = await openLink(api, link);
    return fetchPackage(api, link, cookie);
  });
}
