/** What is asked of a community member when it hands in: exactly what the settings say. */
import type { ContactSettings } from '../../domain/portals/invite-settings.ts';
import { pointersOf } from '../../test/support/answers.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventsOf } from '../../test/support/events.ts';
import { buildUser, unique } from '../../test/support/factories.ts';
import { type Guest } from '../../test/support/guest.ts';
import {
  BY_HAND,
  buildInvite,
  buildInviteGuest,
  setIndividual,
  type TestInvite,
} from '../../test/support/portals.ts';
import { guestUpload } from '../../test/support/requests.ts';
import { verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type Choice = Parameters<typeof buildInvite>[2];

async function ready(
  contactInfo: Partial<ContactSettings>,
  choice: Choice = BY_HAND,
): Promise<{ readonly invite: TestInvite; readonly member: Guest }> {
  const owner = await buildUser(api);
  await setIndividual(api, owner, { contactInfo });
  const invite = await buildInvite(api, { owner }, choice);
  const member = await buildInviteGuest(api, invite);
  await guestUpload(member, Buffer.from(unique('x')));
  await verifyNow(api, invite.id);
  return { invite, member };
}

async function stored({ id }: TestInvite) {
  const [row] = await api.database.em
    .fork()
    .execute('select * from community_members where invite_id = ?', [id]);
  return row;
}

const REQUIRED = { store: true, required: ['last_name'], dateOfBirth: 'hidden' } as const;

test('what is asked is told, a hidden field is not named, and what is on file is not shown', async () => {
  const { member } = await ready(REQUIRED, {
    delivery: 'none',
    communityMember: { firstName: 'Ada', lastName: 'L' },
  });
  const { body } = await member.get();
  expect(body.contact).toEqual([
    { field: 'firstName', required: false, known: true },
    { field: 'lastName', required: true, known: true },
    { field: 'email', required: false, known: false },
    { field: 'phone', required: false, known: false },
  ]);
  expect(JSON.stringify(body)).not.toMatch(/Ada|ateOfBirth/);
});

test.each([
  ['a required field that is missing', REQUIRED, {}, ['lastName']],
  [
    'a hidden field that is sent',
    REQUIRED,
    { lastName: 'L', dateOfBirth: '1990-01-31' },
    ['dateOfBirth'],
  ],
  ['anything where nothing is stored', { store: false }, { email: 'a@example.test' }, ['email']],
  ['a phone without its country', REQUIRED, { lastName: 'L', phone: '0100200' }, ['phone']],
  [
    'every fault at once',
    { ...REQUIRED, required: ['first_name', 'last_name', 'email'] as const },
    { dateOfBirth: '1990-01-31' },
    ['firstName', 'lastName', 'email', 'dateOfBirth'],
  ],
] as const)(
  '%s refuses the submission, and nothing of it is done',
  async (_what, settings, given, fields) => {
    const { invite, member } = await ready(settings);
    const { status, body } = await member.post('/submission', { communityMember: given });
    const named = pointersOf({ body });
    expect([status, named]).toEqual([422, fields.map((field) => `/communityMember/${field}`)]);
    expect(await stored(invite)).toBeUndefined();
    expect(await eventsOf(api, invite.id)).not.toContain('submission.received');
  },
);

test('what is said is added to what is known; the audit names the fields and no value', async () => {
  const { invite, member } = await ready(REQUIRED, {
    delivery: 'none',
    communityMember: { lastName: 'Lovelace' },
  });
  const communityMember = { email: 'ada@example.test', phone: '+1 (555) 010-0200' };
  expect((await member.post('/submission', { communityMember })).status).toBe(201);
  expect(await stored(invite)).toMatchObject({
    ...{ last_name: 'Lovelace', email: 'ada@example.test', phone: '+15550100200' },
  });
  const [event] = await api.database.em.fork().execute<{ content: string }[]>(
    `select content::text as content from audit_events
     where action = 'invite.contact_changed' and objects @> array[?::uuid]`,
    [invite.id],
  );
  expect(event?.content).toContain('phone');
  expect(event?.content).not.toMatch(/ada@|\(555\)|5550100200/);
});

test('where nothing is stored, nothing is asked, and the sealed address is gone with the submission', async () => {
  const { invite, member } = await ready({ store: false }, { delivery: 'email' });
  const sealed = async () =>
    (
      await api.database.em
        .fork()
        .execute<unknown[]>('select 1 from invite_addresses where invite_id = ?', [invite.id])
    ).length;
  expect((await member.get()).body.contact).toEqual([]);
  expect(await sealed()).toBe(1);
  expect((await member.post('/submission')).status).toBe(201);
  expect([await sealed(), await stored(invite)]).toEqual([0, undefined]);
});

test('incident info that is hidden is not told', async () => {
  const owner = await buildUser(api);
  const invite = await buildInvite(api, { owner, reportId: 'R-17', description: 'A fire.' });
  const member = await buildInviteGuest(api, invite);
  expect((await member.get()).body.portal).toEqual({
    ...{ title: null, description: 'A fire.', reportId: 'R-17' },
  });
  const hidden = { id: 'hidden', categories: 'hidden', description: 'hidden' } as const;
  await setIndividual(api, owner, { incidentInfo: hidden });
  expect((await member.get()).body.portal).toEqual({
    ...{ title: null, description: null, reportId: null },
  });
});
