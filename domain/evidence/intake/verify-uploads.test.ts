/** What was sent is read back whole before it is evidence, whatever happens to whoever reads. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { crc32 } from 'node:zlib';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { liveIntake, rowOf, storedUpload, storeWith } from '../../../test/support/intake.ts';
import { caseOfUser, freely, uploadFile, verifyNow } from '../../../test/support/uploads.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { type ResumeRule, verifyUploads } from './verify-uploads.ts';

const MIB = 1024 ** 2;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ variables: { UPLOAD_MINIMUM_PART_SIZE: String(5 * MIB) } });
});
afterAll(() => api.stop());

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('verification', () => {
  it('reads each file back and releases it with both its hashes', async () => {
    const { user, caseId } = await caseOfUser(api);
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
      const stored = await rowOf<{ state: string; crc32: string; sha256: string }>(
        api,
        'select state, crc32, sha256 from evidence where id = ?',
        evidenceId,
      );
      expect(stored).toMatchObject({ state: 'active', sha256: sha256(content) });
      expect(Number(stored.crc32)).toBe(crc32(content));
    }
    expect(await liveIntake(api, caseId, new Date())).toMatchObject({ next: { type: 'finished' } });
  });

  it('does the same again, late or beside its successor, without another effect', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { evidenceId } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    await Promise.all([verifyNow(api, caseId), verifyNow(api, caseId), verifyNow(api, caseId)]);
    await verifyNow(api, caseId);
    const events = await rowOf<{ count: string }>(
      api,
      `select count(*) from audit_events where action = 'evidence.verified' and ?::uuid = any(objects)`,
      evidenceId,
    );
    expect(Number(events.count)).toBe(1);
  });

  it('goes on where it crashed between the store and the database', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(100);
    const { id } = await uploadFile(api, user, { content, caseId });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    const crashing = storeWith(api, {
      stat: () => Promise.reject(new Error('the worker was killed')),
    });
    await expect(verifyUploads(crashing, workflowId, new Date(), freely())).rejects.toThrow();
    expect((await api.store.stat((await storedUpload(api, id)).object_key)).size).toBe(100);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });

  it('takes a store that no longer knows the upload, but has the object, for one that completed it', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const upload = await storedUpload(api, id);
    await api.store.completeUpload(upload.object_key, upload.store_upload_id, upload.parts);
    await api.store.abortUpload(upload.object_key, upload.store_upload_id);
    await verifyNow(api, caseId);
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('verified');
  });

  it('waits for a store that is away, and holds up nobody behind a file that cannot be read', async () => {
    const { user, caseId } = await caseOfUser(api);
    const bad = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const good = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const badKey = (await storedUpload(api, bad.id)).object_key;
    const deps = storeWith(api, {
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
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(3 * MIB);
    const { id } = await uploadFile(api, user, { content, caseId });
    const offsets: number[] = [];
    const deps = storeWith(api, {
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
    const { user, caseId } = await caseOfUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const stop = new AbortController();
    const deps = storeWith(api, {
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
    const { user, caseId } = await caseOfUser(api);
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
    const { user, caseId } = await caseOfUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    const upload = await storedUpload(api, id);
    await api.store.abortUpload(upload.object_key, upload.store_upload_id);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'failed', failure: { code: 'object-missing' } });
  });

  it('refuses an object of another size than announced', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(100), caseId });
    await api.database.em.fork().execute('update uploads set size = 101 where id = ?', [id]);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({ state: 'failed', failure: { code: 'wrong-size' } });
  });
});

describe('a file whose reading survives a crash', () => {
  const rule: ResumeRule = { from: MIB, every: 2 * MIB };

  async function interrupted() {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(9 * MIB);
    const { id } = await uploadFile(api, user, { content, caseId });
    const workflowId = workflowIdOf('evidence-intake', caseId);
    const killed = storeWith(api, {
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
    const deps = storeWith(api, {
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
