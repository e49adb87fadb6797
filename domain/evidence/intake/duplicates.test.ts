/** The same bytes twice in a case, and what becomes of links over files that are verified. */
import { createHash, randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCase } from '../../../test/support/factories.ts';
import { rowOf, storedUpload } from '../../../test/support/intake.ts';
import { caseOfUser, tidyNow, uploadFile, verifyNow } from '../../../test/support/uploads.ts';
import { type EvidenceId, newId, type ShareId } from '../../ids.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('duplicates', () => {
  it('are listed with the evidence that the case has, and stored once', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const first = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const second = await uploadFile(api, user, { content, caseId, fileName: 'again.mp4' });
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${second.id}`, user);
    expect(body).toMatchObject({ state: 'duplicate', evidenceId: first.evidenceId });
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(1);
    await tidyNow(api, caseId);
    await expect(api.store.stat((await storedUpload(api, second.id)).object_key)).rejects.toThrow(
      'no object',
    );
    expect((await api.store.stat((await storedUpload(api, first.id)).object_key)).size).toBe(100);
  });

  it('that are verified at once leave exactly one', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const uploads = [];
    for (let copy = 0; copy < 6; copy += 1) {
      uploads.push(await uploadFile(api, user, { content, caseId }));
    }
    await Promise.all([verifyNow(api, caseId), verifyNow(api, caseId)]);
    const states = [];
    for (const { id } of uploads) {
      states.push((await api.get(`/evidence/uploads/${id}`, user)).body.state);
    }
    expect(states.toSorted()).toEqual([...Array(5).fill('duplicate'), 'verified']);
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(1);
  });

  it('take nothing with them: evidence that is being verified goes into no other case and takes no notes', async () => {
    const { user, caseId } = await caseOfUser(api);
    const other = await buildCase(api, { owner: user });
    const content = randomBytes(100);
    const first = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const { evidenceId } = await uploadFile(api, user, { content, caseId });
    const path = `/evidence/${evidenceId}`;
    const attempts = async () => [
      await api.put(`/cases/${other.id}/evidence/${evidenceId}`, user),
      await api.patch(path, user, { title: 'Back door' }),
      await api.post(`${path}/notes`, user, { text: 'Seen' }),
      await api.post(`${path}/markers`, user, { kind: 'manual', atSeconds: 1, text: 'x' }),
    ];
    for (const { status, body } of await attempts()) {
      expect([status, body.code, body.state]).toEqual([409, 'wrong-state', 'verifying']);
    }
    await verifyNow(api, caseId);
    expect((await attempts()).map(({ status }) => status)).toEqual([404, 404, 404, 404]);
    const put = await api.put(`/cases/${other.id}/evidence/${first.evidenceId}`, user);
    expect(put.status).toBe(204);
  });

  it('of confidential evidence are recorded as confidential', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const first = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    await api.patch(`/evidence/${first.evidenceId}`, user, { classification: 'confidential' });
    await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const { content: event } = await rowOf<{ content: string }>(
      api,
      `select content from audit_events where action = 'evidence.duplicate' and ?::uuid = any(objects)`,
      first.evidenceId,
    );
    expect(JSON.parse(event)).toMatchObject({ confidential: true });
  });

  it('are none in another case, nor without a case', async () => {
    const { user, caseId } = await caseOfUser(api);
    const other = await buildCase(api, { owner: user });
    const content = randomBytes(100);
    const uploads = [
      await uploadFile(api, user, { content, caseId }),
      await uploadFile(api, user, { content, caseId: other.id }),
      await uploadFile(api, user, { content }),
      await uploadFile(api, user, { content }),
    ];
    for (const entity of [caseId, other.id, user.organizationId]) await verifyNow(api, entity);
    for (const { id } of uploads) {
      expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('verified');
    }
  });
});

describe('links that wait for a verification', () => {
  async function shareOf(
    caseId: string,
    user: { id: string; organizationId: string },
    items: EvidenceId[],
  ) {
    const id = newId<ShareId>();
    const em = api.database.em.fork();
    await em.execute(
      `insert into shares (id, organization_id, case_id, method, scope, format, created_by, created_at,
         updated_at, duration_days, link_token_hash, archive)
       values (?, ?, ?, 'download_link', 'entire_case', 'zip', ?, now(), now(), 30, ?, '{}')`,
      [id, user.organizationId, caseId, user.id, randomBytes(32)],
    );
    for (const [position, evidenceId] of items.entries()) {
      await em.execute(
        `insert into share_items (share_id, position, evidence_id, original_name, path, modified_at, size, object_key)
         select ?, ?, e.id, 'n', 'n', now(), e.size, e.object_key from evidence e where e.id = ?`,
        [id, position, evidenceId],
      );
    }
    return id;
  }
  const itemsOf = (id: string) =>
    api.database.em
      .fork()
      .execute<{ evidence_id: string; sha256: string | null; object_key: string }[]>(
        'select evidence_id, sha256, object_key, object_etag from share_items where share_id = ? order by position',
        [id],
      );

  it('are woken, and have the hashes of what was verified', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const { evidenceId } = await uploadFile(api, user, { content, caseId });
    const share = await shareOf(caseId, user, [evidenceId]);
    await verifyNow(api, caseId);
    expect(await itemsOf(share)).toMatchObject([
      { sha256: sha256(content), object_etag: expect.any(String) },
    ]);
    expect(api.pokes).toContain(`download-link:${share}`);
  });

  it('lose the item of a duplicate, or have the original in its place', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const original = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const copy = await uploadFile(api, user, { content, caseId });
    const [both, only] = [
      await shareOf(caseId, user, [original.evidenceId, copy.evidenceId]),
      await shareOf(caseId, user, [copy.evidenceId]),
    ];
    await verifyNow(api, caseId);
    expect(await itemsOf(both)).toMatchObject([{ evidence_id: original.evidenceId }]);
    expect(await itemsOf(only)).toMatchObject([
      {
        evidence_id: original.evidenceId,
        sha256: sha256(content),
        object_key: (await storedUpload(api, original.id)).object_key,
      },
    ]);
  });

  it('are woken to fail where the file was refused', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { evidenceId } = await uploadFile(api, user, {
      content: randomBytes(100),
      caseId,
      sha256: sha256(Buffer.from('other')),
    });
    const share = await shareOf(caseId, user, [evidenceId]);
    await verifyNow(api, caseId);
    expect(await itemsOf(share)).toMatchObject([{ evidence_id: evidenceId, sha256: null }]);
    expect(api.pokes).toContain(`download-link:${share}`);
  });
});
