import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildOrganization,
  buildUser,
  buildUserWith,
  buildUserWithout,
  unique,
} from '../../../test/support/factories.ts';
import { buildRequest } from '../../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const DAY = 24 * 3_600_000;

describe('trusted users', () => {
  test('are added once, by an address in lower case', async () => {
    const admin = await buildUser(api);
    const email = `${unique('Shop')}@Example.test`;
    const added = await api.post('/trusted-users', admin, { email, name: 'Shop' });
    expect([added.status, added.body.email]).toEqual([201, email.toLowerCase()]);
    const again = await api.post('/trusted-users', admin, { email: email.toUpperCase() });
    expect([again.status, again.body.code]).toEqual([409, 'already-exists']);
    const elsewhere = await api.post('/trusted-users', await buildUser(api), { email });
    expect(elsewhere.status).toBe(201);
    expect((await api.get('/trusted-users?query=%00', admin)).status).toBe(422);
    const { body } = await api.get('/trusted-users?query=shop', admin);
    expect(body.data).toEqual([
      { ...added.body, language: 'en', openRequests: 0, addedAt: expect.any(String) },
    ]);
  });

  test('are removed with open requests only if those are closed with them', async () => {
    const request = await buildRequest(api);
    const path = `/trusted-users/${request.trustedUserId}`;
    const refused = await api.delete(path, request.sender);
    expect([refused.status, refused.body.code, refused.body.uploadRequests]).toEqual([
      409,
      'in-use',
      [request.id],
    ]);
    expect((await api.delete(`${path}?closeRequests=true`, request.sender)).status).toBe(204);
    const detail = await api.get(`/upload-requests/${request.id}`, request.sender);
    expect(detail.body.state).toBe('closed');
    expect((await api.delete(path, request.sender)).status).toBe(404);
    const added = await api.post('/trusted-users', request.sender, { email: request.email });
    expect(added.status).toBe(201);
  });

  test('need the feature and the permission; who sends requests may list them', async () => {
    const organization = await buildOrganization(api);
    const email = 'shop@example.test';
    const limited = await buildUserWithout(api, organization, 'admin.trustedUpload');
    const refused = await api.post('/trusted-users', limited, { email });
    expect(refused.body).toMatchObject({ status: 403, missing: ['admin.trustedUpload'] });
    expect((await api.get('/trusted-users', limited)).status).toBe(200);
    const neither = await buildUserWith(api, organization, { 'case.create': 'any' });
    expect((await api.get('/trusted-users', neither)).status).toBe(403);
    const without = await buildUser(api, {
      organization: await buildOrganization(api, { features: [] }),
    });
    const missing = await api.post('/trusted-users', without, { email });
    expect(missing.body).toMatchObject({ code: 'feature-missing', missing: ['trustedUpload'] });
  });
});

