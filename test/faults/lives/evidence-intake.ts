/** An intake: a file that is verified, one that is not what was announced, one that is never finished. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildCase, buildUser } from '../../support/factories.ts';
import { sendFile, uploadFile } from '../../support/uploads.ts';
import type { LifeStory } from '../crash-points/runner.ts';

/** The story of an intake. */
export const evidenceIntakeStory: LifeStory = {
  kind: 'evidence-intake',
  async live(world) {
    const { api, sql } = world;
    const owner = await buildUser(api);
    const { id: caseId } = await buildCase(api, { owner });
    const life = workflowIdOf('evidence-intake', caseId);
    const content = Buffer.from('what camera 3 saw');
    await uploadFile(api, owner, { caseId, content, fileName: 'true.mp4' });
    await world.rest();
    const sha256 = '0'.repeat(64);
    await uploadFile(api, owner, { caseId, content, fileName: 'false.mp4', sha256 });
    await world.rest();
    const left = await sendFile(api, owner, { caseId, content, fileName: 'left.mp4' });
    await world.rest();
    await sql(
      `update uploads set last_active_at = last_active_at - interval '15 days' where id = ?`,
      [left.id],
    );
    await world.poke(life);
    await world.rest();
    await sql(
      `update uploads set tidy_at = clock_timestamp(),
         last_active_at = last_active_at - interval '2 hours'
       where tidy_at is not null`,
    );
    await world.poke(life);
  },
};
