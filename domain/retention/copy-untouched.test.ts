/** A partner's copy, while its source does with its own evidence whatever it may. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  liveCopy,
  shareCopy,
  targetOf,
} from '../../test/support/copies.ts';
import { buildCase, buildCategory, buildEvidence } from '../../test/support/factories.ts';
import { inDays, liveRetention, retentionOf } from '../../test/support/retention.ts';
import type { Evidence } from '../evidence/evidence.entity.ts';

let api: TestApi;
let pair: CopyingPair;
beforeAll(async () => {
  api = await startApi();
  pair = await buildCopyingPair(api);
});
afterAll(async () => api.stop());

/** All that the partner has: rows to the last column, and the bytes that can be read. */
async function everythingOf(organizationId: string, caseId: string): Promise<unknown> {
  const em = api.database.em.fork();
  const rows = await em.execute<{ row: Record<string, unknown> }[]>(
    `select to_jsonb(e) as row from evidence e where organization_id = ?
     union all select to_jsonb(c) from cases c where id = ?
     union all select to_jsonb(ce) from case_evidence ce where case_id = ?
     union all select to_jsonb(x) from evidence_notes x join case_evidence ce using (evidence_id) where ce.case_id = ?
     union all select to_jsonb(x) from evidence_access x join case_evidence ce using (evidence_id) where ce.case_id = ?
     union all select to_jsonb(x) from evidence_attachments x join case_evidence ce using (evidence_id) where ce.case_id = ?`,
    [organizationId, caseId, caseId, caseId, caseId, caseId],
  );
  const hashes: string[] = [];
  for (const { row } of rows) {
    const { object_key: key, object_version: version, size } = row;
    if (typeof key !== 'string') continue;
    const range = { offset: 0, length: Number(size) };
    const bytes = await buffer(await api.store.read(key, range, version as string | null));
    hashes.push(createHash('sha256').update(bytes).digest('hex'));
  }
  return { rows: rows.map(({ row }) => JSON.stringify(row)).sort(), hashes: hashes.sort() };
}

test('holding, changing, deleting, restoring and destroying the source changes nothing of the copy', async () => {
  const { sender, source } = pair;
  const inCase = await buildCase(api, { owner: sender });
  const all: Evidence[] = [];
  for (let made = 0; made < 4; made += 1) {
    all.push(await buildEvidence(api, { owner: sender, inCase }));
  }
  await api.post(`/evidence/${all[0]?.id}/notes`, sender, { text: 'Seen at 3.' });
  const share = await shareCopy(api, pair, inCase.id, { attachments: ['notes', 'audit_trail'] });
  await liveCopy(api, share.id);
  const target = (await targetOf(api, share.id)) ?? '';
  const before = await everythingOf(pair.partner.id, target);
  const unchanged = async () => expect(await everythingOf(pair.partner.id, target)).toEqual(before);

  const category = await buildCategory(api, source, { retentionDays: 1 });
  for (const { id } of all) {
    await api.put(`/evidence/${id}/hold`, sender, { reason: 'An appeal' });
    await api.patch(`/evidence/${id}`, sender, {
      title: 'Another title',
      recordedAt: inDays(-50).toISOString(),
      categoryIds: [category.id],
    });
  }
  await unchanged();
  for (const { id } of all) await api.delete(`/evidence/${id}/hold`, sender);
  const [first, second] = all;
  await api.delete(`/evidence/${first?.id}`, sender);
  await api.post(`/evidence/${first?.id}/restore`, sender);
  await api.delete(`/evidence/${second?.id}`, sender);
  await api.patch(`/cases/${inCase.id}`, sender, {
    retentionPolicy: 'individual_evidence_retention',
  });
  await unchanged();
  for (const days of [0, 7.5, 32, 40]) await liveRetention(api, source.id, inDays(days));
  for (const { id } of all) expect((await retentionOf(api, id)).state).toBe('destroyed');
  await unchanged();
  await liveRetention(api, pair.partner.id, inDays(400));
  const later = await everythingOf(pair.partner.id, target);
  expect(later).toEqual(before);
});
