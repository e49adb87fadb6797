import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import type { ObjectStore } from '../../../platform/object-store/object-store.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCase, buildUser } from '../../../test/support/factories.ts';
import {
  beginUpload,
  freely,
  putPart,
  sendFile,
  sendPart,
  tidyNow,
  uploadFile,
  verifyNow,
} from '../../../test/support/uploads.ts';
import { act } from '../../act.ts';
import { type EvidenceId, newId, type ShareId } from '../../ids.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { evidenceIntakeLife } from './intake-life.ts';
import { ABANDONED_AFTER, PART_ADDRESSES_DEAD_AFTER } from './intake-rule.ts';
import { type ResumeRule, verifyUploads } from './verify-uploads.ts';

const MIB = 1024 ** 2;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ variables: { UPLOAD_MINIMUM_PART_SIZE: String(5 * MIB) } });
});
afterAll(() => api.stop());

async function caseOfUser() {
  const user = await buildUser(api);
  const { id: caseId } = await buildCase(api, { owner: user });
  return { user, caseId };
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

async function row<T>(sql: string, ...values: unknown[]): Promise<T> {
  const [found] = await api.database.em.fork().execute<T[]>(sql, values);
  if (found === undefined) throw new Error('there is no such row');
  return found;
}

async function objectKey(uploadId: string): Promise<string> {
  const found = await row<{ object_key: string }>(
    'select object_key from uploads where id = ?',
    uploadId,
  );
  return found.object_key;
}

/** The life of an intake does what is due, and says what is next. */
function live(entityId: string, now: Date) {
  const actor = { kind: 'lifecycle' as const, id: workflowIdOf('evidence-intake', entityId) };
  return act(api, { actor }, (acts) => evidenceIntakeLife.live(acts, entityId, now));
}

/** The store, with some operations that do otherwise. */
function storeWith(changed: Partial<ObjectStore>) {
  return { database: api.database, poke: api.poke, store: { ...api.store, ...changed } };
}

describe('verification', () => {
  it('reads each file back and releases it with both its hashes', async () => {
    const { user, caseId } = await caseOfUser();
    const contents = [randomBytes(12 * MIB + 1), Buffer.alloc(0), Buffer.from('short')];
    const uploads = [];
    for (const content of contents) {
      uploads.push(await uploadFile(api, user, { content, caseId, sha256: sha256(content) }));
    }
    await verifyNow(api, caseId);
    for (const [index, { id, evidenceId }] of uploads.entries()) {
      const content = contents[index] ?? Buffer.alloc(0);
      expect((await api.get(`/evidence/uploads/${id}`, user)).body).toMatchObject({
        state: 'verified',
        sha256: sha256(content),
        evidenceId,
      });
      const stored = await row<{ state: string; crc32: string; sha256: string }>(
        'select state, crc32, sha256 from evidence where id = ?',
        evidenceId,
      );
      expect(stored).toMatchObject({ state: 'active', sha256: sha256(content) });
      expect(Number(stored.crc32)).toBe(crc32(content));
    }
    expect(await live(caseId, new Date())).toMatchObject({ next: { type: 'finished' } });
  });

  it('does the same again, late or beside its successor, without another effect', async () => {
    const { user, caseId } = await caseOfUser();
    const { evidenceId } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    await Promise.all([verifyNow(api, caseId), verifyNow(api, caseId), verifyNow(api, caseId)]);
    await verifyNow(api, caseId);
    const events = await row<{ count: string }>(
      `select count(*) from audit_events where action = 'evidence.verified' and ?::uuid = any(objects)`,
      evidenceId,
    );
    expect(Number(events.count)).toBe(1);
  });

  it('goes on where it crashed between the store and the database', async () => {
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(100);
    const { id } = await uploadFile(api, user, { content, caseId });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    const crashing = storeWith({
      stat: () => Promise.reject(new Error('the worker was killed')),
    });
    await expect(verifyUploads(crashing, workflowId, new Date(), freely())).rejects.toThrow();
    expect((await api.store.stat(await objectKey(id))).size).toBe(100);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });

  it('takes a store that no longer knows the upload, but has the object, for one that completed it', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const upload = await row<{ object_key: string; store_upload_id: string; parts: never }>(
      'select object_key, store_upload_id, parts from uploads where id = ?',
      id,
    );
    await api.store.completeUpload(upload.object_key, upload.store_upload_id, upload.parts);
    await api.store.abortUpload(upload.object_key, upload.store_upload_id);
    await verifyNow(api, caseId);
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('verified');
  });

  it('waits for a store that is away, and holds up nobody behind a file that cannot be read', async () => {
    const { user, caseId } = await caseOfUser();
    const bad = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const good = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const badKey = await objectKey(bad.id);
    const deps = storeWith({
      read: (key, range, version) =>
        key === badKey
          ? Promise.reject(new Error('a disk is broken'))
          : api.store.read(key, range, version),
    });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    await expect(verifyUploads(deps, workflowId, new Date(), freely())).rejects.toThrow(
      '1 upload(s) could not be verified now',
    );
    expect((await api.get(`/evidence/uploads/${good.id}`, user)).body.state).toBe('verified');
    expect((await api.get(`/evidence/uploads/${bad.id}`, user)).body.state).toBe('verifying');
    await verifyNow(api, caseId);
    expect((await api.get(`/evidence/uploads/${bad.id}`, user)).body.state).toBe('verified');
  });

  it('takes a reading up in place after the store broke it off', async () => {
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(3 * MIB);
    const { id } = await uploadFile(api, user, { content, caseId });
    const offsets: number[] = [];
    const deps = storeWith({
      async read(key, range, version) {
        offsets.push(range.offset);
        if (offsets.length > 1) return api.store.read(key, range, version);
        return Readable.from(
          (async function* () {
            yield content.subarray(0, MIB);
            throw new Error('connection reset');
          })(),
        );
      },
    });
    await verifyUploads(deps, workflowIdOf('evidence-intake', caseId), new Date(), freely());
    expect(offsets).toEqual([0, MIB]);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });

  it('stops when it is told to, and leaves the file to the next worker', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const stop = new AbortController();
    const deps = storeWith({
      async read(key, range, version) {
        stop.abort(new Error('the worker shuts down'));
        return api.store.read(key, range, version);
      },
    });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    await expect(verifyUploads(deps, workflowId, new Date(), stop.signal)).rejects.toThrow(
      'the worker shuts down',
    );
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('verifying');
  });

  it('refuses what is not what was declared, tells why, and takes it out of the case', async () => {
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(100);
    const declared = sha256(Buffer.from('something else'));
    const { id, evidenceId } = await uploadFile(api, user, { content, caseId, sha256: declared });
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'failed', failure: { code: 'wrong-sha256' } });
    expect(body.failure.detail).toContain(sha256(content));
    expect((await api.get(`/evidence/${evidenceId}`, user)).status).toBe(404);
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(0);
  });

  it('refuses a file that the store does not have any more', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const upload = await row<{ object_key: string; store_upload_id: string }>(
      'select object_key, store_upload_id from uploads where id = ?',
      id,
    );
    await api.store.abortUpload(upload.object_key, upload.store_upload_id);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'failed', failure: { code: 'object-missing' } });
  });

  it('refuses an object of another size than announced', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    await api.database.em.fork().execute('update uploads set size = 101 where id = ?', [id]);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'failed', failure: { code: 'wrong-size' } });
  });
});

