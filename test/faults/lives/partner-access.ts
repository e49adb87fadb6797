/** Partner access: recipients invited, one removed, the others told of expiry; another that is revoked. */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildPartnerWithUsers } from '../../support/access.ts';
import { buildCase, buildEvidence, buildOrganization, buildUser } from '../../support/factories.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import { daysPass } from './shares.ts';

/** The story of partner access. */
export const partnerAccessStory: LifeStory = {
  kind: 'partner-access',
  async live(world) {
    const { api } = world;
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const partner = await buildPartnerWithUsers(api, organization, 2);
    const inCase = await buildCase(api, { owner });
    await buildEvidence(api, { owner, inCase, content: Buffer.from('what camera 3 saw') });
    const all = partner.users.map(({ id }) => ({ type: 'user', id }));
    const share = async (): Promise<string> => {
      const { status, body } = await api.post(`/cases/${inCase.id}/shares`, owner, {
        method: 'partner_access',
        partnerOrganizationId: partner.organization.id,
        recipients: all,
        scope: { type: 'entire_case' },
        access: 'view_and_download',
        durationDays: 30,
      });
      if (status !== 201) throw new Error(JSON.stringify(body));
      return body.id;
    };
    const id = await share();
    await world.rest();
    await api.patch(`/shares/${id}`, owner, { recipients: all.slice(1) });
    await world.rest();
    const life = workflowIdOf('partner-access', id);
    await daysPass(world, id, life, 28);
    await world.rest();
    await daysPass(world, id, life, 3);
    await world.rest();
    const another = await share();
    await world.rest();
    await api.post(`/shares/${another}/revoke`, owner, {});
  },
};
