import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCategory,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let administrator: User;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api, { features: ['caseShare'] });
  administrator = await buildUser(api, { organization });
});
afterAll(() => api.stop());

describe('the organization', () => {
  test('is changed in every setting of its own', async () => {
    const change = {
      name: 'Südstadt Police',
      timeZone: 'Europe/Berlin',
      region: 'eu',
      defaultLinkDays: 14,
      maximumLinkDays: 60,
      defaultAccessDays: 30,
      maximumAccessDays: 400,
      declinedRetentionDays: 10,
      terms: { en: 'Be truthful.\nSign below.' },
      smsWebhook: 'https://sms.example.test/hook',
    };
    const fileExtensions = ['.MP4', 'wav', 'mp4'];
    const changed = await api.patch('/organization', administrator, { ...change, fileExtensions });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ ...change, fileExtensions: ['mp4', 'wav'] });
    expect((await api.get('/organization', administrator)).body).toEqual(changed.body);
    const cleared = await api.patch('/organization', administrator, {
      fileExtensions: null,
      smsWebhook: null,
      terms: {},
    });
    expect(cleared.body).toMatchObject({ fileExtensions: null, smsWebhook: null, terms: {} });
  });

  test('has defaults within its maxima, also where only one of the two is sent', async () => {
    const both = await api.patch('/organization', administrator, {
      maximumLinkDays: 20,
      defaultAccessDays: 366,
    });
    expect(both.status).toBe(422);
    expect(both.body.errors).toEqual([
      {
        pointer: '/defaultLinkDays',
        detail: 'Must not be more than maximumLinkDays, which is 20.',
      },
      {
        pointer: '/defaultAccessDays',
        detail: 'Must not be more than maximumAccessDays, which is 365.',
      },
    ]);
  });

  test.each(['Mars/Olympus', '+01:00', 'UTC+1', '', "Europe/Berlin'; --"])(
    'does not lie in the time zone %j',
    async (timeZone) => {
      expect((await api.patch('/organization', administrator, { timeZone })).status).toBe(422);
    },
  );

  test.each(['UTC', 'Asia/Kolkata', 'US/Central', 'america/new_york'])(
    'may lie in the time zone %s, which PostgreSQL knows as well',
    async (timeZone) => {
      const { status, body } = await api.patch('/organization', administrator, { timeZone });
      expect(status).toBe(200);
      const known = `select now() at time zone '${body.timeZone}'`;
      await expect(api.database.em.fork().execute(known)).resolves.toHaveLength(1);
    },
  );

  test('needs a feature for a retention policy, which only the operator can switch on', async () => {
    const change = { defaultRetentionPolicy: 'longest_retention_period' };
    const refused = await api.patch('/organization', administrator, change);
    expect([refused.status, refused.body.code]).toEqual([403, 'feature-missing']);
    expect(refused.body.missing).toEqual(['configurableCaseRetention']);
    const features = await api.patch('/organization', administrator, { features: ['caseShare'] });
    expect(features.body.errors[0].pointer).toBe('/features');
    const place = await buildOrganization(api, { features: ['configurableCaseRetention'] });
    const allowed = await buildUser(api, { organization: place });
    expect((await api.patch('/organization', allowed, change)).body).toMatchObject(change);
  });

  test('takes no webhook that nothing could be sent to', async () => {
    const set = (smsWebhook: string) => api.patch('/organization', administrator, { smsWebhook });
    for (const userInfo of ['user@', 'user:secret@', ':secret@']) {
      const answer = await set(`https://${userInfo}sms.example.test/hook`);
      expect([answer.status, answer.body.errors?.[0]?.pointer]).toEqual([422, '/smsWebhook']);
    }
    expect((await set('https://sms.example.test/hook?from=me@example.test')).status).toBe(200);
  });

  test('keeps its webhook from those who do not administer it', async () => {
    await api.patch('/organization', administrator, { smsWebhook: 'https://sms.example.test/k' });
    const reader = await buildUser(api, { organization, roles: ['auditor'] });
    expect((await api.get('/organization', reader)).body).not.toHaveProperty('smsWebhook');
  });
});

describe('retention categories', () => {
  test('are made, changed, listed and deleted', async () => {
    const created = await api.post('/retention-categories', administrator, { name: 'Traffic' });
    expect(created.body).toMatchObject({ name: 'Traffic', retentionDays: null });
    const path = `/retention-categories/${created.body.id}`;
    const changed = await api.patch(path, administrator, { retentionDays: 90 });
    expect(changed.body).toMatchObject({ name: 'Traffic', retentionDays: 90 });
    expect((await api.patch(path, administrator, { retentionDays: 0 })).status).toBe(422);
    const list = await api.get('/retention-categories', administrator);
    expect(list.body).toEqual({ data: [changed.body], page: { count: 1, total: 1, next: null } });
    const again = await api.post('/retention-categories', administrator, { name: 'TRAFFIC' });
    expect(again.body.code).toBe('already-exists');
    expect((await api.delete(path, administrator)).status).toBe(204);
    expect((await api.get(path, administrator)).status).toBe(404);
  });

  test('that evidence has are not deleted', async () => {
    const category = await buildCategory(api, organization);
    const evidence = await buildEvidence(api, { owner: administrator });
    await api.database.em
      .fork()
      .execute('insert into evidence_categories (evidence_id, category_id) values (?, ?)', [
        evidence.id,
        category.id,
      ]);
    const refused = await api.delete(`/retention-categories/${category.id}`, administrator);
    expect([refused.status, refused.body.code]).toEqual([409, 'in-use']);
  });
});
