/** The life of an intake: what it gives up, removes and verifies, and when it is told. */
import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { liveIntake, rowOf, storedUpload } from '../../../test/support/intake.ts';
import {
  beginUpload,
  caseOfUser,
  putPart,
  sendFile,
  sendPart,
  tidyNow,
  uploadFile,
  verifyNow,
} from '../../../test/support/uploads.ts';
import { ABANDONED_AFTER, PART_ADDRESSES_DEAD_AFTER } from './intake-rule.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('the life of an intake', () => {
  it('gives up what was idle for 14 days, and only that', async () => {
    const { user, caseId } = await caseOfUser(api);
    const idle = await beginUpload(api, user, { content: randomBytes(10), caseId });
    const busy = await beginUpload(api, user, { content: randomBytes(10), caseId });
    const now = new Date(Date.now() + ABANDONED_AFTER);
    await api.database.em
      .fork()
      .execute('update uploads set last_active_at = ? where id = ?', [
        new Date(now.getTime() - 1_000),
        busy.id,
      ]);
    expect(await liveIntake(api, caseId, now)).toMatchObject({ steps: ['abandon'] });
    expect((await api.get(`/evidence/uploads/${idle.id}`, user)).body.state).toBe('aborted');
    expect((await api.get(`/evidence/uploads/${busy.id}`, user)).body.state).toBe('uploading');
    const event = await rowOf<{ count: string }>(
      api,
      `select count(*) from audit_events where action = 'upload.abandoned' and ?::uuid = any(objects)`,
      idle.id,
    );
    expect(Number(event.count)).toBe(1);
  });

  it('removes the parts of an upload that was given up, also those that arrive later', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { id } = await sendFile(api, user, { content: randomBytes(10), caseId });
    await api.delete(`/evidence/uploads/${id}`, user);
    const upload = await storedUpload(api, id);
    const now = new Date();
    expect(await liveIntake(api, caseId, now)).toMatchObject({
      next: { type: 'wait', work: ['tidy'] },
    });
    await tidyNow(api, caseId, now);
    await expect(api.store.listParts(upload.object_key, upload.store_upload_id)).rejects.toThrow();

    const waiting = await liveIntake(api, caseId, now);
    expect(waiting).toMatchObject({ next: { type: 'wait', work: [] } });
    await api.store.put(upload.object_key, Buffer.from('late'), 'text/plain');
    const later = new Date(now.getTime() + PART_ADDRESSES_DEAD_AFTER + 60_000);
    await tidyNow(api, caseId, later);
    await expect(api.store.stat(upload.object_key)).rejects.toThrow('no object');
    expect(await liveIntake(api, caseId, later)).toMatchObject({ next: { type: 'finished' } });
  });

  it('takes no part by an address that was given out before an upload was given up', async () => {
    const { user, caseId } = await caseOfUser(api);
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
    const { user, caseId } = await caseOfUser(api);
    for (let file = 0; file < 70; file += 1) {
      const { id } = await beginUpload(api, user, { content: Buffer.from(`file ${file}`), caseId });
      await sendPart(api, user, id, 1, Buffer.from(`file ${file}`));
      await api.post(`/evidence/uploads/${id}/complete`, user, {});
    }
    expect(await liveIntake(api, caseId, new Date())).toMatchObject({
      state: 'verifying',
      next: { work: ['verify'] },
    });
    await verifyNow(api, caseId);
    const left = await rowOf<{ count: string }>(
      api,
      `select count(*) from uploads where case_id = ? and state = 'verifying'`,
      caseId,
    );
    expect(Number(left.count)).toBe(6);
    await verifyNow(api, caseId);
    expect(await liveIntake(api, caseId, new Date())).toMatchObject({ next: { type: 'finished' } });
  });

  it('is poked once for uploads that begin or end while it is awake, and planned after the last', async () => {
    const { user, caseId } = await caseOfUser(api);
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
