import { verifyChain } from '../../../domain/audit/verify.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventsOf } from '../../../test/support/events.ts';
import {
  buildOrganization,
  buildUser,
  buildUserWithout,
  unique,
} from '../../../test/support/factories.ts';
import {
  buildInvite,
  buildPortal,
  buildSubmission,
  invitePath,
  setIndividual,
} from '../../../test/support/portals.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
});
afterAll(() => api.stop());

const DAY = 24 * 3_600_000;
const MARIA = {
  firstName: 'Maria',
  lastName: 'Quetzal',
  email: 'maria@quetzal.test',
  phone: '+15550100200',
  dateOfBirth: '1990-01-31',
  language: 'es',
};

describe('inviting', () => {
  test('gives a link for 10 days, in this answer and in no other', async () => {
    const portal = await buildPortal(api, { owner });
    const made = await api.post(`/portals/${portal.id}/invites`, owner, {
      delivery: 'email',
      communityMember: MARIA,
    });
    expect(made.status).toBe(201);
    expect(made.body.link).toBe(`${api.publicUrl}${invitePath(api, made.body.id)}`);
    const { body } = await api.get(`/portals/${portal.id}/invites`, owner);
    expect(body.data).toEqual([
      {
        id: made.body.id,
        portalId: portal.id,
        status: 'sent',
        delivery: 'email',
        language: 'es',
        communityMember: MARIA,
        expiresAt: made.body.expiresAt,
        sentAt: null,
        submittedAt: null,
        createdAt: expect.any(String),
      },
    ]);
    const [invite] = body.data;
    expect(Date.parse(invite.expiresAt) - Date.parse(invite.createdAt)).toBe(10 * DAY);
  });

  test('gives the same link again for the same key, and keeps it nowhere', async () => {
    const portal = await buildPortal(api, { owner });
    const body = { delivery: 'email', communityMember: MARIA };
    const key = { 'Idempotency-Key': unique('key') };
    const path = `/portals/${portal.id}/invites`;
    const first = await api.post(path, owner, body, key);
    const again = await api.post(path, owner, body, key);
    expect(again.body).toEqual(first.body);
    const [kept] = await api.database.em
      .fork()
      .execute<{ body: object }[]>('select body from idempotency_keys where key = ?', [
        key['Idempotency-Key'],
      ]);
    const { link: _, ...rest } = first.body;
    expect(kept?.body).toEqual(rest);
  });

  test('to one person’s portal happens once, until that invite has run out', async () => {
    const portal = await buildPortal(api, { owner });
    const invite = await buildInvite(api, portal);
    const second = await api.post(`/portals/${portal.id}/invites`, owner, { delivery: 'none' });
    expect(second.body).toMatchObject({ status: 409, code: 'wrong-state' });
    await alter(api, 'invites', invite.id, JUST_EXPIRED);
    const other = await buildInvite(api, portal);
    const resent = await api.post(`/invites/${invite.id}/resend`, owner);
    expect([resent.status, resent.body.code]).toEqual([409, 'wrong-state']);
    await buildSubmission(api, portal, other);
    const third = await api.post(`/portals/${portal.id}/invites`, owner, { delivery: 'none' });
    expect(third.status).toBe(409);
  });

  test('of two at once makes one', async () => {
    const portal = await buildPortal(api, { owner });
    const ask = () => api.post(`/portals/${portal.id}/invites`, owner, { delivery: 'none' });
    const answers = await Promise.all(Array.from({ length: 6 }, ask));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409, 409]);
  });

  test('by text message needs the organization’s webhook', async () => {
    const portal = await buildPortal(api, { owner, kind: 'public' });
    const ask = () =>
      api.post(`/portals/${portal.id}/invites`, owner, {
        delivery: 'sms',
        communityMember: { phone: '+1 (555) 0100-200' },
      });
    const refused = await ask();
    expect(refused.body.errors).toEqual([
      { pointer: '/delivery', detail: expect.stringContaining('webhook') },
    ]);
    await api.patch('/organization', owner, { smsWebhook: 'https://sms.example.test/hook' });
    expect((await ask()).status).toBe(201);
  });

  test('ends with the portal', async () => {
    const portal = await buildPortal(api, { owner, kind: 'public', durationDays: 2 });
    await buildInvite(api, portal);
    const { body } = await api.get(`/portals/${portal.id}/invites`, owner);
    const portalNow = await api.get(`/portals/${portal.id}`, owner);
    expect(body.data[0].expiresAt).toBe(portalNow.body.expiresAt);
    await alter(api, 'portals', portal.id, JUST_EXPIRED);
    const late = await api.post(`/portals/${portal.id}/invites`, owner, { delivery: 'none' });
    expect(late.body).toMatchObject({ status: 409, state: 'expired' });
    const expired = await api.get(`/portals/${portal.id}/invites?status=expired`, owner);
    expect(expired.body.page.total).toBe(1);
  });
});

