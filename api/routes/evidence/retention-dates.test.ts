/** `queuedForDeletionOn` is what the rule says, after every change of something it depends on. */

import { createHash, randomBytes } from 'node:crypto';
import { act, OPERATOR } from '../../../domain/act.ts';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence, ScanVerdict } from '../../../domain/evidence/evidence.entity.ts';
import { settleUpload } from '../../../domain/evidence/intake/settle-upload.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import { switchFeatures } from '../../../domain/identity/organizations.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { EvidenceId } from '../../../domain/ids.ts';
import { workflowIdOf } from '../../../domain/lifecycle/life.ts';
import type { Category } from '../../../domain/retention/category.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCopyingPair, liveCopy, shareCopy, targetOf } from '../../../test/support/copies.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildOrganization,
  buildUser,
  buildUserWith,
  buildUserWithout,
} from '../../../test/support/factories.ts';
import { DAY, inDays, liveRetention, slices } from '../../../test/support/retention.ts';
import { buildSubmission } from '../../../test/support/retention-model.ts';
import { beginUpload, sendPart } from '../../../test/support/uploads.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence;
let category: Category;
const recordedAt = new Date('2026-02-03T04:05:06.789Z');
const after = (days: number) => new Date(recordedAt.getTime() + days * DAY).toISOString();

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());
beforeEach(async () => {
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner });
  category = await buildCategory(api, organization, { retentionDays: 5_000 });
  evidence = await buildEvidence(api, { owner, fields: { recordedAt } });
  await change({ categoryIds: [category.id] });
});

async function change(fields: object, id: string = evidence.id) {
  const answer = await api.patch(`/evidence/${id}`, owner, fields);
  expect(answer.status).toBe(200);
  return answer;
}

async function date(id: string = evidence.id): Promise<string | null> {
  return (await api.get(`/evidence/${id}`, owner)).body.queuedForDeletionOn;
}

async function policy(retentionPolicy: string, as = owner) {
  return api.patch(`/cases/${inCase.id}`, as, { retentionPolicy });
}

const place = (id: string = evidence.id) => `/cases/${inCase.id}/evidence/${id}`;

test('it follows the categories of the evidence, and counts no version', async () => {
  expect(await date()).toBe(after(5_000));
  const longer = await buildCategory(api, organization, { retentionDays: 6_000 });
  await change({ categoryIds: [category.id, longer.id] });
  expect(await date()).toBe(after(6_000));
  const before = (await api.get(`/evidence/${evidence.id}`, owner)).headers.get('etag');
  await api.patch(`/retention-categories/${longer.id}`, owner, { retentionDays: 7_000 });
  await slices.recalculate(api, organization.id);
  const now = await api.get(`/evidence/${evidence.id}`, owner);
  expect(now.body.queuedForDeletionOn).toBe(after(7_000));
  expect(now.headers.get('etag')).toBe(before);
  await change({ categoryIds: [] });
  expect(await date()).toBeNull();
});

test('it follows when the evidence was recorded', async () => {
  await change({ recordedAt: new Date(recordedAt.getTime() + DAY).toISOString() });
  expect(await date()).toBe(after(5_001));
  await change({ recordedAt: null });
  expect(await date()).toBe(new Date(evidence.uploadedAt.getTime() + 5_000 * DAY).toISOString());
});

test('it follows the cases that the evidence comes to, and leaves', async () => {
  await api.put(place(), owner);
  expect(await date()).toBeNull();
  await api.delete(place(), owner);
  expect(await date()).toBe(after(5_000));
});

