/** The activity log of an upload request: the audit's events of it, all of them and no others. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildOrganization, buildUser, buildUserWith } from '../../test/support/factories.ts';
import { guestAt } from '../../test/support/guest.ts';
import { readPdf } from '../../test/support/pdf.ts';
import { logLinkPath, openLogLink } from '../../test/support/request-log.ts';
import {
  buildGuest,
  buildRequest,
  guestSend,
  guestUpload,
  requestPath,
  type TestRequest,
} from '../../test/support/requests.ts';
import { verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const CONTENT = Buffer.from('what the camera saw');
const SHA256 = createHash('sha256').update(CONTENT).digest('hex');

/** A request with a life of its own: a verified file, a duplicate, one that was given up, a refusal. */
async function busyRequest(options: Parameters<typeof buildRequest>[1] = {}) {
  const request = await buildRequest(api, options);
  const guest = await buildGuest(api, request);
  await guestUpload(guest, CONTENT, '=cam,3.mp4');
  await guestUpload(guest, CONTENT, 'again.mp4');
  await guest.delete(`/uploads/${await guestSend(guest, CONTENT, 'given-up.mp4')}`);
  await guest.post('/uploads', { fileName: 'a.exe', size: 1 });
  await verifyNow(api, request.id);
  return { request, guest };
}

async function eventsOf(request: TestRequest): Promise<number[]> {
  const rows = await api.database.em.fork().execute<{ sequence: string }[]>(
    `select sequence from audit_events where objects @> array[?::uuid] and organization_id = ?
       order by sequence`,
    [request.id, request.sender.organizationId],
  );
  return rows.map(({ sequence }) => Number(sequence));
}

test('staff and guest see the audit’s events of the request, and of no other of its case', async () => {
  const sender = await buildUser(api);
  const { request, guest } = await busyRequest({ sender });
  await busyRequest({ sender, inCase: request.inCase });
  const expected = await eventsOf(request);
  expect(expected.length).toBeGreaterThan(10);
  for (const { body } of [
    await api.get(`/upload-requests/${request.id}/activity-log?limit=500`, request.sender),
    await guest.get('/activity-log?limit=500'),
  ]) {
    expect(body.data.map(({ sequence }: { sequence: number }) => sequence)).toEqual(expected);
    expect(body.page).toMatchObject({ total: expected.length, next: null });
    expect(body.summary).toEqual({ items: 1, lastAt: expect.any(String) });
  }
});

test('an event has its time, who did it, the files with their sizes and hashes, and what came of it', async () => {
  const { request } = await busyRequest();
  const { body } = await api.get(
    `/upload-requests/${request.id}/activity-log?limit=500`,
    request.sender,
  );
  const first = (action: string) =>
    body.data.find((entry: { action: string }) => entry.action === action);
  expect(first('request.created').actor).toEqual({ kind: 'user', name: request.sender.name });
  expect(first('upload.begun')).toMatchObject({
    actor: { kind: 'trusted_user', name: 'Corner Shop' },
    files: [{ name: '=cam,3.mp4', size: CONTENT.length, sha256: SHA256 }],
    outcome: 'done',
  });
  expect(first('evidence.verified')).toMatchObject({
    actor: { kind: 'system', name: 'Casebridge' },
    files: [{ sha256: SHA256 }],
  });
  expect(first('evidence.duplicate').files).toEqual([
    { name: expect.stringMatching(/again|cam,3/), size: CONTENT.length, sha256: SHA256 },
  ]);
  expect(first('upload.aborted').files[0].name).toBe('given-up.mp4');
  expect(first('request.refused')).toMatchObject({
    outcome: 'refused',
    reason: 'file-type-not-supported',
    files: [],
  });
});

test('it is read page by page', async () => {
  const { request } = await busyRequest();
  const seen: number[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const { body } = await api.get(
      `/upload-requests/${request.id}/activity-log?limit=4${next && `&cursor=${next}`}`,
      request.sender,
    );
    seen.push(...body.data.map(({ sequence }: { sequence: number }) => sequence));
    next = body.page.next;
  }
  expect(seen).toEqual(await eventsOf(request));
});

test('as a table it is in the reader’s language, inert in spreadsheets, and its export is recorded', async () => {
  const sender = await buildUser(api, { language: 'fr' });
  const { request, guest } = await busyRequest({ sender });
  const before = await eventsOf(request);
  const staff = await api.get(`/upload-requests/${request.id}/activity-log.csv`, sender);
  expect(staff.headers.get('Content-Disposition')).toContain(`activity-log-${request.id}.csv`);
  const lines = String(staff.body).trim().split('\r\n');
  expect(lines).toHaveLength(before.length + 1);
  expect(lines[0]).toContain('Événement');
  expect(staff.body).toContain(`"'=cam,3.mp4",${CONTENT.length},${SHA256}`);
  expect(staff.body).toContain('Fichier vérifié');
  const own = await guest.get('/activity-log.csv');
  expect([own.status, String(own.body).trim().split('\r\n').length]).toEqual([
    200,
    before.length + 2,
  ]);
  expect(await eventsOf(request)).toHaveLength(before.length + 2);
});

