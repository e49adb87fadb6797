/** The life of an invite, with everything real: API, PostgreSQL, Temporal, worker, store, SMTP, a webhook. */
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventsOf } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { buildOrganization, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import {
  buildInvited as buildInvitedIn,
  endLife,
  inviteLifeOf,
  mailsTo,
  planned,
} from '../support/portal-lives.ts';
import {
  buildInvite,
  buildInviteGuest,
  buildPortal,
  buildSubmission,
  invitePath,
  setIndividual,
  type TestInvite,
} from '../support/portals.ts';
import { guestSend, guestUpload } from '../support/requests.ts';
import { type SmsSink, startSmsSink } from '../support/sms-sink.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let lives: TestLives;
let sms: SmsSink;
beforeAll(async () => {
  lives = await startLives();
  sms = await startSmsSink();
});
afterAll(async () => {
  await lives.stop();
  await sms.stop();
});

const forward = (invite: TestInvite, milliseconds: number) =>
  lives.temporal.fastForward(inviteLifeOf(invite), milliseconds);

/** An administrator whose organization reminds of invites. */
async function reminding(options: { readonly region?: 'us' } = {}): Promise<User> {
  const organization = await buildOrganization(lives.api, options);
  const owner = await buildUser(lives.api, { organization });
  await setIndividual(lives.api, owner, { reminders: true });
  return owner;
}

async function invited(owner: User, member: object = {}): Promise<TestInvite> {
  const portal = await buildPortal(lives.api, { owner, title: 'Mill Road', reportId: 'R-17' });
  return buildInvitedIn(lives, portal, member);
}

const count = (invite: TestInvite) => mailsTo(lives, invite.email).length;

test('the invitation names nobody, comes from the organization, and opens the page', async () => {
  const owner = await reminding();
  const invite = await invited(owner, {
    firstName: 'Xochitl',
    lastName: 'Quetzal',
    language: 'fr',
  });
  const mail = lives.mail.mails.find(({ to }) => to?.[0]?.address === invite.email);
  expect(mail?.from).toEqual({ name: 'Northfield Police', address: 'casebridge@example.test' });
  expect(mail?.replyTo?.map(({ address }) => address)).toEqual([owner.email]);
  expect(mail?.subject).toBe('Northfield Police vous demande des preuves');
  for (const content of [mail?.text, mail?.html]) {
    expect(content).toContain(`${lives.api.publicUrl}${invite.path}`);
    expect(content).toContain('Mill Road');
    expect(content).toContain('R-17');
    for (const secret of ['Xochitl', 'Quetzal', 'secret-']) expect(content).not.toContain(secret);
  }
  const rows = await lives.api.database.em
    .fork()
    .execute<object[]>('select * from notifications where subject_id = ?', [invite.id]);
  for (const secret of [invite.email, 'Quetzal', invite.path.slice(3)]) {
    expect(JSON.stringify(rows)).not.toContain(secret);
  }
  await endLife(lives, inviteLifeOf(invite));
});

test('reminders come 2 and 5 days after sending and a day before expiry, and then it expires', async () => {
  const invite = await invited(await reminding());
  await forward(invite, 2 * DAY - 5 * MINUTE);
  expect(count(invite)).toBe(1);
  await forward(invite, 10 * MINUTE);
  await eventually('the first reminder', () => count(invite) === 2);
  await forward(invite, 3 * DAY);
  await eventually('the second reminder', () => count(invite) === 3);
  await forward(invite, 4 * DAY - 20 * MINUTE);
  expect(count(invite)).toBe(3);
  await forward(invite, 30 * MINUTE);
  await eventually('the last reminder', () => count(invite) === 4);
  await forward(invite, 2 * DAY);
  await eventually('expiry on record', async () =>
    (await eventsOf(lives.api, invite.id)).includes('invite.expired'),
  );
  await forward(invite, 14 * DAY);
  await lives.temporal.client.workflow.getHandle(inviteLifeOf(invite)).result();
  expect(count(invite)).toBe(4);
  expect(await eventsOf(lives.api, invite.id)).toEqual([
    'invite.created',
    'invite.sent',
    'invite.reminded',
    'invite.reminded',
    'invite.reminded',
    'invite.expired',
    'invite.discarded',
  ]);
});

test('nobody is reminded where reminders are off, in other regions, or of a public portal', async () => {
  const off = await reminding();
  await setIndividual(lives.api, off, { reminders: false });
  const moved = await reminding();
  await lives.api.patch('/organization', moved, { region: 'us-federal' });
  const owner = await reminding();
  const page = await buildPortal(lives.api, { owner, kind: 'public' });
  const excluded = await buildOrganization(lives.api, { region: 'eu-legacy' });
  const there = await buildUser(lives.api, { organization: excluded });
  await expect(setIndividual(lives.api, there, { reminders: true })).rejects.toThrow('/reminders');
  const invites = await Promise.all([
    ...[off, moved, there].map((of) => invited(of)),
    buildInvitedIn(lives, page),
  ]);
  await Promise.all(
    invites.map(async (invite) => {
      await forward(invite, 9 * DAY + 30 * MINUTE);
      await planned(lives, inviteLifeOf(invite));
      expect([count(invite), await eventsOf(lives.api, invite.id)]).toEqual([
        1,
        ['invite.created', 'invite.sent'],
      ]);
      await endLife(lives, inviteLifeOf(invite));
    }),
  );
});

test('switching reminders off stops one that waits for the mail server', async () => {
  const owner = await reminding();
  const invite = await invited(owner);
  lives.mail.refuse = { code: 451, message: 'greylisted' };
  await forward(invite, 2 * DAY + MINUTE);
  const reminder = async () =>
    (
      await lives.api.database.em
        .fork()
        .execute<{ state: string; attempts: number }[]>(
          `select state, attempts from notifications where subject_id = ? and kind = 'invite-reminder'`,
          [invite.id],
        )
    )[0];
  await eventually('the attempt', async () => (await reminder())?.attempts);
  await setIndividual(lives.api, owner, { reminders: false });
  lives.mail.refuse = undefined;
  await forward(invite, 5 * 60 * MINUTE);
  await eventually('its end', async () => (await reminder())?.state === 'cancelled');
  expect(count(invite)).toBe(1);
  await endLife(lives, inviteLifeOf(invite));
});

test('nobody is reminded after something was handed in', async () => {
  const owner = await reminding();
  const portal = await buildPortal(lives.api, { owner });
  const invite = await buildInvitedIn(lives, portal);
  await forward(invite, 2 * DAY + MINUTE);
  await eventually('the first reminder', () => count(invite) === 2);
  await buildSubmission(lives.api, portal, invite);
  await lives.temporal.client.workflow.getHandle(inviteLifeOf(invite)).result();
  expect(count(invite)).toBe(2);
});

test('resending an expired invite sends a new link, and reminders begin anew', async () => {
  const owner = await reminding();
  const invite = await invited(owner);
  const em = lives.api.database.em.fork();
  await em.execute(`update invites set expires_at = expires_at - interval '11 days' where id = ?`, [
    invite.id,
  ]);
  await em.execute(
    `update invite_progress set invited_at = invited_at - interval '11 days',
       last_mail_at = last_mail_at - interval '11 days' where invite_id = ?`,
    [invite.id],
  );
  const resent = await lives.api.post(`/invites/${invite.id}/resend`, owner);
  expect(resent.status).toBe(202);
  await eventually('the new link', () => count(invite) === 2);
  const renewed = invitePath(lives.api, invite.id, 2);
  expect(lives.mail.mails.some(({ text }) => text?.includes(renewed))).toBe(true);
  await planned(lives, inviteLifeOf(invite));
  await forward(invite, 2 * DAY + MINUTE);
  await eventually('a reminder of the new link', () => count(invite) === 3);
  await endLife(lives, inviteLifeOf(invite));
});

test('what was never handed in is removed 14 days after expiry, and the address at expiry', async () => {
  const owner = await reminding();
  await setIndividual(lives.api, owner, { contactInfo: { store: false }, reminders: true });
  const invite = await invited(owner);
  const guest = await buildInviteGuest(lives.api, invite);
  await guestUpload(guest, Buffer.from(`never handed in ${invite.id}`));
  await guestSend(guest, Buffer.from('never finished'));
  const uploads = async () =>
    lives.api.database.em
      .fork()
      .execute<{ state: string; tidy_at: unknown; evidence_id: string | null }[]>(
        'select state, tidy_at, evidence_id from uploads where invite_id = ? order by state',
        [invite.id],
      );
  await eventually('verification', async () =>
    (await uploads()).some(({ state }) => state === 'verified'),
  );
  const addresses = async () =>
    (
      await lives.api.database.em
        .fork()
        .execute('select 1 from invite_addresses where invite_id = ?', [invite.id])
    ).length;
  expect(await addresses()).toBe(1);
  await forward(invite, 10 * DAY + MINUTE);
  await eventually('the address to be erased', async () => (await addresses()) === 0);
  expect((await uploads()).map(({ state }) => state)).toEqual(['uploading', 'verified']);
  await forward(invite, 14 * DAY);
  await lives.temporal.client.workflow.getHandle(inviteLifeOf(invite)).result();
  const intake = workflowIdOf('evidence-intake', invite.id);
  await planned(lives, intake);
  await lives.temporal.fastForward(intake, 25 * DAY);
  await eventually('the store to be tidy', async () =>
    (await uploads()).every(({ tidy_at }) => tidy_at === null),
  );
  expect((await uploads()).map((row) => [row.state, row.evidence_id])).toEqual([
    ['aborted', null],
    ['aborted', null],
  ]);
  const left = await lives.api.database.em
    .fork()
    .execute(`select 1 from evidence where uploaded_by ->> 'id' = ?`, [invite.id]);
  expect(left).toEqual([]);
});

test('closing the portal ends its invites, and removes what was not handed in', async () => {
  const owner = await reminding();
  const portal = await buildPortal(lives.api, { owner });
  const invite = await buildInvitedIn(lives, portal);
  await lives.api.post(`/portals/${portal.id}/close`, owner);
  await lives.temporal.client.workflow.getHandle(inviteLifeOf(invite)).result();
  expect((await eventsOf(lives.api, invite.id)).at(-1)).toBe('invite.discarded');
  expect(count(invite)).toBe(1);
});

test('a text message goes through the organization’s webhook, and is tried again', async () => {
  const owner = await reminding();
  await lives.api.database.em
    .fork()
    .execute('update organizations set sms_webhook = ? where id = ?', [
      sms.url,
      owner.organizationId,
    ]);
  sms.status = 503;
  const portal = await buildPortal(lives.api, { owner });
  const invite = await buildInvite(lives.api, portal, {
    delivery: 'sms',
    communityMember: { phone: '+1 555 0100 777', language: 'es' },
  });
  await eventually('the first attempt', () => sms.texts.length === 1);
  sms.status = 200;
  await planned(lives, inviteLifeOf(invite));
  await forward(invite, 2 * MINUTE);
  await eventually('the second attempt', () => sms.texts.length === 2);
  const [first, second] = sms.texts;
  expect(second).toEqual(first);
  expect(second).toMatchObject({ to: '+15550100777', key: second?.id });
  expect(second?.text).toBe(
    `Northfield Police le solicita pruebas. Enlace privado, válido 10 días: ${lives.api.publicUrl}${invite.path}`,
  );
  await forward(invite, 2 * DAY);
  await eventually('the reminder', () => sms.texts.length === 3);
  expect(sms.texts[2]?.text).toMatch(/^Recordatorio: /);
  await endLife(lives, inviteLifeOf(invite));
});

test('histories hold no address, name or token', async () => {
  const invite = await invited(await reminding(), { firstName: 'Xochitl' });
  const handle = lives.temporal.client.workflow.getHandle(inviteLifeOf(invite));
  const history = JSON.stringify(await handle.fetchHistory());
  for (const secret of [invite.email, 'Xochitl', 'Mill Road', invite.path.slice(3)]) {
    expect(history).not.toContain(secret);
  }
  await endLife(lives, inviteLifeOf(invite));
});