test('it follows the policy of its case, and what else lies there where the longest wins', async () => {
  await api.put(place(), owner);
  expect((await policy('individual_evidence_retention')).body.retentionPolicy).toBe(
    'individual_evidence_retention',
  );
  expect(await date()).toBe(after(5_000));
  await policy('longest_retention_period');
  const other = await buildEvidence(api, { owner, fields: { recordedAt } });
  await api.put(place(other.id), owner);
  expect(await date()).toBeNull();
  const longer = await buildCategory(api, organization, { retentionDays: 9_000 });
  await change({ categoryIds: [longer.id] }, other.id);
  expect(await date()).toBe(after(9_000));
  await api.delete(place(other.id), owner);
  expect(await date()).toBe(after(5_000));
});

test('what somebody deletes keeps the rest of its case until it is destroyed', async () => {
  await policy('longest_retention_period');
  await api.put(place(), owner);
  const other = await buildEvidence(api, { owner, inCase });
  await policy('individual_evidence_retention');
  await policy('longest_retention_period');
  expect(await date()).toBeNull();
  expect((await api.delete(`/evidence/${other.id}`, owner)).status).toBe(200);
  expect(await date()).toBeNull();
  await liveRetention(api, organization.id, inDays(7.1));
  expect(await date()).toBe(after(5_000));
});

test('it follows the feature of case retention', async () => {
  await api.put(place(), owner);
  await policy('individual_evidence_retention');
  for (const [change, expected] of [
    [{ enable: [], disable: ['configurableCaseRetention'] }, null],
    [{ enable: ['configurableCaseRetention'], disable: [] }, after(5_000)],
  ] as const) {
    await act(api, OPERATOR, (acting) => switchFeatures(acting, organization.slug, change));
    await slices.recalculate(api, organization.id);
    expect(await date()).toBe(expected);
  }
});

test('declined, it follows the decision and the days of the organization', async () => {
  const submission = await buildSubmission(api, owner);
  const em = api.database.em.fork();
  const declinedAt = inDays(-3);
  await em.execute(`update evidence set state = 'declined' where id = ?`, [evidence.id]);
  await em.execute(
    `insert into submission_files (submission_id, evidence_id, position, decision, decided_at)
     values (?, ?, 1, 'declined', ?)`,
    [submission, evidence.id, declinedAt],
  );
  for (const declinedRetentionDays of [60, 90]) {
    await api.patch('/organization', owner, { declinedRetentionDays });
    await slices.recalculate(api, organization.id);
    const expected = new Date(declinedAt.getTime() + declinedRetentionDays * DAY);
    expect(await date()).toBe(expected.toISOString());
  }
});

test('a file that is verified, and one that is quarantined, keep a case of the longest period', async () => {
  await policy('longest_retention_period');
  await api.put(place(), owner);
  for (const scan of [null, { verdict: 'infected', detail: 'x', at: '' } as const]) {
    expect(await date()).toBe(after(5_000));
    const added = await buildVerifying(scan);
    expect(await date()).toBeNull();
    await api.delete(place(added), owner);
  }
});

test('an update of a copy keeps a case of the longest period, where the partner categorised what it had', async () => {
  const pair = await buildCopyingPair(api);
  const source = await buildCase(api, { owner: pair.sender });
  await buildEvidence(api, { owner: pair.sender, inCase: source, fields: { recordedAt } });
  const { id } = await shareCopy(api, pair, source.id);
  await liveCopy(api, id);
  owner = pair.receiver;
  inCase = { id: await targetOf(api, id) } as Case;
  const { body } = await api.get(`/cases/${inCase.id}/evidence`, owner);
  await policy('longest_retention_period');
  const kept = await buildCategory(api, pair.partner, { retentionDays: 5_000 });
  await change({ categoryIds: [kept.id] }, body.data[0].id);
  expect(await date(body.data[0].id)).toBe(after(5_000));
  await buildEvidence(api, { owner: pair.sender, inCase: source });
  await api.post(`/shares/${id}/updates`, pair.sender);
  await liveCopy(api, id);
  expect(await date(body.data[0].id)).toBeNull();
});

