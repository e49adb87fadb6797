/** Sending files through an upload request: what is let in, what is not, and what becomes of it. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventsOf } from '../../test/support/events.ts';
import { eventually } from '../../test/support/eventually.ts';
import { unique } from '../../test/support/factories.ts';
import { guestAt } from '../../test/support/guest.ts';
import {
  buildGuest,
  buildRequest,
  guestSend,
  guestUpload,
  requestPath,
  type TestRequest,
} from '../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../test/support/rows.ts';
import { tidyNow, verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const CONTENT = Buffer.from('the bytes of a camera');
const some = () => Buffer.from(unique('content'));

async function caseEvidence(request: TestRequest) {
  return (await api.get(`/cases/${request.inCase.id}/evidence`, request.sender)).body.data;
}

test('a file that was read back is in the case: new, of the trusted user, owned by the sender', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const id = await guestUpload(guest, CONTENT);
  expect((await guest.get(`/uploads/${id}`)).body).toMatchObject({ state: 'verifying' });
  await verifyNow(api, request.id);
  const sha256 = createHash('sha256').update(CONTENT).digest('hex');
  expect((await guest.get(`/uploads/${id}`)).body).toMatchObject({ state: 'verified', sha256 });
  const [evidence] = await caseEvidence(request);
  expect(evidence).toMatchObject({
    state: 'active',
    isNew: true,
    uploadedBy: { type: 'trusted_user', id: request.trustedUserId, name: 'Corner Shop' },
    owner: { id: request.sender.id },
    file: { name: 'cam3.mp4', sha256 },
  });
  const detail = await api.get(`/upload-requests/${request.id}`, request.sender);
  expect(detail.body).toMatchObject({
    state: 'uploading',
    uploadCount: 1,
    uploads: [{ id, state: 'verified', sha256, evidenceId: evidence.id }],
  });
});

test('the facts say what is asked for and what was sent, and nothing of the case beside that', async () => {
  const request = await buildRequest(api, { note: 'Aisle 3, please.' });
  const guest = await buildGuest(api, request);
  await guestSend(guest, CONTENT);
  const { status, body } = await guest.get();
  expect(status).toBe(200);
  expect(body).toMatchObject({
    id: request.id,
    state: 'open',
    organization: { name: 'Northfield Police' },
    fields: [{ field: 'police_number', value: 'P-4711' }],
    note: 'Aisle 3, please.',
    limits: { fileSize: 1_500_000_000_000, files: 10_000 },
    counts: { uploading: 1, verified: 0 },
    uploads: [{ fileName: 'cam3.mp4', state: 'uploading' }],
  });
  expect(body.supportedExtensions).toContain('g64');
  const { title, caseNumber } = request.inCase;
  expect(JSON.stringify(body)).not.toMatch(new RegExp(`${title}|${caseNumber}`));
});

test('the same bytes again in one request are a duplicate; in another request of the case they are not', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const content = some();
  const [first, second] = [await guestUpload(guest, content), await guestUpload(guest, content)];
  await verifyNow(api, request.id);
  const states = await Promise.all(
    [first, second].map(async (id) => (await guest.get(`/uploads/${id}`)).body.state),
  );
  expect(states.sort()).toEqual(['duplicate', 'verified']);
  expect(await caseEvidence(request)).toHaveLength(1);
  const other = await buildRequest(api, { sender: request.sender, inCase: request.inCase });
  const stranger = await buildGuest(api, other);
  const third = await guestUpload(stranger, content);
  await verifyNow(api, other.id);
  expect((await stranger.get(`/uploads/${third}`)).body.state).toBe('verified');
  expect(await caseEvidence(request)).toHaveLength(2);
});

test.each([
  ['a file beyond 1.5 TB', { fileName: 'a.mp4', size: 1_500_000_000_001 }, 413, 'file-too-large'],
  ['a type that is not taken', { fileName: 'a.exe', size: 1 }, 415, 'file-type-not-supported'],
  ['a name without a type', { fileName: 'noextension', size: 1 }, 415, 'file-type-not-supported'],
  ['a name that climbs', { fileName: '../a.mp4', size: 1 }, 422, 'validation-failed'],
  [
    'a case of its own choice',
    { fileName: 'a.mp4', size: 1, caseId: null },
    422,
    'validation-failed',
  ],
])('%s is refused before a byte is sent', async (_what, file, status, code) => {
  const request = await buildRequest(api);
  const answer = await (await buildGuest(api, request)).post('/uploads', file);
  expect([answer.status, answer.body.code]).toEqual([status, code]);
  const refused = (await eventsOf(api, request.id)).filter((a) => a === 'request.refused');
  expect(refused).toHaveLength(status === 422 ? 0 : 1);
});

test('the organization’s own list of types holds instead of the usual one', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  await api.patch('/organization', request.sender, { fileExtensions: ['.XYZ'] });
  expect((await guest.get()).body.supportedExtensions).toEqual(['xyz']);
  expect((await guest.post('/uploads', { fileName: 'a.xyz', size: 1 })).status).toBe(201);
  expect((await guest.post('/uploads', { fileName: 'a.mp4', size: 1 })).status).toBe(415);
});

test('a program under the name of a video is refused by its content, and removed', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const program = Buffer.concat([Buffer.from('MZ\x90\0'), Buffer.alloc(200)]);
  const id = await guestUpload(guest, program, 'cam4.mp4');
  await verifyNow(api, request.id);
  expect((await guest.get(`/uploads/${id}`)).body).toMatchObject({
    state: 'failed',
    failure: { code: 'content-not-supported' },
  });
  expect(await caseEvidence(request)).toEqual([]);
  await tidyNow(api, request.id);
  const [row] = await api.database.em
    .fork()
    .execute<{ object_key: string }[]>('select object_key from uploads where id = ?', [id]);
  await expect(api.store.stat(row?.object_key ?? '')).rejects.toThrow();
});

test('a request takes so many files and no more', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  await guestSend(guest, some());
  await api.database.em.fork().execute(
    `insert into uploads select (jsonb_populate_record(u, jsonb_build_object('id', gen_random_uuid(),
       'object_key', gen_random_uuid()))).* from uploads u, generate_series(2, 10000)
     where u.upload_request_id = ?`,
    [request.id],
  );
  const answer = await guest.post('/uploads', { fileName: 'one-more.mp4', size: 1 });
  expect([answer.status, answer.body.code, answer.body.limit]).toEqual([
    409,
    'too-many-files',
    10_000,
  ]);
});

describe('a link that has expired', () => {
  test('lets nothing begin, but what was begun before can be finished', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    const id = await guestSend(guest, some());
    await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    expect((await guest.get()).body.state).toBe('expired');
    const begun = await guest.post('/uploads', { fileName: 'new.mp4', size: 1 });
    expect([begun.status, begun.body.code, begun.body.reason]).toEqual([
      410,
      'link-dead',
      'expired',
    ]);
    expect((await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [1] })).status).toBe(200);
    expect((await guest.post(`/uploads/${id}/complete`)).status).toBe(202);
  });

  test('ends what is not finished 14 days later', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    const id = await guestSend(guest, some());
    await alter(
      api,
      'upload_requests',
      request.id,
      `expires_at = clock_timestamp() - interval '14 days'`,
    );
    expect((await guest.post(`/uploads/${id}/complete`)).status).toBe(410);
    expect((await guest.get()).body.reason).toBe('expired');
  });

  test('without anything to finish opens nothing', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    expect((await guest.get()).status).toBe(410);
  });
});

describe('closing', () => {
  test('keeps what was completed, and refuses and removes the rest', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    const done = await guestUpload(guest, some());
    const open = await guestSend(guest, some());
    const closed = await api.post(`/upload-requests/${request.id}/close`, request.sender);
    expect([closed.status, closed.body.state]).toEqual([200, 'closed']);
    for (const answer of [
      await guest.get(),
      await guest.post(`/uploads/${open}/complete`),
      await guest.post(`/uploads/${open}/part-urls`, { partNumbers: [1] }),
      await guest.post('/uploads', { fileName: 'a.mp4', size: 1 }),
    ]) {
      expect([answer.status, answer.body.reason]).toEqual([410, 'closed']);
    }
    await verifyNow(api, request.id);
    const detail = await api.get(`/upload-requests/${request.id}`, request.sender);
    const states = new Map(
      detail.body.uploads.map(({ id, state }: { id: string; state: string }) => [id, state]),
    );
    expect([states.get(done), states.get(open)]).toEqual(['verified', 'aborted']);
  });

  test('bytes that arrive by an address from before are never accepted, and removed', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    const begun = await guest.post('/uploads', { fileName: 'late.mp4', size: 4 });
    const { id } = begun.body;
    const { body } = await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [1] });
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    await fetch(body.urls[0].url, { method: 'PUT', body: 'late' });
    const later = new Date(Date.now() + 2 * 3_600_000);
    await tidyNow(api, request.id, later);
    const [row] = await api.database.em
      .fork()
      .execute<{ object_key: string; store_upload_id: string; tidy_at: null }[]>(
        'select object_key, store_upload_id, tidy_at from uploads where id = ?',
        [id],
      );
    expect(row?.tidy_at).toBeNull();
    await eventually('the store to know nothing of it', () =>
      api.store.listParts(row?.object_key ?? '', row?.store_upload_id ?? '').then(
        (parts) => parts.length === 0,
        () => true,
      ),
    );
  });
});

test('one request’s session reaches no other request, and none of its uploads', async () => {
  const [mine, other] = [await buildRequest(api), await buildRequest(api)];
  const guest = await buildGuest(api, mine);
  const stranger = await buildGuest(api, other);
  const id = await guestSend(stranger, some());
  const trespasser = guestAt(api, `requests/${other.id}`, guest.cookie);
  expect((await trespasser.get()).status).toBe(401);
  for (const answer of [
    await guest.get(`/uploads/${id}`),
    await guest.post(`/uploads/${id}/part-urls`, { partNumbers: [1] }),
    await guest.post(`/uploads/${id}/complete`),
    await guest.delete(`/uploads/${id}`),
  ]) {
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found']);
  }
});

test('another site may call nothing that changes something', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  for (const headers of [{ 'Sec-Fetch-Site': 'cross-site' }, { Origin: 'https://evil.test' }]) {
    const answer = await guest.post('/uploads', { fileName: 'a.mp4', size: 1 }, headers);
    expect([answer.status, answer.body.code]).toEqual([403, 'cross-site-request']);
  }
  const own = { 'Sec-Fetch-Site': 'same-origin', Origin: api.config.CASEBRIDGE_PUBLIC_URL };
  expect((await guest.post('/uploads', { fileName: 'a.mp4', size: 1 }, own)).status).toBe(201);
});

test('a session of a superseded link ends; what it began goes on with the new one', async () => {
  const request = await buildRequest(api);
  const old = await buildGuest(api, request);
  const id = await guestSend(old, some());
  await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
  const refreshed = await fetch(`${api.origin}${requestPath(api, request.id)}/refresh`, {
    method: 'POST',
  });
  expect(refreshed.status).toBe(202);
  expect((await old.get()).body.reason).toBe('superseded');
  const renewed = await buildGuest(api, request, 2);
  expect((await renewed.post(`/uploads/${id}/complete`)).status).toBe(202);
});

test('a beginning whose answer was lost is answered again under its key, and begins nothing twice', async () => {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const begin = (size: number) =>
    guest.post('/uploads', { fileName: 'cam3.mp4', size }, { 'Idempotency-Key': 'one-key' });
  const first = await begin(9);
  const second = await begin(9);
  expect(first.status).toBe(201);
  expect(second.body).toEqual(first.body);
  expect((await guest.get('/uploads')).body.page.total).toBe(1);
  expect((await begin(10)).body).toMatchObject({ status: 409, code: 'idempotency-key-reused' });
  const elsewhere = await buildGuest(api, await buildRequest(api));
  const other = await elsewhere.post(
    '/uploads',
    { fileName: 'cam3.mp4', size: 9 },
    { 'Idempotency-Key': 'one-key' },
  );
  expect(other.body.id).not.toBe(first.body.id);
});
