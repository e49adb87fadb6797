/** Sharing a case by a download link: what is taken, what is answered, and how a share ends. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { newId } from '../../../domain/ids.ts';
import { tokenHash } from '../../../domain/link-token.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCase, buildEvidence, buildUser } from '../../../test/support/factories.ts';

let api: TestApi;
let owner: User;
let inCase: Case;
let evidence: Evidence[];
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
  inCase = await buildCase(api, { owner });
  evidence = [
    await buildEvidence(api, { owner, inCase }),
    await buildEvidence(api, { owner, inCase }),
  ];
});
afterAll(async () => api.stop());

const LINK = { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } };

async function share(fields: object = {}, headers: Record<string, string> = {}) {
  return api.post(`/cases/${inCase.id}/shares`, owner, { ...LINK, ...fields }, headers);
}

async function sql(statement: string, values: unknown[]) {
  return api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);
}

async function pointers(fields: object): Promise<string[]> {
  const answer = await share(fields);
  expect(answer.status).toBe(422);
  return pointersOf(answer);
}

test('a link over verified evidence is active in the answer, with the days of the organization', async () => {
  const { status, headers, body } = await share();
  expect(status).toBe(201);
  expect(headers.get('Location')).toBe(`/api/v1/shares/${body.id}`);
  expect(body).toMatchObject({
    method: 'download_link',
    state: 'active',
    durationDays: 30,
    passphrase: false,
    progress: { done: 2, total: 2, unit: 'files' },
    downloads: { sessions: 0, completed: 0, limit: null },
  });
  expect(new Date(body.expiresAt).getTime() - new Date(body.createdAt).getTime()).toBe(
    30 * 86_400_000,
  );
  expect(api.pokes).toContain(`download-link:${body.id}`);
});

test('the link is in the answer that made it and nowhere else; the row has only its hash', async () => {
  const { body } = await share();
  const token = body.link.split('/s/')[1];
  expect((await api.get(`/shares/${body.id}`, owner)).body.link).toBeUndefined();
  const [row] = await sql('select * from shares where id = ?', [body.id]);
  expect(JSON.stringify(row)).not.toContain(token);
  expect(Buffer.from(row?.['link_token_hash'] as Buffer)).toEqual(tokenHash(token));
});

test('the same idempotency key gives the same share with its link, and makes no second one', async () => {
  const headers = { 'Idempotency-Key': 'share-once' };
  const [first, again] = [await share({}, headers), await share({}, headers)];
  expect(again.body).toEqual(first.body);
  expect(again.headers.get('Idempotency-Replayed')).toBe('true');
  const [kept] = await sql('select body from idempotency_keys where key = ?', ['share-once']);
  expect(JSON.stringify(kept)).not.toContain(first.body.link.split('/s/')[1]);
  expect((await share({ durationDays: 3 }, headers)).body.code).toBe('idempotency-key-reused');
});

test('a selection of as many files as a request can hold is read, and one more is a fault', async () => {
  const evidenceIds = (count: number) => Array.from({ length: count }, () => newId());
  const selected = (count: number) => ({ type: 'selected', evidenceIds: evidenceIds(count) });
  expect(await pointers({ scope: selected(20_001) })).toEqual(['/scope/evidenceIds']);
  expect(await pointers({ scope: selected(20_000) })).toHaveLength(20_000);
});

test('every fault of a share is told at once', async () => {
  expect(await pointers({ method: 'carrier_pigeon' })).toEqual(['/method']);
  const faults = await pointers({
    scope: { type: 'selected', evidenceIds: ['not-a-uuid'] },
    durationDays: -1,
    passphrase: 'short',
    downloadLimit: 0,
    colour: 'blue',
  });
  expect(faults).toEqual(
    expect.arrayContaining([
      '/scope/evidenceIds/0',
      '/durationDays',
      '/passphrase',
      '/downloadLimit',
      '/colour',
    ]),
  );
});

test('a duration beyond the maximum is refused', async () => {
  expect(await pointers({ format: 'iso', durationDays: 366 })).toEqual(['/durationDays']);
});

test('an ISO image is made of up to 8 TiB; beyond, ZIP is named instead', async () => {
  const { status, body } = await share({ format: 'iso' });
  expect([status, body.format, body.state]).toEqual([201, 'iso', 'active']);
  const vast = await buildCase(api, { owner });
  for (const fileName of ['first.dd', 'second.dd']) {
    const fields = { fileName, size: 4.5 * 2 ** 40 };
    await buildEvidence(api, { owner, inCase: vast, fields });
  }
  const refused = await api.post(`/cases/${vast.id}/shares`, owner, { ...LINK, format: 'iso' });
  expect([refused.status, refused.body.code]).toEqual([422, 'iso-too-large']);
  expect(refused.body.detail).toContain('Choose zip');
  const zip = await api.post(`/cases/${vast.id}/shares`, owner, LINK);
  expect(zip.status).toBe(201);
  expect(zip.body.package.size).toBeGreaterThan(9 * 2 ** 40);
});

test('a selection of evidence of another case, or not active, is refused item by item', async () => {
  const elsewhere = await buildEvidence(api, { owner, inCase: await buildCase(api, { owner }) });
  const waiting = await buildEvidence(api, { owner, inCase, fields: { state: 'declined' } });
  const evidenceIds = [evidence[0]?.id, elsewhere.id, waiting.id];
  expect(await pointers({ scope: { type: 'selected', evidenceIds } })).toEqual([
    '/scope/evidenceIds/1',
    '/scope/evidenceIds/2',
  ]);
});

test('a case without evidence cannot be shared', async () => {
  const empty = await buildCase(api, { owner });
  const answer = await api.post(`/cases/${empty.id}/shares`, owner, LINK);
  expect(answer.body.errors).toEqual([
    { pointer: '/scope', detail: 'The case has no evidence that can be shared.' },
  ]);
});

test('a selection holds what was selected and nothing else', async () => {
  const selected = evidence[1]?.id;
  const { body } = await share({ scope: { type: 'selected', evidenceIds: [selected] } });
  expect(body).toMatchObject({
    scope: { type: 'selected', evidenceIds: [selected] },
    progress: { done: 1, total: 1 },
  });
});

test('a shared link does not change with its case', async () => {
  const { body } = await share();
  await buildEvidence(api, { owner, inCase });
  await api.patch(`/cases/${inCase.id}`, owner, { title: 'Another title' });
  const after = await api.get(`/shares/${body.id}`, owner);
  expect(after.body.progress).toEqual(body.progress);
  expect(after.body.package).toEqual(body.package);
});

test('extending counts from now, under the version that was read', async () => {
  const made = await share({ durationDays: 2 });
  const stale = await api.patch(
    `/shares/${made.body.id}`,
    owner,
    { durationDays: 9 },
    { 'If-Match': '"v99"' },
  );
  expect(stale.body.code).toBe('precondition-failed');
  const before = Date.now();
  const etag = made.headers.get('ETag') ?? '';
  const extended = await api.patch(
    `/shares/${made.body.id}`,
    owner,
    { durationDays: 9 },
    { 'If-Match': etag },
  );
  expect(extended.status).toBe(200);
  const expiresAt = new Date(extended.body.expiresAt).getTime();
  expect(Math.abs(expiresAt - before - 9 * 86_400_000)).toBeLessThan(60_000);
});

test('an expired link stays dead: it is not extended, but shared anew', async () => {
  const { body } = await share({ durationDays: 2, passphrase: 'correct horse' });
  expect((await api.post(`/shares/${body.id}/reshare`, owner)).body.code).toBe('wrong-state');
  await sql(
    `update shares set expires_at = clock_timestamp() - interval '1 millisecond' where id = ?`,
    [body.id],
  );
  expect((await api.get(`/shares/${body.id}`, owner)).body.state).toBe('expired');
  expect((await api.patch(`/shares/${body.id}`, owner, { durationDays: 9 })).body.code).toBe(
    'wrong-state',
  );
  const anew = await api.post(`/shares/${body.id}/reshare`, owner);
  expect(anew.status).toBe(201);
  expect(anew.body).toMatchObject({
    resharedFrom: body.id,
    passphrase: true,
    state: 'active',
    durationDays: 2,
  });
  expect(anew.body.link).not.toBe(body.link);
});

test('revoking again keeps the first revoker and the first time, and is recorded once', async () => {
  const { body } = await share();
  const other = await buildUser(api, { organization: { id: owner.organizationId } });
  const answers = await Promise.all(
    [owner, other, owner, other].map((user) => api.post(`/shares/${body.id}/revoke`, user)),
  );
  expect(new Set(answers.map((answer) => answer.body.revokedAt)).size).toBe(1);
  const events = await sql(
    `select 1 from audit_events where action = 'share.revoked' and objects @> array[?::uuid]`,
    [body.id],
  );
  expect(events).toHaveLength(1);
});

test('the shares of a case are listed page by page', async () => {
  const theirs = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase: theirs });
  const made: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    made.push((await api.post(`/cases/${theirs.id}/shares`, owner, LINK)).body.id);
  }
  const first = await api.get(`/cases/${theirs.id}/shares?limit=2`, owner);
  const second = await api.get(
    `/cases/${theirs.id}/shares?limit=2&cursor=${first.body.page.next}`,
    owner,
  );
  expect(first.body.page).toMatchObject({ count: 2, total: 3 });
  expect(second.body.page).toEqual({ count: 1, total: 3, next: null });
  expect([...first.body.data, ...second.body.data].map(({ id }) => id)).toEqual(made);
});

test('the activity of a share tells what was done with it, by whom', async () => {
  const { body } = await share();
  await api.post(`/shares/${body.id}/revoke`, owner);
  const activity = await api.get(`/shares/${body.id}/activity`, owner);
  expect(
    activity.body.data.map(({ action, actor }: { action: string; actor: { name: string } }) => [
      action,
      actor.name,
    ]),
  ).toEqual([
    ['share.created', owner.name],
    ['share.activated', owner.name],
    ['share.revoked', owner.name],
  ]);
  expect((await api.get(`/shares/${body.id}/activity`, await buildUser(api))).status).toBe(404);
});