describe('resending', () => {
  test('keeps a link that lives, and replaces one that has expired', async () => {
    const portal = await buildPortal(api, { owner });
    const invite = await buildInvite(api, portal);
    const live = await api.post(`/invites/${invite.id}/resend`, owner);
    expect([live.status, new URL(live.body.link).pathname]).toEqual([202, invite.path]);
    expect(live.body.expiresAt).toBe(invite.expiresAt);
    await alter(api, 'invites', invite.id, JUST_EXPIRED);
    const renewed = await api.post(`/invites/${invite.id}/resend`, owner);
    expect(new URL(renewed.body.link).pathname).toBe(invitePath(api, invite.id, 2));
    expect(Date.parse(renewed.body.expiresAt)).toBeGreaterThan(Date.now() + 9 * DAY);
    expect(await eventsOf(api, invite.id)).toEqual([
      'invite.created',
      'invite.resent',
      'invite.resent',
    ]);
  });

  test('is refused after something was handed in, and after the portal was closed', async () => {
    const portal = await buildPortal(api, { owner, kind: 'public' });
    const [spent, open] = [await buildInvite(api, portal), await buildInvite(api, portal)];
    await buildSubmission(api, portal, spent);
    const handedIn = await api.post(`/invites/${spent.id}/resend`, owner);
    expect(handedIn.body).toMatchObject({ status: 409, code: 'wrong-state' });
    await api.post(`/portals/${portal.id}/close`, owner);
    expect((await api.post(`/invites/${open.id}/resend`, owner)).status).toBe(409);
    const { body } = await api.get(`/portals/${portal.id}/invites`, owner);
    expect(body.data.map(({ status }: { status: string }) => status)).toEqual([
      'closed',
      'submitted',
    ]);
  });

  test('needs an address, which is not kept where contact information is not stored', async () => {
    await setIndividual(api, owner, { contactInfo: { store: false } });
    const portal = await buildPortal(api, { owner });
    const invite = await buildInvite(api, portal);
    expect((await api.post(`/invites/${invite.id}/resend`, owner)).status).toBe(202);
    await api.delete(`/invites/${invite.id}/community-member`, owner);
    const refused = await api.post(`/invites/${invite.id}/resend`, owner);
    expect(refused.body).toMatchObject({ status: 409, code: 'wrong-state' });
  });
});

describe('what is known of a community member', () => {
  /** Every row of every table in which this text occurs. */
  async function tablesWith(text: string): Promise<string[]> {
    const em = api.database.em.fork();
    const tables = await em.execute<{ name: string }[]>(
      `select table_name as name from information_schema.tables
       where table_schema = 'public' and table_type = 'BASE TABLE'`,
    );
    const found: string[] = [];
    for (const { name } of tables) {
      const rows = await em.execute<unknown[]>(
        `select 1 from "${name}" t where t::text ilike ? limit 1`,
        [`%${text}%`],
      );
      if (rows.length > 0) found.push(name);
    }
    return found;
  }

  test('lies in one place, from which it is erased on record, and the chain still verifies', async () => {
    const portal = await buildPortal(api, { owner });
    const communityMember = { ...MARIA, lastName: 'Tecolote', phone: '+15550100999' };
    const { body } = await api.post(
      `/portals/${portal.id}/invites`,
      owner,
      { delivery: 'email', communityMember },
      { 'Idempotency-Key': unique('key') },
    );
    expect(await tablesWith('tecolote')).toEqual(['community_members']);
    expect(await tablesWith('5550100999')).toEqual(['community_members']);
    const path = `/invites/${body.id}/community-member`;
    const limited = await buildUserWithout(api, organization, 'admin.invites');
    expect((await api.delete(path, limited)).status).toBe(403);
    expect((await api.delete(path, await buildUser(api))).status).toBe(404);
    expect((await api.delete(path, owner)).status).toBe(204);
    expect((await api.delete(path, owner)).status).toBe(204);
    expect(await tablesWith('tecolote')).toEqual([]);
    const listed = await api.get(`/portals/${portal.id}/invites`, owner);
    expect(listed.body.data[0].communityMember).toBeNull();
    const events = (await eventsOf(api, body.id)).filter((action) => action !== 'access.refused');
    expect(events).toEqual(['invite.created', 'invite.contact_erased']);
    const verified = await verifyChain(api.database.em.fork(), organization.id, null);
    expect(verified).toMatchObject({ fault: null });
  });

  test('is nowhere in the clear where it is not stored', async () => {
    await setIndividual(api, owner, { contactInfo: { store: false } });
    const email = 'hidden@address.test';
    const portal = await buildPortal(api, { owner });
    const made = await api.post(`/portals/${portal.id}/invites`, owner, {
      delivery: 'email',
      communityMember: { email },
    });
    expect(made.status).toBe(201);
    expect(await tablesWith(email)).toEqual([]);
    const { body } = await api.get(`/portals/${portal.id}/invites`, owner);
    expect(body.data[0].communityMember).toBeNull();
    await api.post(`/portals/${portal.id}/close`, owner);
    const left = await api.database.em
      .fork()
      .execute('select 1 from invite_addresses where invite_id = ?', [made.body.id]);
    expect(left).toEqual([]);
  });
});
