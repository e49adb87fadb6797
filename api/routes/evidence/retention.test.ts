import { createHash, randomBytes } from 'node:crypto';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { buildAccess, buildPartnerWithUsers } from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCopyingPair, liveCopy, shareCopy, targetOf } from '../../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
  buildUserWith,
} from '../../../test/support/factories.ts';
import {
  inDays,
  liveRetention,
  retentionOf,
  versionsUnder,
} from '../../../test/support/retention.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence;
const content = randomBytes(10_000);

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());
beforeEach(async () => {
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization, name: 'Olga Owner' });
  inCase = await buildCase(api, { owner });
  evidence = await buildEvidence(api, { owner, inCase, content });
});

const path = () => `/evidence/${evidence.id}`;
const hold = (reason: string, as = owner) => api.put(`${path()}/hold`, as, { reason });

async function actions(): Promise<string[]> {
  const { body } = await api.get(`${path()}/audit`, owner);
  return body.data.map(({ action }: { action: string }) => action);
}

test('a hold has a reason, an author and an instant, and is audited', async () => {
  const held = await hold('  An appeal\nis pending ');
  expect(held.status).toBe(200);
  expect(held.body.hold).toEqual({
    reason: 'An appeal\nis pending',
    by: 'Olga Owner',
    at: expect.stringMatching(/^\d{4}-.*Z$/),
  });
  expect((await hold('An appeal\nis pending')).body.hold).toEqual(held.body.hold);
  expect((await api.delete(`${path()}/hold`, owner)).status).toBe(204);
  expect((await api.delete(`${path()}/hold`, owner)).status).toBe(204);
  expect((await api.get(path(), owner)).body.hold).toBeNull();
  expect(await actions()).toEqual(['evidence.held', 'evidence.hold_lifted']);
});

test('what is deleted is queued for 7 days, restored as it was, and every step is audited', async () => {
  const queued = await api.delete(path(), owner);
  expect(queued.body).toMatchObject({
    state: 'queued_for_deletion',
    deletion: { queuedBy: 'hand' },
  });
  const { queuedAt, destroyAfter } = queued.body.deletion;
  expect(Date.parse(destroyAfter) - Date.parse(queuedAt)).toBe(7 * 24 * 3_600_000);
  expect(queued.body.queuedForDeletionOn).toBe(queuedAt);
  expect((await api.delete(path(), owner)).body.deletion).toEqual(queued.body.deletion);
  await liveRetention(api, organization.id, new Date(Date.parse(destroyAfter) - 1_000));
  const restored = await api.post(`${path()}/restore`, owner);
  expect(restored.body).toMatchObject({
    state: 'active',
    deletion: null,
    queuedForDeletionOn: null,
  });
  const response = await fetch(`${api.origin}/api/v1${path()}/content`, {
    headers: { Authorization: `Bearer ${await api.token(owner)}` },
  });
  const bytes = Buffer.from(await response.arrayBuffer());
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(evidence.sha256);
  expect(bytes.equals(content)).toBe(true);
  expect((await actions()).slice(0, 2)).toEqual([
    'evidence.queued_for_deletion',
    'evidence.restored',
  ]);
  expect((await api.post(`${path()}/restore`, owner)).body.code).toBe('wrong-state');
});

test('after the 7 days it cannot be restored, and no version of it can be read', async () => {
  await api.store.put(evidence.objectKey, randomBytes(10), 'a/b');
  const before = await versionsUnder(api.store, evidence.objectKey);
  expect(before.length).toBeGreaterThan(0);
  await api.post(`${path()}/notes`, owner, { text: 'Seen by a neighbour' });
  await api.delete(path(), owner);
  await liveRetention(api, organization.id, inDays(7.01));
  expect(await retentionOf(api, evidence.id)).toMatchObject({
    state: 'destroyed',
    goneAt: expect.any(Date),
  });
  expect(await versionsUnder(api.store, evidence.objectKey)).toEqual([]);
  const range = { offset: 0, length: 1 };
  for (const version of [null, ...before.map((one) => (one === 'null' ? null : one))]) {
    await expect(api.store.read(evidence.objectKey, range, version)).rejects.toThrow();
  }
  for (const answer of [
    await api.post(`${path()}/restore`, owner),
    await api.get(path(), owner),
    await hold('Too late'),
    await api.delete(path(), owner),
  ]) {
    expect(answer.status).toBe(404);
  }
  expect((await actions()).slice(-2)).toEqual([
    'evidence.destruction_decided',
    'evidence.destroyed',
  ]);
  const [row] = await api.database.em.fork().execute<{ notes: number; sha256: string }[]>(
    `select sha256, (select count(*)::int from evidence_notes n where n.evidence_id = e.id) as notes
       from evidence e where id = ?`,
    [evidence.id],
  );
  expect(row).toEqual({ sha256: evidence.sha256, notes: 0 });
});

