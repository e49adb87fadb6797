/** Sending files through an upload request: what is let in, what is not, and what becomes of it. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventsOf } from '../../test/support/events.ts';
import { unique } from '../../test/support/factories.ts';
import {
  buildGuest,
  buildRequest,
  guestSend,
  guestUpload,
  type TestRequest,
} from '../../test/support/requests.ts';
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
