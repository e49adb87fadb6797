import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildOrganization,
  buildUser,
  buildUserWith,
  buildUserWithout,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let administrator: User;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api);
  administrator = await buildUser(api, { organization });
});
afterAll(() => api.stop());

const INDIVIDUAL = '/settings/individual-invites';
const PUBLIC = '/settings/public-portals';
const contactInfo = { store: true, required: ['last_name', 'first_name'], dateOfBirth: 'hidden' };
const individual = {
  incidentInfo: { id: 'required', categories: 'hidden', description: 'optional' },
  contactInfo,
  autoAccept: true,
  reminders: true,
};

async function changes(): Promise<unknown[]> {
  const rows = await api.database.em.fork().execute<{ content: string }[]>(
    `select content from audit_events where action = 'settings.changed' and organization_id = ?
       order by sequence`,
    [organization.id],
  );
  return rows.map(({ content }) => JSON.parse(content).data);
}

describe('the settings of invites', () => {
  test('are defaults until somebody sets them, all at once, with old and new values on record', async () => {
    const before = await api.get(INDIVIDUAL, administrator);
    expect([before.status, before.headers.get('ETag')]).toEqual([200, '"v0"']);
    const set = await api.put(INDIVIDUAL, administrator, individual, { 'If-Match': '"v0"' });
    const expected = {
      ...individual,
      contactInfo: { ...contactInfo, required: ['first_name', 'last_name'] },
    };
    expect([set.status, set.body]).toEqual([200, expected]);
    expect((await api.get(INDIVIDUAL, administrator)).body).toEqual(expected);
    await api.put(INDIVIDUAL, administrator, individual);
    const late = await api.put(INDIVIDUAL, administrator, individual, { 'If-Match': '"v0"' });
    expect(late.status).toBe(412);
    const forPublic = { contactInfo, autoAccept: true };
    const old = (await api.get(PUBLIC, administrator)).body;
    const both = await api.put(PUBLIC, administrator, forPublic);
    expect(both.body).toEqual({ contactInfo: expected.contactInfo, autoAccept: true });
    expect(await changes()).toEqual([
      { settings: 'individual-invites', old: before.body, new: expected },
      { settings: 'public-portals', old, new: both.body },
    ]);
  });

  test('of two people at once are those of one, then of the other', async () => {
    const set = (autoAccept: boolean) =>
      api.put(PUBLIC, administrator, { contactInfo, autoAccept }, { 'If-Match': '"v0"' });
    const answers = await Promise.all([set(true), set(false), set(true)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412, 412]);
  });

  test('are refused with every fault at once', async () => {
    const refused = await api.put(INDIVIDUAL, administrator, {
      incidentInfo: { id: 'maybe', categories: 'hidden' },
      contactInfo: {
        store: 'yes',
        required: ['date_of_birth', 'shoe_size'],
        dateOfBirth: 'hidden',
      },
      reminders: true,
    });
    expect(pointersOf(refused).sort()).toEqual([
      '/autoAccept',
      '/contactInfo/required/0',
      '/contactInfo/required/1',
      '/contactInfo/store',
      '/incidentInfo/description',
      '/incidentInfo/id',
    ]);
  });

  test.each(['eu-legacy', 'us-federal'] as const)('have no reminders in %s', async (region) => {
    organization = await buildOrganization(api, { region });
    const there = await buildUser(api, { organization });
    const refused = await api.put(INDIVIDUAL, there, individual);
    expect(refused.body.errors).toEqual([
      { pointer: '/reminders', detail: expect.stringContaining(region) },
    ]);
    expect((await api.put(INDIVIDUAL, there, { ...individual, reminders: false })).status).toBe(
      200,
    );
  });

  test('are set by those who administer invites, and known to those who make them', async () => {
    const inviter = await buildUserWith(api, organization, { 'portal.invite': 'own' });
    const nobody = await buildUserWith(api, organization, { 'case.create': 'any' });
    for (const path of [INDIVIDUAL, PUBLIC]) {
      expect((await api.get(path, inviter)).status).toBe(200);
      expect((await api.get(path, nobody)).body).toMatchObject({ missing: ['admin.invites'] });
    }
    const limited = await buildUserWithout(api, organization, 'admin.invites');
    const refused = await api.put(INDIVIDUAL, limited, individual);
    expect(refused.body).toMatchObject({ status: 403, missing: ['admin.invites'] });
    const plain = await buildOrganization(api, { features: [] });
    const there = await buildUser(api, { organization: plain });
    const without = await api.put(INDIVIDUAL, there, individual);
    expect(without.body).toMatchObject({ status: 403, missing: ['communityRequest'] });
  });
});
