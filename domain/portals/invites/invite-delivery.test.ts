/** What becomes of messages to community members when something happens before they are sent. */
import { createMailer } from '../../../platform/mail.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildUser } from '../../../test/support/factories.ts';
import { type MailSink, startMailSink } from '../../../test/support/mail-sink.ts';
import {
  buildInvite,
  buildPortal,
  buildSubmission,
  setIndividual,
  type TestInvite,
  type TestPortal,
} from '../../../test/support/portals.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';
import { takeTurn } from '../../../test/support/settings-world.ts';
import { type SmsSink, startSmsSink } from '../../../test/support/sms-sink.ts';
import type { User } from '../../identity/user.entity.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { deliverMail } from '../../notifications/deliver.ts';

let api: TestApi;
let sink: MailSink;
let sms: SmsSink;
let owner: User;
let portal: TestPortal;
beforeAll(async () => {
  api = await startApi();
  sink = await startMailSink();
  sms = await startSmsSink();
});
beforeEach(async () => {
  sink.mails.length = 0;
  sms.texts.length = 0;
  owner = await buildUser(api);
  portal = await buildPortal(api, { owner });
});
afterAll(async () => {
  await api.stop();
  await sink.stop();
  await sms.stop();
});

const lifeOf = ({ id }: TestInvite) => workflowIdOf('portal-invite', id);

async function deliver(invite: TestInvite): Promise<void> {
  const mailer = createMailer({ smtpUrl: sink.url, from: 'casebridge@example.test' });
  await deliverMail({ ...api, mailer }, lifeOf(invite), new Date(), new AbortController().signal);
}

/** How each message about an invite ended, oldest first. */
async function outcomes(invite: TestInvite): Promise<string[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ state: string; failure: string | null }[]>(
      'select state, failure from notifications where subject_id = ? order by id',
      [invite.id],
    );
  return rows.map(({ state, failure }) => (failure === null ? state : `${state}: ${failure}`));
}

/** An invite whose message is written and waits. */
async function waiting(options: Parameters<typeof buildInvite>[2] = {}): Promise<TestInvite> {
  const invite = await buildInvite(api, portal, options);
  await takeTurn(api, lifeOf(invite), new Date());
  expect(await outcomes(invite)).toEqual(['pending']);
  return invite;
}

const setWebhook = (url: string | null) =>
  api.database.em
    .fork()
    .execute('update organizations set sms_webhook = ? where id = ?', [url, owner.organizationId]);

test.each([true, false])(
  'an address is looked up when it is needed (stored: %s)',
  async (store) => {
    await setIndividual(api, owner, { contactInfo: { store } });
    const invite = await waiting();
    await deliver(invite);
    expect(sink.mails.map(({ to }) => to?.[0]?.address)).toEqual([invite.email]);
    expect(await outcomes(invite)).toEqual(['sent']);
  },
);

test('what was stored before is still written to, though it is shown no longer', async () => {
  const invite = await waiting();
  await setIndividual(api, owner, { contactInfo: { store: false } });
  await deliver(invite);
  expect(await outcomes(invite)).toEqual(['sent']);
});

test.each<[string, (invite: TestInvite) => Promise<unknown>]>([
  ['was erased', ({ id }) => api.delete(`/invites/${id}/community-member`, owner)],
  ['handed something in', (invite) => buildSubmission(api, portal, invite)],
  ['was too late', ({ id }) => alter(api, 'invites', id, JUST_EXPIRED)],
  ['has a closed portal', () => api.post(`/portals/${portal.id}/close`, owner)],
])('nobody is written to who %s', async (_, happens) => {
  const invite = await waiting();
  await happens(invite);
  await deliver(invite);
  expect(sink.mails).toEqual([]);
  expect(await outcomes(invite)).toEqual(['cancelled']);
});

test('an invitation that was sent again goes out once', async () => {
  const invite = await waiting();
  await api.post(`/invites/${invite.id}/resend`, owner);
  await takeTurn(api, lifeOf(invite), new Date());
  await deliver(invite);
  expect(await outcomes(invite)).toEqual(['cancelled', 'sent']);
  expect(sink.mails).toHaveLength(1);
});

test('a text message waits for a webhook that was removed, and is not sent by mail', async () => {
  await setWebhook(sms.url);
  const invite = await waiting({
    delivery: 'sms',
    communityMember: { phone: '+15550100200', email: 'other@example.test' },
  });
  await setWebhook(null);
  await deliver(invite);
  expect(await outcomes(invite)).toEqual(['pending: SMS no webhook']);
  expect([sink.mails, sms.texts]).toEqual([[], []]);
});

test('a webhook that refuses a message for good is not asked again', async () => {
  await setWebhook(sms.url);
  sms.status = 400;
  const invite = await waiting({
    delivery: 'sms',
    communityMember: { phone: '+15550100200' },
  });
  await deliver(invite);
  await deliver(invite);
  expect(await outcomes(invite)).toEqual(['failed: SMS 400']);
  expect(sms.texts).toHaveLength(1);
});
