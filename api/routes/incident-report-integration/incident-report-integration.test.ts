import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCategory,
  buildOrganization,
  buildUser,
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

const PATH = '/settings/incident-report-integration';
const owners = () => ({ requestOwnerId: administrator.id, evidenceOwnerId: administrator.id });

describe('the settings of the incident-report integration', () => {
  test('are empty, then as they were set, with their old and new values on record', async () => {
    const before = await api.get(PATH, administrator);
    expect([before.status, before.headers.get('ETag'), before.body]).toMatchObject([
      200,
      '"v0"',
      { requestOwnerId: null, evidenceOwnerId: null, autoAccept: false, defaultCategoryId: null },
    ]);
    const owner = await buildUser(api, { organization });
    const category = await buildCategory(api, organization);
    const all = {
      requestOwnerId: owner.id,
      evidenceOwnerId: administrator.id,
      notifyRequestOwnerOnPortal: true,
      notifyEvidenceOwnerOnSubmission: true,
      autoAccept: true,
      defaultCategoryId: category.id,
    };
    const set = await api.put(PATH, administrator, all, { 'If-Match': '"v0"' });
    expect([set.status, set.body]).toEqual([200, all]);
    // What is not sent is switched off.
    const less = await api.put(PATH, administrator, owners());
    expect(less.body).toEqual({
      ...owners(),
      notifyRequestOwnerOnPortal: false,
      notifyEvidenceOwnerOnSubmission: false,
      autoAccept: false,
      defaultCategoryId: null,
    });
    await api.put(PATH, administrator, owners());
    const events = await api.database.em
      .fork()
      .execute<{ content: string }[]>(
        `select content from audit_events where action = 'settings.changed' and organization_id = ? order by sequence`,
        [organization.id],
      );
    expect(events.map(({ content }) => JSON.parse(content).data)).toEqual([
      { settings: 'incident-report-integration', old: null, new: all },
      { settings: 'incident-report-integration', old: all, new: less.body },
    ]);
  });

  test('are not set on top of others that were not read', async () => {
    await api.put(PATH, administrator, owners());
    const late = await api.put(PATH, administrator, owners(), { 'If-Match': '"v0"' });
    expect(late.status).toBe(412);
  });

  test('name active users and categories of the organization, and every fault at once', async () => {
    const elsewhere = await buildUser(api);
    const gone = await buildUser(api, { organization });
    await api.delete(`/users/${gone.id}`, administrator);
    const category = await buildCategory(api, { id: elsewhere.organizationId });
    const refused = await api.put(PATH, administrator, {
      requestOwnerId: elsewhere.id,
      evidenceOwnerId: gone.id,
      defaultCategoryId: category.id,
    });
    expect(refused.body.errors).toEqual([
      { pointer: '/requestOwnerId', detail: 'There is no such active user in this organization.' },
      { pointer: '/evidenceOwnerId', detail: 'There is no such active user in this organization.' },
      {
        pointer: '/defaultCategoryId',
        detail: 'There is no such retention category in this organization.',
      },
    ]);
    const missing = await api.put(PATH, administrator, {});
    expect(pointersOf(missing)).toEqual(['/requestOwnerId', '/evidenceOwnerId']);
  });

  test('keep their category from being deleted', async () => {
    const category = await buildCategory(api, organization);
    await api.put(PATH, administrator, { ...owners(), defaultCategoryId: category.id });
    const path = `/retention-categories/${category.id}`;
    const refused = await api.delete(path, administrator);
    expect([refused.status, refused.body.code]).toEqual([409, 'in-use']);
    await api.put(PATH, administrator, owners());
    expect((await api.delete(path, administrator)).status).toBe(204);
  });

  test('take a permission and the feature', async () => {
    const clerk = await buildUserWithout(api, organization, 'admin.invites');
    const basic = await buildOrganization(api, { features: ['communityRequest'] });
    const without = await buildUser(api, { organization: basic });
    for (const [user, missing] of [
      [clerk, 'admin.invites'],
      [without, 'communityRequestPlus'],
    ] as const) {
      for (const answer of [await api.get(PATH, user), await api.put(PATH, user, owners())]) {
        expect([answer.status, answer.body.missing]).toEqual([403, [missing]]);
      }
    }
  });
});