test('restored, it is kept for 30 days at least', async () => {
  const short = await buildCategory(api, organization, { retentionDays: 1 });
  await change({ categoryIds: [short.id] });
  await liveRetention(api, organization.id);
  const restored = await api.post(`/evidence/${evidence.id}/restore`, owner);
  expect(restored.body.state).toBe('active');
  const until = Date.parse(restored.body.queuedForDeletionOn);
  expect(until).toBeGreaterThan(inDays(29.9).getTime());
  expect(until).toBeLessThan(inDays(30.1).getTime());
  await liveRetention(api, organization.id, inDays(29));
  expect((await api.get(`/evidence/${evidence.id}`, owner)).body.state).toBe('active');
  await liveRetention(api, organization.id, inDays(30.1));
  expect((await api.get(`/evidence/${evidence.id}`, owner)).body.state).toBe('queued_for_deletion');
});

/** A file that comes to the case and is read back; gives its evidence. */
async function buildVerifying(scan: ScanVerdict | null): Promise<EvidenceId> {
  const content = randomBytes(10);
  const upload = await beginUpload(api, owner, { content, caseId: inCase.id });
  await sendPart(api, owner, upload.id, 1, content);
  const completed = await api.post(`/evidence/uploads/${upload.id}/complete`, owner);
  await settleUpload(api, workflowIdOf('evidence-intake', inCase.id), upload.id, {
    verdict: {
      type: 'intact',
      object: { size: 10, etag: 'x', versionId: null },
      digest: { sha256: createHash('sha256').update(content).digest('hex'), crc32: 1 },
    },
    scan,
    now: new Date(),
  });
  return completed.body.evidenceId;
}

test('a life recalculates all of a category, in batches', async () => {
  const em = api.database.em.fork();
  await em.execute(
    `insert into evidence (id, organization_id, evidence_number, title, state, file_name, content_type, size,
       sha256, crc32, object_key, uploaded_at, uploaded_by, owner_id, assignee_id, created_at, updated_at)
     select gen_random_uuid(), ?::uuid, 'B-' || n, 'One of many', 'active', 'a.bin', 'a/b', 1, repeat('0', 64), 0,
       'many/' || ?::text || n, now(), '{"type": "user", "id": null, "name": "A"}', ?::uuid, ?::uuid, now(), now()
     from generate_series(1, 500) n`,
    [organization.id, organization.id, owner.id, owner.id],
  );
  await em.execute(
    `insert into evidence_categories (evidence_id, category_id)
     select id, ?::uuid from evidence where organization_id = ? and evidence_number like 'B-%'`,
    [category.id, organization.id],
  );
  await api.patch(`/retention-categories/${category.id}`, owner, { retentionDays: 4_000 });
  expect(api.pokes).toContain(`retention:${organization.id}`);
  await liveRetention(api, organization.id);
  const [row] = await em.execute<{ n: number }[]>(
    `select count(*)::int as n from evidence where organization_id = ?
       and queued_for_deletion_on = coalesce(recorded_at, uploaded_at) + interval '4000 days'`,
    [organization.id],
  );
  expect(row?.n).toBe(501);
});

test('a policy of a case takes its own permission, and the feature', async () => {
  const without = await buildUserWithout(api, organization, 'case.editRetention');
  expect((await policy('longest_retention_period', without)).status).toBe(403);
  const only = await buildUserWith(api, organization, {
    'case.editRetention': 'any',
    'evidence.view': 'any',
  });
  expect((await policy('longest_retention_period', only)).status).toBe(200);
  const both = { retentionPolicy: 'until_manually_deleted', title: 'Another' };
  expect((await api.patch(`/cases/${inCase.id}`, only, both)).body.missing).toEqual(['case.edit']);
  await act(api, OPERATOR, (acting) =>
    switchFeatures(acting, organization.slug, {
      enable: [],
      disable: ['configurableCaseRetention'],
    }),
  );
  const refused = await policy('until_manually_deleted', owner);
  expect(refused.body).toMatchObject({ code: 'feature-missing', status: 403 });
});