describe('duplicates', () => {
  it('are listed with the evidence that the case has, and stored once', async () => {
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(100);
    const first = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const second = await uploadFile(api, user, { content, caseId, fileName: 'again.mp4' });
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${second.id}`, user);
    expect(body).toMatchObject({ state: 'duplicate', evidenceId: first.evidenceId });
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(1);
    await tidyNow(api, caseId);
    await expect(api.store.stat(await objectKey(second.id))).rejects.toThrow('no object');
    expect((await api.store.stat(await objectKey(first.id))).size).toBe(100);
  });

  it('that are verified at once leave exactly one', async () => {
    const { user, caseId } = await caseOfUser();
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
    const { user, caseId } = await caseOfUser();
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
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(100);
    const first = await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    await api.patch(`/evidence/${first.evidenceId}`, user, { classification: 'confidential' });
    await uploadFile(api, user, { content, caseId });
    await verifyNow(api, caseId);
    const { content: event } = await row<{ content: string }>(
      `select content from audit_events where action = 'evidence.duplicate' and ?::uuid = any(objects)`,
      first.evidenceId,
    );
    expect(JSON.parse(event)).toMatchObject({ confidential: true });
  });

  it('are none in another case, nor without a case', async () => {
    const { user, caseId } = await caseOfUser();
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
    const { user, caseId } = await caseOfUser();
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
    const { user, caseId } = await caseOfUser();
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
        object_key: await objectKey(original.id),
      },
    ]);
  });

  it('are woken to fail where the file was refused', async () => {
    const { user, caseId } = await caseOfUser();
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

describe('a file whose reading survives a crash', () => {
  const rule: ResumeRule = { from: MIB, every: 2 * MIB };

  async function interrupted() {
    const { user, caseId } = await caseOfUser();
    const content = randomBytes(9 * MIB);
    const { id } = await uploadFile(api, user, { content, caseId });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    const killed = storeWith({
      async read(key, range, version) {
        if (range.offset >= 5 * MIB) throw new Error('the worker was killed');
        return api.store.read(
          key,
          { offset: range.offset, length: 5 * MIB - range.offset },
          version,
        );
      },
    });
    await expect(verifyUploads(killed, workflowId, new Date(), freely(), rule)).rejects.toThrow();
    const reads: number[] = [];
    const deps = storeWith({
      async read(key, range, version) {
        reads.push(range.offset);
        return api.store.read(key, range, version);
      },
    });
    return { user, id, content, workflowId, deps, reads };
  }

  it('goes on from what was noted last, and comes to the same hash', async () => {
    const { user, id, content, workflowId, deps, reads } = await interrupted();
    await verifyUploads(deps, workflowId, new Date(), freely(), rule);
    expect(reads[0]).toBeGreaterThanOrEqual(4 * MIB);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });

  it('begins anew where the object is another than the one that was read', async () => {
    const { user, id, content, workflowId, deps, reads } = await interrupted();
    await api.database.em
      .fork()
      .execute(
        `update uploads set hash_state = jsonb_set(hash_state::jsonb, '{etag}', '"another"')::text where id = ?`,
        [id],
      );
    await verifyUploads(deps, workflowId, new Date(), freely(), rule);
    expect(reads[0]).toBe(0);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });
});

describe('the life of an intake', () => {
  it('gives up what was idle for 14 days, and only that', async () => {
    const { user, caseId } = await caseOfUser();
    const idle = await beginUpload(api, user, { content: randomBytes(10), caseId });
    const busy = await beginUpload(api, user, { content: randomBytes(10), caseId });
    const now = new Date(Date.now() + ABANDONED_AFTER);
    await api.database.em
      .fork()
      .execute('update uploads set last_active_at = ? where id = ?', [
        new Date(now.getTime() - 1_000),
        busy.id,
      ]);
    expect(await live(caseId, now)).toMatchObject({ steps: ['abandon'] });
    expect((await api.get(`/evidence/uploads/${idle.id}`, user)).body.state).toBe('aborted');
    expect((await api.get(`/evidence/uploads/${busy.id}`, user)).body.state).toBe('uploading');
    const event = await row<{ count: string }>(
      `select count(*) from audit_events where action = 'upload.abandoned' and ?::uuid = any(objects)`,
      idle.id,
    );
    expect(Number(event.count)).toBe(1);
  });

  it('removes the parts of an upload that was given up, also those that arrive later', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await sendFile(api, user, { content: randomBytes(10), caseId });
    await api.delete(`/evidence/uploads/${id}`, user);
    const upload = await row<{ object_key: string; store_upload_id: string }>(
      'select object_key, store_upload_id from uploads where id = ?',
      id,
    );
    const now = new Date();
    expect(await live(caseId, now)).toMatchObject({ next: { type: 'wait', work: ['tidy'] } });
    await tidyNow(api, caseId, now);
    await expect(api.store.listParts(upload.object_key, upload.store_upload_id)).rejects.toThrow();

    const waiting = await live(caseId, now);
    expect(waiting).toMatchObject({ next: { type: 'wait', work: [] } });
    await api.store.put(upload.object_key, Buffer.from('late'), 'text/plain');
    const later = new Date(now.getTime() + PART_ADDRESSES_DEAD_AFTER + 60_000);
    await tidyNow(api, caseId, later);
    await expect(api.store.stat(upload.object_key)).rejects.toThrow('no object');
    expect(await live(caseId, later)).toMatchObject({ next: { type: 'finished' } });
  });

  it('takes no part by an address that was given out before an upload was given up', async () => {
    const { user, caseId } = await caseOfUser();
    const { id } = await beginUpload(api, user, { content: randomBytes(10), caseId });
    const { body } = await api.post(`/evidence/uploads/${id}/part-urls`, user, {
      partNumbers: [1],
    });
    await api.delete(`/evidence/uploads/${id}`, user);
    await tidyNow(api, caseId);
    await expect(putPart(body.urls[0].url, randomBytes(10))).rejects.toThrow('404');
    const completed = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect(completed.status).toBe(409);
  });

  it('verifies a whole folder of small files, slice by slice', async () => {
    const { user, caseId } = await caseOfUser();
    for (let file = 0; file < 70; file += 1) {
      const { id } = await beginUpload(api, user, { content: Buffer.from(`file ${file}`), caseId });
      await sendPart(api, user, id, 1, Buffer.from(`file ${file}`));
      await api.post(`/evidence/uploads/${id}/complete`, user, {});
    }
    expect(await live(caseId, new Date())).toMatchObject({
      state: 'verifying',
      next: { work: ['verify'] },
    });
    await verifyNow(api, caseId);
    const left = await row<{ count: string }>(
      `select count(*) from uploads where case_id = ? and state = 'verifying'`,
      caseId,
    );
    expect(Number(left.count)).toBe(6);
    await verifyNow(api, caseId);
    expect(await live(caseId, new Date())).toMatchObject({ next: { type: 'finished' } });
  });

  it('is poked once for uploads that begin or end while it is awake, and planned after the last', async () => {
    const { user, caseId } = await caseOfUser();
    const pokes = () => api.pokes.filter((id) => id === `evidence-intake:${caseId}`).length;
    const begun = [];
    for (let file = 0; file < 5; file += 1) {
      const content = Buffer.from(`file ${file}`);
      begun.push(await sendFile(api, user, { content, caseId }));
    }
    expect(pokes()).toBe(1);
    for (const { id } of begun) await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect(pokes()).toBe(2);
    await verifyNow(api, caseId);
    const { id } = await uploadFile(api, user, { content: Buffer.from('one more'), caseId });
    expect(pokes()).toBe(4);
    await verifyNow(api, caseId);
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('verified');
  });
});
