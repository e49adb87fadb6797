/** How an upload begins, and the parts that it is sent in. */
import { randomBytes } from 'node:crypto';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildOrganization, buildUser, buildUserWith } from '../../../test/support/factories.ts';
import { beginUpload, caseOfUser, putPart, sendPart } from '../../../test/support/uploads.ts';

const MIB = 1024 ** 2;
const PART = 5 * MIB;

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ variables: { UPLOAD_MINIMUM_PART_SIZE: String(PART) } });
});
afterAll(() => api.stop());

describe('beginning an upload', () => {
  it('says how to cut the file, and touches nothing of the case yet', async () => {
    const { user, caseId } = await caseOfUser(api);
    const body = { caseId, fileName: 'a/b.mp4', size: 2 * PART + 1 };
    const answer = await api.post('/evidence/uploads', user, body);
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      state: 'uploading',
      partSize: PART,
      partCount: 3,
    });
    expect((await api.get(`/cases/${caseId}`, user)).body.evidenceCount).toBe(0);
    expect(api.pokes).toContain(`evidence-intake:${caseId}`);
  });

  it.each([
    ['..', { fileName: '../../etc/passwd' }, '/fileName'],
    ['NUL', { fileName: 'a\u0000.mp4' }, '/fileName'],
    ['CR and LF', { fileName: 'a\r\nb.mp4' }, '/fileName'],
    ['a right-to-left mark', { fileName: 'a\u202egpj.exe' }, '/fileName'],
    ['a negative size', { size: -1 }, '/size'],
    ['half a byte', { size: 1.5 }, '/size'],
    ['a size as text', { size: '5' }, '/size'],
    ['a declared hash that is none', { sha256: 'abc' }, '/sha256'],
    ['a media type with a line break', { contentType: 'a/b\r\nX: y' }, '/contentType'],
    ['an unknown field', { path: '/x' }, '/path'],
    ['a case that is no id', { caseId: 'x' }, '/caseId'],
  ])('refuses %s before a byte is sent', async (_, fields, pointer) => {
    const user = await buildUser(api);
    const answer = await api.post('/evidence/uploads', user, {
      fileName: 'cam3.mp4',
      size: 5,
      ...fields,
    });
    expect(answer.status).toBe(422);
    expect(pointersOf(answer)).toEqual([pointer]);
  });

  it.each([1_500_000_000_001, 1e18, Number.MAX_VALUE])(
    'refuses %d bytes as too large',
    async (size) => {
      const user = await buildUser(api);
      const answer = await api.post('/evidence/uploads', user, { fileName: 'cam3.mp4', size });
      expect([answer.status, answer.body.code]).toEqual([413, 'file-too-large']);
    },
  );

  it('takes 1.5 TB, a name of 300 characters, and folders', async () => {
    const user = await buildUser(api);
    const fileName = `${'f'.repeat(300)}/${'n'.repeat(296)}.mp4`;
    const answer = await api.post('/evidence/uploads', user, { fileName, size: 1_500_000_000_000 });
    expect(answer.body).toMatchObject({ partSize: 160 * MIB, partCount: 8_941 });
  });

  it('refuses types that the organization does not take, whatever the case of the name', async () => {
    const organization = await buildOrganization(api);
    const user = await buildUser(api, { organization });
    await api.patch('/organization', user, { fileExtensions: ['mp4', 'jpg'] });
    const begin = (fileName: string) => api.post('/evidence/uploads', user, { fileName, size: 1 });
    expect((await begin('a.MP4')).status).toBe(201);
    const refused = await begin('a.exe');
    expect([refused.status, refused.body.code]).toEqual([415, 'file-type-not-supported']);
    expect(refused.body.supported.toSorted()).toEqual(['jpg', 'mp4']);
    expect((await begin('mp4')).status).toBe(415);
  });

  it('does not know the cases of others, and needs the right to edit the case', async () => {
    const { user, caseId } = await caseOfUser(api);
    const stranger = await buildUser(api);
    const begin = (as: { email: string }) =>
      api.post('/evidence/uploads', as, { fileName: 'a.mp4', size: 1, caseId });
    expect((await begin(stranger)).status).toBe(404);
    const organization = { id: user.organizationId };
    const reader = await buildUserWith(api, organization, { 'evidence.view': 'any' });
    expect((await begin(reader)).body.code).toBe('permission-missing');
    const other = await buildUserWith(api, organization, {
      'evidence.edit': 'own',
      'case.edit': 'own',
    });
    expect((await begin(other)).body.missing).toEqual(['case.edit']);
  });

  it('begins one upload however often it is asked with the same key', async () => {
    const user = await buildUser(api);
    const begin = () =>
      api.post(
        '/evidence/uploads',
        user,
        { fileName: 'a.mp4', size: 1 },
        { 'Idempotency-Key': 'once' },
      );
    const [first, second] = [await begin(), await begin()];
    expect(second.body).toEqual(first.body);
  });
});

describe('the parts of an upload', () => {
  it('are listed by the store as they arrive, and are the way to resume', async () => {
    const user = await buildUser(api);
    const content = randomBytes(PART + 10);
    const { id } = await beginUpload(api, user, { content });
    expect((await api.get(`/evidence/uploads/${id}`, user)).body.parts).toEqual([]);
    const etag = await sendPart(api, user, id, 2, content.subarray(PART));
    const { body } = await api.get(`/evidence/uploads/${id}`, user);
    expect(body.state).toBe('uploading');
    expect(body.parts).toEqual([{ partNumber: 2, size: 10, etag: etag.replaceAll('"', '') }]);
  });

  it('have addresses that live an hour at most and belong to this part only', async () => {
    const user = await buildUser(api);
    const { id } = await beginUpload(api, user, { content: randomBytes(10) });
    const asked = Date.now();
    const { body } = await api.post(`/evidence/uploads/${id}/part-urls`, user, {
      partNumbers: [1],
    });
    const [{ url, expiresAt }] = body.urls;
    expect(Date.parse(expiresAt) - asked).toBeLessThanOrEqual(3_600_000 + 5_000);
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('3600');
    const moved = url.replace('partNumber=1', 'partNumber=2');
    await expect(putPart(moved, randomBytes(10))).rejects.toThrow('403');
  });

  it.each([
    [[0], ['/partNumbers/0']],
    [
      [-1, 1.5],
      ['/partNumbers/0', '/partNumbers/1'],
    ],
    [
      [1, 3, 10_000],
      ['/partNumbers/1', '/partNumbers/2'],
    ],
    [[10_001], ['/partNumbers/0']],
    [[], ['/partNumbers']],
    [Array.from({ length: 101 }, () => 1), ['/partNumbers']],
  ])('are not given out for the numbers %j', async (partNumbers, pointers) => {
    const user = await buildUser(api);
    const { id } = await beginUpload(api, user, { content: randomBytes(PART + 1) });
    const answer = await api.post(`/evidence/uploads/${id}/part-urls`, user, { partNumbers });
    expect(answer.status).toBe(422);
    expect(pointersOf(answer)).toEqual(pointers);
  });
});