describe('a request', () => {
  test('is of a case, to a trusted user, with a link of 14 days', async () => {
    const request = await buildRequest(api, { note: ' Aisle 3 ' });
    const { body, headers } = await api.get(`/upload-requests/${request.id}`, request.sender);
    expect(body).toMatchObject({
      caseId: request.inCase.id,
      state: 'sent',
      trustedUser: { id: request.trustedUserId, email: request.email, name: 'Corner Shop' },
      sender: { id: request.sender.id },
      fields: ['police_number'],
      note: 'Aisle 3',
      expired: false,
      earlierRequestId: null,
      uploads: [],
    });
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(14 * DAY);
    expect(headers.get('ETag')).toBe('"v1"');
    const list = await api.get(`/cases/${request.inCase.id}/upload-requests`, request.sender);
    expect(list.body.data.map(({ id }: { id: string }) => id)).toEqual([request.id]);
    expect(api.pokes).toContain(`upload-request:${request.id}`);
  });

  test('is refused with every fault of what is chosen', async () => {
    const sender = await buildUser(api);
    const inCase = await buildCase(api, { owner: sender, policeNumber: 'P-1' });
    const answer = await api.post(`/cases/${inCase.id}/upload-requests`, sender, {
      trustedUserId: '01890000-0000-7000-8000-000000000000',
      fields: ['police_number', 'accused', 'court_number'],
    });
    expect(answer.status).toBe(422);
    expect(pointersOf(answer)).toEqual(['/trustedUserId', '/fields/1', '/fields/2']);
    const unknown = await api.post(`/cases/${inCase.id}/upload-requests`, sender, {
      trustedUserId: '01890000-0000-7000-8000-000000000000',
      fields: ['title'],
    });
    expect(unknown.body.errors[0].pointer).toBe('/fields/0');
  });

  test('needs the permission for the case, and is another organization’s secret', async () => {
    const request = await buildRequest(api);
    const organization = { id: request.sender.organizationId };
    const path = `/cases/${request.inCase.id}/upload-requests`;
    const choice = { trustedUserId: request.trustedUserId };
    const limited = await buildUserWithout(api, organization, 'request.send');
    const refused = await api.post(path, limited, choice);
    expect(refused.body).toMatchObject({ status: 403, missing: ['request.send'] });
    const own = await buildUserWith(api, organization, {
      'request.send': 'own',
      'case.edit': 'any',
    });
    expect((await api.post(path, own, choice)).status).toBe(403);
    expect((await api.get(`/upload-requests/${request.id}`, own)).status).toBe(200);
    for (const act of ['close', 'resend']) {
      expect((await api.post(`/upload-requests/${request.id}/${act}`, own)).status).toBe(403);
    }
    const outsider = await buildUser(api);
    for (const answer of [
      await api.get(`/upload-requests/${request.id}`, outsider),
      await api.patch(`/upload-requests/${request.id}`, outsider, { durationDays: 1 }),
      await api.post(`/upload-requests/${request.id}/close`, outsider),
      await api.post(`/upload-requests/${request.id}/resend`, outsider),
      await api.post(`/upload-requests/${request.id}/request-more`, outsider, {}),
      await api.get(`/upload-requests/${request.id}/activity-log`, outsider),
      await api.get(`/upload-requests/${request.id}/activity-log.csv`, outsider),
    ]) {
      expect(answer.status).toBe(404);
    }
  });

  test('is extended from now, up to the organization’s maximum, on the version that was read', async () => {
    const request = await buildRequest(api);
    const path = `/upload-requests/${request.id}`;
    await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    const stale = await api.patch(
      path,
      request.sender,
      { durationDays: 3 },
      { 'If-Match': '"v9"' },
    );
    expect(stale.status).toBe(412);
    const before = Date.now();
    const extended = await api.patch(path, request.sender, { durationDays: 3 });
    const left = Date.parse(extended.body.expiresAt) - before;
    expect(left).toBeGreaterThan(3 * DAY - 60_000);
    expect(left).toBeLessThan(3 * DAY + 60_000);
    const beyond = await api.patch(path, request.sender, { durationDays: 366 });
    expect([beyond.status, beyond.body.errors[0].pointer]).toEqual([422, '/durationDays']);
  });

  test('asks for more by a new one that points to it, also after it was closed', async () => {
    const request = await buildRequest(api);
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    const more = await api.post(`/upload-requests/${request.id}/request-more`, request.sender, {
      note: 'The back door too.',
    });
    expect(more.status).toBe(201);
    expect(more.body).toMatchObject({
      state: 'sent',
      earlierRequestId: request.id,
      trustedUser: { id: request.trustedUserId },
      caseId: request.inCase.id,
    });
  });

  test('is sent again with its live link, and with a new one where that has expired', async () => {
    const request = await buildRequest(api);
    const resend = () => api.post(`/upload-requests/${request.id}/resend`, request.sender);
    const live = await resend();
    expect([live.status, live.body.expiresAt]).toEqual([
      202,
      (await api.get(`/upload-requests/${request.id}`, request.sender)).body.expiresAt,
    ]);
    await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    expect((await resend()).body.expired).toBe(false);
    const [row] = await api.database.em
      .fork()
      .execute('select link_generation, sending from upload_requests where id = ?', [request.id]);
    expect(row).toEqual({ link_generation: 2, sending: 3 });
  });

  test('stays closed: it is not sent, extended or closed another time', async () => {
    const request = await buildRequest(api);
    const path = `/upload-requests/${request.id}`;
    const first = await api.post(`${path}/close`, request.sender);
    const again = await api.post(`${path}/close`, request.sender);
    expect(again.body).toEqual(first.body);
    const answers = [
      await api.post(`${path}/resend`, request.sender),
      await api.patch(path, request.sender, { durationDays: 5 }),
    ];
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([409, 'wrong-state']);
    }
  });
});
