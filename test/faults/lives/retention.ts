/** Retention: what is due is queued, told and destroyed; dates are worked out anew; the store is looked at. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildEvidence, buildUser } from '../../support/factories.ts';
import { buildDue } from '../../support/retention.ts';
import type { LifeStory } from '../crash-points/runner.ts';

/** The story of an organization's retention. */
export const retentionStory: LifeStory = {
  kind: 'retention',
  async live(world) {
    const { api, sql } = world;
    const owner = await buildUser(api);
    const life = workflowIdOf('retention', owner.organizationId);
    await world.rest();
    const content = Buffer.from('what camera 3 saw');
    const due = await buildDue(api, owner, { content });
    const held = await buildDue(api, owner, { content });
    const byHand = await buildEvidence(api, { owner, content });
    await api.put(`/evidence/${held.id}/hold`, owner, { reason: 'An appeal' });
    await api.delete(`/evidence/${byHand.id}`, owner);
    await world.poke(life);
    await world.rest();
    const { body } = await api.get(`/evidence/${held.id}`, owner);
    await api.patch(`/retention-categories/${body.categories[0].id}`, owner, {
      retentionDays: 5_000,
    });
    await world.rest();
    await sql(
      `update deletions set queued_at = queued_at - interval '8 days',
         destroy_after = destroy_after - interval '8 days'`,
    );
    await sql(
      `update evidence set retention_look_at = retention_look_at - interval '8 days' where id = ?`,
      [due.id],
    );
    await sql(
      `update evidence set retention_look_at = retention_look_at - interval '8 days' where id = ?`,
      [byHand.id],
    );
    await sql(
      `update retention_progress set inventory_at = inventory_at - interval '2 days',
         notice_at = notice_at - interval '8 days'`,
    );
    await world.poke(life);
  },
};
