/** What the session of an upload request reaches, and what is left of it when its link ends. */
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { unique } from '../../test/support/factories.ts';
import { guestAt } from '../../test/support/guest.ts';
import {
  buildGuest,
  buildRequest,
  guestSend,
  guestUpload,
  requestPath,
} from '../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../test/support/rows.ts';
import { tidyNow, verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const some = () => Buffer.from(unique('content'));

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