test('as a document it has every file with its hash, for staff and guest', async () => {
  const { request, guest } = await busyRequest();
  const before = await eventsOf(request);
  for (const answer of [
    await pdfOf(`/api/v1/upload-requests/${request.id}/activity-log.pdf`, {
      Authorization: `Bearer ${await api.token(request.sender)}`,
    }),
    await pdfOf(`/guest/v1/requests/${request.id}/activity-log.pdf`, { Cookie: guest.cookie }),
  ]) {
    expect(answer.type).toBe('application/pdf');
    expect(answer.text).toContain('Northfield Police');
    expect(answer.text).toContain('given-up.mp4');
    expect(answer.text.replaceAll(/[|\s]/g, '')).toContain(SHA256);
  }
  expect(await eventsOf(request)).toHaveLength(before.length + 2);
});

/** What a reader finds in a PDF. */
async function pdfOf(path: string, headers: Record<string, string>) {
  const response = await fetch(`${api.origin}${path}`, { headers });
  const { pages } = await readPdf(Buffer.from(await response.arrayBuffer()));
  return { type: response.headers.get('Content-Type'), text: pages.join('\n') };
}

describe('after closing', () => {
  test('the closing mail’s link shows the log and nothing else', async () => {
    const { request, guest } = await busyRequest();
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    const path = await logLinkPath(api, request.id);
    const cookie = await openLogLink(api, path);
    const page = await fetch(`${api.origin}/requests/${request.id}/activity-log`, {
      headers: { Cookie: cookie },
    });
    expect(page.status).toBe(200);
    const text = await page.text();
    expect(text).toContain('Request closed');
    expect(text).toContain(SHA256);
    expect(text).not.toContain(request.inCase.title);
    const reader = guestAt(api, `requests/${request.id}`, cookie);
    expect((await reader.get('/activity-log')).status).toBe(200);
    expect((await reader.get('/activity-log.csv')).status).toBe(200);
    for (const answer of [
      await reader.get(),
      await reader.get('/uploads'),
      await reader.post('/uploads', { fileName: 'a.mp4', size: 1 }),
    ]) {
      expect(answer.status).toBe(401);
    }
    const closed = await fetch(`${api.origin}/requests/${request.id}`, {
      headers: { Cookie: cookie },
    });
    expect(closed.status).toBe(401);
    expect((await guest.get('/activity-log')).body.reason).toBe('closed');
  });

  test('it shows itself by GET to nobody, and for 30 days', async () => {
    const { request } = await busyRequest();
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    const path = await logLinkPath(api, request.id);
    const looked = await fetch(`${api.origin}${path}`);
    expect(looked.status).toBe(200);
    expect(looked.headers.get('Set-Cookie')).toBeNull();
    const cookie = await openLogLink(api, path);
    await api.database.em
      .fork()
      .execute(
        'update activity_log_links set expires_at = clock_timestamp() where request_id = ?',
        [request.id],
      );
    expect((await fetch(`${api.origin}${path}`)).status).toBe(410);
    expect((await fetch(`${api.origin}${path}`, { method: 'POST' })).status).toBe(410);
    const held = await guestAt(api, `requests/${request.id}`, cookie).get('/activity-log');
    expect([held.status, held.body.reason]).toEqual([410, 'log_expired']);
  });

  test('a new link is mailed where it is asked for, once in ten minutes', async () => {
    const { request } = await busyRequest();
    const wanted = async () =>
      (
        await api.database.em
          .fork()
          .execute<{ n: number }[]>(
            'select log_mails_wanted as n from upload_requests where id = ?',
            [request.id],
          )
      )[0]?.n;
    const ask = async () =>
      fetch(`${api.origin}${requestPath(api, request.id)}/activity-log`, { method: 'POST' });
    expect((await ask()).status).toBe(202);
    expect(await wanted()).toBe(0);
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    expect((await ask()).status).toBe(202);
    expect((await ask()).status).toBe(202);
    expect(await wanted()).toBe(1);
  });
});

test('staff who may not read the case do not read the log', async () => {
  const { request } = await busyRequest();
  const organization = { id: request.sender.organizationId };
  const clerk = await buildUserWith(api, organization, { 'case.create': 'any' });
  const path = `/upload-requests/${request.id}/activity-log`;
  expect((await api.get(path, clerk)).status).toBe(403);
  expect((await api.get(`${path}.csv`, clerk)).status).toBe(403);
  const outsider = await buildUser(api, { organization: await buildOrganization(api) });
  expect((await api.get(path, outsider)).status).toBe(404);
});
