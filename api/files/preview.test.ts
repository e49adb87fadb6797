import { randomBytes } from 'node:crypto';
import { bytesOf, type ContentApi, startContentApi } from '../../test/support/content.ts';
import { buildEvidence, buildUserWith } from '../../test/support/factories.ts';

const CONTENT = randomBytes(300_000);

let api: ContentApi;
beforeAll(async () => {
  api = await startContentApi();
});
afterAll(() => api.stop());

async function fileOf(contentType: string, fileName = 'file.bin') {
  const fields = { contentType, fileName };
  return buildEvidence(api, { owner: api.owner, content: CONTENT, fields });
}

async function preview(id: string, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${api.origin}/api/v1/evidence/${id}/preview`, {
    headers: { Authorization: `Bearer ${await api.token(api.owner)}`, ...headers },
  });
}

describe('a preview', () => {
  it.each([
    ['video/mp4', 'video/mp4'],
    ['IMAGE/JPEG', 'image/jpeg'],
    ['audio/mpeg; rate=44100', 'audio/mpeg'],
  ])('of %s is shown in place, and nothing of it runs or loads anything', async (stored, sent) => {
    const { id } = await fileOf(stored);
    const response = await preview(id);
    expect(response.status).toBe(200);
    expect((await bytesOf(response)).equals(CONTENT)).toBe(true);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': sent,
      'content-disposition': 'inline',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store, no-transform',
      'accept-ranges': 'bytes',
    });
  });

  it('comes in the ranges that a player asks for', async () => {
    const { id } = await fileOf('video/mp4');
    const response = await preview(id, { Range: 'bytes=200000-' });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe('bytes 200000-299999/300000');
    expect((await bytesOf(response)).equals(CONTENT.subarray(200_000))).toBe(true);
  });

  it.each([
    ['image/svg+xml', 'plan.svg'],
    ['text/html', 'page.html'],
    ['application/xhtml+xml', 'page.xhtml'],
    ['application/pdf', 'report.pdf'],
    ['application/octet-stream', 'clip.mp4'],
    ['text/html; charset=image/png', 'image.png'],
  ])('there is none of %s: it can only be downloaded', async (contentType, fileName) => {
    const { id } = await fileOf(contentType, fileName);
    const response = await preview(id);
    expect(response.status).toBe(415);
    expect(response.headers.get('Content-Type')).toMatch('application/problem+json');
    expect(await response.json()).toMatchObject({ code: 'file-type-not-supported' });
    const content = await api.ask(id);
    expect(content.status).toBe(200);
    expect(content.headers.get('Content-Disposition')).toMatch(/^attachment;/);
    await bytesOf(content);
    expect(await api.events('evidence.preview_began', id)).toEqual([]);
  });

  it('is for staff who may see the evidence, and is on record apart from downloads', async () => {
    const { id } = await fileOf('image/png');
    const nobody = await buildUserWith(api, api.organization, { 'evidence.view': 'own' });
    expect((await api.get(`/evidence/${id}/preview`, nobody)).status).toBe(403);
    await bytesOf(await preview(id));
    await api.deps.streaming.drain();
    expect(await api.events('evidence.preview_began', id)).toMatchObject([
      { objects: [id], data: { grant: 'staff' } },
    ]);
    expect(await api.events('evidence.preview_ended', id)).toMatchObject([
      { reason: 'complete', data: { bytes: CONTENT.length } },
    ]);
    expect(await api.events('evidence.download_began', id)).toEqual([]);
  });
});