async function refusedBecause(...grounds: object[]): Promise<void> {
  const refused = await api.delete(path(), owner);
  expect(refused.body).toMatchObject({ status: 409, code: 'evidence-protected', grounds });
  expect(refused.body.grounds).toHaveLength(grounds.length);
}

test('what is on hold is not deleted, and the refusal says so', async () => {
  await hold('An appeal');
  await refusedBecause({ kind: 'hold', until: null, shareId: null, partner: null });
  await api.delete(`${path()}/hold`, owner);
  expect((await api.delete(path(), owner)).status).toBe(200);
});

test('what partner access or a link gives is not deleted while that lives', async () => {
  const partner = await buildPartnerWithUsers(api, organization, 1);
  const access = await buildAccess(api, owner, inCase, partner, { durationDays: 5 });
  const link = await api.post(`/cases/${inCase.id}/shares`, owner, {
    ...{ method: 'download_link', format: 'zip', scope: { type: 'entire_case' } },
  });
  await refusedBecause(
    { kind: 'partner_access', shareId: access.id, partner: 'Westbrook Police' },
    { kind: 'download_link', shareId: link.body.id, partner: null },
  );
  await api.post(`/shares/${access.id}/revoke`, owner);
  await refusedBecause({ kind: 'download_link' });
  await api.database.em
    .fork()
    .execute(`update shares set expires_at = clock_timestamp() where id = ?`, [link.body.id]);
  expect((await api.delete(path(), owner)).status).toBe(200);
});

test('what a selection leaves out is not kept by it', async () => {
  const partner = await buildPartnerWithUsers(api, organization, 1);
  const other = await buildEvidence(api, { owner, inCase });
  await buildAccess(api, owner, inCase, partner, {
    scope: { type: 'selected', evidenceIds: [other.id] },
  });
  expect((await api.delete(path(), owner)).status).toBe(200);
});

test('what is being copied is not deleted; the copy has the hold, and the partner lifts its own', async () => {
  const pair = await buildCopyingPair(api);
  owner = pair.sender;
  inCase = await buildCase(api, { owner });
  evidence = await buildEvidence(api, { owner, inCase, content });
  await hold('An appeal');
  const { id } = await shareCopy(api, pair, inCase.id);
  await api.delete(`${path()}/hold`, owner);
  await refusedBecause({ kind: 'copy', shareId: id, partner: pair.partner.name });
  await hold('An appeal');
  await liveCopy(api, id);
  const target = await targetOf(api, id);
  const { body } = await api.get(`/cases/${target}/evidence`, pair.receiver);
  expect(body.data[0].hold).toMatchObject({ reason: 'An appeal', by: pair.source.name });
  const copy = `/evidence/${body.data[0].id}`;
  expect((await api.delete(copy, pair.receiver)).body.code).toBe('evidence-protected');
  await api.delete(`${copy}/hold`, pair.receiver);
  expect((await api.delete(copy, pair.receiver)).status).toBe(200);
  await refusedBecause({ kind: 'hold' });
});

test.each([
  ['verifying', 'still being verified'],
  ['triage_pending', 'waits for a decision'],
] as const)('what is %s is not deleted', async (state, because) => {
  await api.database.em
    .fork()
    .execute('update evidence set state = ? where id = ?', [state, evidence.id]);
  const { body } = await api.delete(path(), owner);
  expect(body).toMatchObject({ status: 409, code: 'wrong-state' });
  expect(body.detail).toContain(because);
  expect((await hold('An appeal')).status).toBe(state === 'verifying' ? 409 : 200);
});

test('holds and deletions take their permissions', async () => {
  const other = await buildUserWith(api, organization, { 'evidence.view': 'any' });
  expect((await hold('Mine', other)).body.missing).toEqual(['evidence.hold']);
  expect((await api.delete(`${path()}/hold`, other)).body.missing).toEqual(['evidence.hold']);
  expect((await api.delete(path(), other)).body.missing).toEqual(['evidence.delete']);
  expect((await api.post(`${path()}/restore`, other)).body.missing).toEqual(['evidence.delete']);
});

test('a change under a version that is not the present one is refused', async () => {
  const { headers } = await api.get(path(), owner);
  await hold('An appeal');
  const stale = { 'If-Match': headers.get('etag') ?? '' };
  expect((await api.delete(path(), owner, stale)).status).toBe(412);
  expect((await api.delete(`${path()}/hold`, owner, stale)).status).toBe(412);
});

test('evidence that is queued joins no case and no share', async () => {
  await api.delete(path(), owner);
  const elsewhere = await buildCase(api, { owner });
  const joined = await api.put(`/cases/${elsewhere.id}/evidence/${evidence.id}`, owner);
  expect(joined.body.code).toBe('wrong-state');
  const scope = { type: 'selected', evidenceIds: [evidence.id] };
  const link = { method: 'download_link', format: 'zip', scope };
  expect((await api.post(`/cases/${inCase.id}/shares`, owner, link)).status).toBe(422);
});
