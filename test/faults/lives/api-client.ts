/** An API client: made, given a second secret and a name, deprived of the first, deleted. */
import { buildIntegration } from '../../support/api-clients.ts';
import type { LifeStory } from '../crash-points/runner.ts';

/** The story of an API client. */
export const apiClientStory: LifeStory = {
  kind: 'api-client',
  async live(world) {
    const { api } = world;
    const client = await buildIntegration(api);
    const { administrator } = client;
    const path = `/api-clients/${client.id}`;
    await world.rest();
    await api.post(`${path}/secrets`, administrator, {});
    await world.rest();
    await api.patch(path, administrator, { name: 'Records system' });
    await world.rest();
    await api.delete(`${path}/secrets/${client.secretId}`, administrator);
    await world.rest();
    await api.delete(path, administrator);
  },
};
