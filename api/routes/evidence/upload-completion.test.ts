/** How an upload ends: completed, given up, and by whom. */
import { createHash, randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildUser, buildUserWith } from '../../../test/support/factories.ts';
import {
  beginUpload,
  caseOfUser,
  sendFile,
  sendPart,
  uploadFile,
  verifyNow,
} from '../../../test/support/uploads.ts';

const PART = 5 * 1024 ** 2;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ variables: { UPLOAD_MINIMUM_PART_SIZE: String(PART) } });
});
afterAll(() => api.stop());

describe('completing an upload', () => {
  it('makes it evidence that is being verified, in its case, with the next number', async () => {
    const { user, caseId } = await caseOfUser(api);
    const first = await uploadFile(api, user, {
      content: randomBytes(10),
      caseId,
      fileName: 'x/A.MP4',
    });
    const second = await uploadFile(api, user, { content: Buffer.alloc(0), caseId });
    const { body } = await api.get(`/cases/${caseId}/evidence`, user);
    expect(body.data).toMatchObject([
      {
        id: first.evidenceId,
        evidenceNumber: 'E-000001',
        title: 'A.MP4',
        state: 'verifying',
        isNew: true,
        file: { name: 'x/A.MP4', contentType: 'video/mp4', size: 10, sha256: null },
        owner: { id: user.id },
        assignee: { id: user.id },
        uploadedBy: { type: 'user', id: user.id },
        cases: [caseId],
      },
      { id: second.evidenceId, evidenceNumber: 'E-000002', file: { size: 0 } },
    ]);
  });

  it('names every part that is missing', async () => {
    const user = await buildUser(api);
    const content = randomBytes(2 * PART + 1);
    const { id } = await beginUpload(api, user, { content });
    await sendPart(api, user, id, 2, content.subarray(PART, 2 * PART));
    const answer = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect([answer.status, answer.body.code]).toEqual([409, 'parts-missing']);
    expect(answer.body.missing).toEqual([1, 3]);
  });

  it('asks which of a part that was sent twice is meant, and takes the one that is named', async () => {
    const { user, caseId } = await caseOfUser(api);
    const content = randomBytes(20);
    const { id } = await beginUpload(api, user, { content, caseId });
    await sendPart(api, user, id, 1, randomBytes(20));
    const etag = await sendPart(api, user, id, 1, content);
    const unsure = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect([unsure.status, unsure.body.code]).toEqual([409, 'part-ambiguous']);
    expect(unsure.body.ambiguous).toEqual([1]);
    const parts = [{ partNumber: 1, etag }];
    const answer = await api.post(`/evidence/uploads/${id}/complete`, user, { parts });
    expect(answer.status).toBe(202);
    await verifyNow(api, caseId);
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body).toMatchObject({
      state: 'verified',
      sha256: createHash('sha256').update(content).digest('hex'),
    });
  });

  it('refuses a part of the wrong size', async () => {
    const user = await buildUser(api);
    const { id } = await beginUpload(api, user, { content: randomBytes(20) });
    await sendPart(api, user, id, 1, randomBytes(21));
    const answer = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect([answer.status, answer.body.code]).toEqual([409, 'part-wrong-size']);
    expect(answer.body.wrongSize).toEqual([1]);
  });

  it('makes one piece of evidence of two requests at once, and answers both', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { id } = await sendFile(api, user, { content: randomBytes(20), caseId });
    const complete = () => api.post(`/evidence/uploads/${id}/complete`, user, {});
    const answers = await Promise.all([complete(), complete(), complete()]);
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(answers.map(({ body }) => body.evidenceId)).size).toBe(1);
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(1);
  });

  it('answers a repetition after verification with the end of it', async () => {
    const { user, caseId } = await caseOfUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(20), caseId });
    await verifyNow(api, caseId);
    const again = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect([again.status, again.body.state]).toEqual([200, 'verified']);
  });

  it('refuses unknown fields and part numbers beyond the plan', async () => {
    const user = await buildUser(api);
    const { id } = await sendFile(api, user, { content: randomBytes(20) });
    const complete = (body: unknown) => api.post(`/evidence/uploads/${id}/complete`, user, body);
    expect((await complete({ etags: [] })).status).toBe(422);
    const beyond = await complete({ parts: [{ partNumber: 2, etag: 'x' }] });
    expect(beyond.body.errors[0].pointer).toBe('/parts/0/partNumber');
  });
});

describe('giving an upload up', () => {
  it('ends it: no addresses, no completion, and giving it up again is the same', async () => {
    const user = await buildUser(api);
    const { id } = await sendFile(api, user, { content: randomBytes(20) });
    expect((await api.delete(`/evidence/uploads/${id}`, user)).status).toBe(204);
    expect((await api.delete(`/evidence/uploads/${id}`, user)).status).toBe(204);
    const completed = await api.post(`/evidence/uploads/${id}/complete`, user, {});
    expect([completed.status, completed.body.code]).toEqual([409, 'wrong-state']);
    const addresses = await api.post(`/evidence/uploads/${id}/part-urls`, user, {
      partNumbers: [1],
    });
    expect([addresses.status, addresses.body.code]).toEqual([409, 'wrong-state']);
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.state).toBe('aborted');
  });

  it('is too late once it was completed', async () => {
    const user = await buildUser(api);
    const { id } = await uploadFile(api, user, { content: randomBytes(20) });
    const answer = await api.delete(`/evidence/uploads/${id}`, user);
    expect([answer.status, answer.body.state]).toEqual([409, 'verifying']);
  });
});

describe('an upload of somebody else', () => {
  it('is not there for another organization, and closed to a colleague without the right', async () => {
    const user = await buildUser(api);
    const { id } = await beginUpload(api, user, { content: randomBytes(20) });
    const stranger = await buildUser(api);
    const colleague = await buildUserWith(
      api,
      { id: user.organizationId },
      { 'evidence.edit': 'own' },
    );
    for (const [as, status] of [
      [stranger, 404],
      [colleague, 403],
    ] as const) {
      const answers = [
        await api.get(`/evidence/uploads/${id}`, as),
        await api.post(`/evidence/uploads/${id}/part-urls`, as, { partNumbers: [1] }),
        await api.post(`/evidence/uploads/${id}/complete`, as, {}),
        await api.delete(`/evidence/uploads/${id}`, as),
      ];
      expect(answers.map((answer) => answer.status)).toEqual(Array(4).fill(status));
    }
  });
});

it('cannot be gone on with by who was taken out of the case since it began', async () => {
  const { user, caseId } = await caseOfUser(api);
  const organization = { id: user.organizationId };
  const member = await buildUser(api, { organization, roles: ['investigator'] });
  const members = [{ type: 'user', id: member.id }];
  await api.patch(`/cases/${caseId}`, user, { members });
  const { id } = await sendFile(api, member, { content: randomBytes(20), caseId });
  await api.patch(`/cases/${caseId}`, user, { members: [] });
  const attempts = async () => [
    await api.post(`/evidence/uploads/${id}/part-urls`, member, { partNumbers: [1] }),
    await api.post(`/evidence/uploads/${id}/complete`, member, {}),
  ];
  for (const { status, body } of await attempts()) {
    expect([status, body.missing]).toEqual([403, ['case.edit']]);
  }
  expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(0);
  await api.patch(`/cases/${caseId}`, user, { members });
  expect((await attempts()).map(({ status }) => status)).toEqual([200, 202]);
  expect((await api.delete(`/evidence/uploads/${id}`, member)).status).toBe(409);
});
