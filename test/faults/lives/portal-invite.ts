/**
 * Two invites: one is reminded of, expires, is sent again and used; the other, by text message, expires with a file
 * never handed in.
 */
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import { buildUser } from '../../support/factories.ts';
import {
  buildInvite,
  buildInviteGuest,
  buildPortal,
  invitePath,
  setIndividual,
  type TestInvite,
} from '../../support/portals.ts';
import { guestUpload } from '../../support/requests.ts';
import { untilAnswered } from '../crash-points/client.ts';
import type { LifeStory } from '../crash-points/runner.ts';
import type { World } from '../crash-points/world.ts';

/** The story of invites. */
export const portalInviteStory: LifeStory = {
  kind: 'portal-invite',
  async live(world) {
    const { api } = world;
    const owner = await buildUser(api);
    await setIndividual(api, owner, { reminders: true, autoAccept: true });
    const portal = await buildPortal(api, { owner, title: 'Mill Road' });
    const used = await buildInvite(api, portal);
    await world.rest();
    await daysPass(world, used, 2.1);
    await world.rest();
    await daysPass(world, used, 8);
    await world.rest();
    await api.post(`/invites/${used.id}/resend`, owner, {});
    await world.rest();
    const renewed = { ...used, path: invitePath(api, used.id, 2) };
    const guest = await open(world, renewed);
    await guestUpload(guest, Buffer.from('what a neighbour saw'), 'window.mp4');
    await world.rest();
    await guest.post('/submission');
    await world.rest();

    await world.sql('update organizations set sms_webhook = ? where id = ?', [
      world.sms.url,
      owner.organizationId,
    ]);
    const another = await buildPortal(api, { owner, title: 'Mill Lane' });
    const left = await buildInvite(api, another, {
      delivery: 'sms',
      communityMember: { phone: '+15550100777' },
    });
    await world.rest();
    await guestUpload(await open(world, left), Buffer.from('never handed in'), 'left.mp4');
    await world.rest();
    await daysPass(world, left, 10.1);
    await world.rest();
    await daysPass(world, left, 14);
    await world.rest();
    await world.sql(
      `update uploads set tidy_at = clock_timestamp(),
         last_active_at = last_active_at - interval '2 hours'
       where tidy_at is not null`,
    );
    await world.poke(workflowIdOf('evidence-intake', left.id));
  },
};

async function open({ api }: World, invite: TestInvite) {
  return untilAnswered(() => buildInviteGuest(api, invite));
}

async function daysPass({ sql, poke }: World, { id }: TestInvite, days: number): Promise<void> {
  const by = `interval '${days * 24} hours'`;
  await sql(`update invites set expires_at = expires_at - ${by} where id = ?`, [id]);
  await sql(
    `update invite_progress set invited_at = invited_at - ${by},
       last_mail_at = last_mail_at - ${by}, expiry_handled_for = expiry_handled_for - ${by}
     where invite_id = ?`,
    [id],
  );
  await poke(workflowIdOf('portal-invite', id));
}
