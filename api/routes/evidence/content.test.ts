import { randomBytes } from 'node:crypto';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import { bytesOf, type ContentApi, startContentApi } from '../../../test/support/content.ts';
import { buildEvidence } from '../../../test/support/factories.ts';
import { uploadFile } from '../../../test/support/uploads.ts';

const CONTENT = randomBytes(300_000);

let api: ContentApi;
let evidence: Evidence;
beforeAll(async () => {
  api = await startContentApi();
  evidence = await buildEvidence(api, { owner: api.owner, content: CONTENT });
});
afterAll(() => api.stop());

describe('the original file', () => {
  it('comes whole, as a download that no browser may open in place', async () => {
    const response = await api.ask(evidence.id);
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).equals(CONTENT)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'video/mp4',
      'content-length': '300000',
      'content-disposition': 'attachment; filename="cam3.mp4"',
      'accept-ranges': 'bytes',
      etag: `"${evidence.sha256}"`,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "sandbox; default-src 'none'",
      'cache-control': 'private, no-store, no-transform',
      'x-accel-buffering': 'no',
    });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-', 100, 300_000],
    ['bytes=-5', 299_995, 300_000],
    ['bytes=299999-900000', 299_999, 300_000],
    ['bytes=-900000', 0, 300_000],
  ])('comes in the range %s', async (range, start, end) => {
    const response = await api.ask(evidence.id, { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${start}-${end - 1}/300000`);
    expect(response.headers.get('Content-Length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(CONTENT.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=300000-', 'bytes=-0', 'bytes=99999999999999999999-'])(
    'has nothing in the range %s',
    async (range) => {
      const response = await api.ask(evidence.id, { Range: range });
      expect(response.status).toBe(416);
      expect(response.headers.get('Content-Range')).toBe('bytes */300000');
      expect(await response.json()).toMatchObject({ code: 'range-not-satisfiable' });
    },
  );

  it.each(['bytes=5-1', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b', 'bytes'])(
    'comes whole where the range %s makes no sense here',
    async (range) => {
      const response = await api.ask(evidence.id, { Range: range });
      expect([response.status, (await bytesOf(response)).length]).toEqual([200, CONTENT.length]);
    },
  );

  it('goes on only where it is the same file, and is not sent again where it is', async () => {
    const etag = `"${evidence.sha256}"`;
    const statusOf = async (headers: Record<string, string>) => {
      const response = await api.ask(evidence.id, headers);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await statusOf({ Range: 'bytes=5-', 'If-Range': etag })).toBe(206);
    expect(await statusOf({ Range: 'bytes=5-', 'If-Range': '"old"' })).toBe(200);
    expect(await statusOf({ 'If-None-Match': etag })).toBe(304);
    expect(await statusOf({ 'If-Match': '"old"' })).toBe(412);
  });

  it('says all of that to HEAD, and sends and records nothing', async () => {
    const before = await api.events('evidence.download_began', evidence.id);
    const response = await api.ask(evidence.id, {}, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Length')).toBe('300000');
    expect(response.headers.get('ETag')).toBe(`"${evidence.sha256}"`);
    expect((await bytesOf(response)).length).toBe(0);
    expect(await api.events('evidence.download_began', evidence.id)).toHaveLength(before.length);
  });

  it('may be empty', async () => {
    const empty = await buildEvidence(api, { owner: api.owner, content: Buffer.alloc(0) });
    const response = await api.ask(empty.id);
    expect([response.status, response.headers.get('Content-Length')]).toEqual([200, '0']);
    expect((await bytesOf(response)).length).toBe(0);
    expect(await api.lastEnd(empty.id)).toMatchObject({ reason: 'complete', data: { bytes: 0 } });
  });

  it.each([
    ['cam 3.mp4', 'cam_3.mp4', 'cam 3.mp4'],
    ['Kamera "3"\\.mp4', 'Kamera_3_.mp4', 'Kamera "3"\\.mp4'],
    ['folder/cam; x=1.mp4', 'cam_x_1.mp4', 'cam; x=1.mp4'],
    ['監視.mp4', 'file.mp4', '監視.mp4'],
    ['100%25.mp4', '100_25.mp4', '100%25.mp4'],
  ])('is named %s as RFC 6266 writes it', async (fileName, ascii, whole) => {
    const named = await buildEvidence(api, { owner: api.owner, fields: { fileName } });
    const response = await api.ask(named.id, {}, { method: 'HEAD' });
    const disposition = response.headers.get('Content-Disposition') ?? '';
    const [, plain, encoded = ''] =
      /^attachment; filename="([\w.-]+)"; filename\*=UTF-8''(\S+)$/.exec(disposition) ?? [];
    expect([plain, decodeURIComponent(encoded)]).toEqual([ascii, whole]);
  });

  it('is not given out before it was verified, nor from quarantine', async () => {
    const fields = { state: 'quarantined' } as const;
    const quarantined = await buildEvidence(api, { owner: api.owner, fields });
    const { evidenceId } = await uploadFile(api, api.owner, { content: randomBytes(10) });
    for (const id of [quarantined.id, evidenceId]) {
      const response = await api.ask(id);
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: 'wrong-state' });
    }
  });
});
