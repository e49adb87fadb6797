import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { ObjectStore } from '../../../platform/object-store/object-store.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { buildEvidence, buildUser } from '../../../test/support/factories.ts';
import { uploadFile } from '../../../test/support/uploads.ts';

const CONTENT = randomBytes(300_000);

let api: TestApi;
let owner: User;
let evidence: Evidence;
/** Stands for the store's `read` where a test sets it. */
let read: ObjectStore['read'] | null = null;

beforeAll(async () => {
  api = await startApi();
  const { store } = api;
  const reading: ObjectStore = {
    ...store,
    read: (...given) => (read ?? store.read)(...given),
  };
  // One that can be told to fail; everything else is the real store.
  Object.assign(api.deps, { store: reading });
  owner = await buildUser(api);
  evidence = await buildEvidence(api, { owner, content: CONTENT });
});
beforeEach(() => {
  read = null;
});
afterAll(() => api.stop());

async function ask(
  headers: Readonly<Record<string, string>> = {},
  options: { readonly method?: string; readonly id?: string } = {},
) {
  const response = await fetch(
    `${api.origin}/api/v1/evidence/${options.id ?? evidence.id}/content`,
    {
      method: options.method ?? 'GET',
      headers: { Authorization: `Bearer ${await api.token(owner)}`, ...headers },
    },
  );
  return response;
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('the original file', () => {
  it('comes whole, as a download that no browser may open in place', async () => {
    const response = await ask();
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
    });
  });

  it.each([
    ['bytes=0-0', 0, 1],
    ['bytes=100-', 100, 300_000],
    ['bytes=-5', 299_995, 300_000],
    ['bytes=299999-900000', 299_999, 300_000],
    ['bytes=-900000', 0, 300_000],
  ])('comes in the range %s', async (range, start, end) => {
    const response = await ask({ Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('Content-Range')).toBe(`bytes ${start}-${end - 1}/300000`);
    expect(response.headers.get('Content-Length')).toBe(String(end - start));
    expect((await bytesOf(response)).equals(CONTENT.subarray(start, end))).toBe(true);
  });

  it.each(['bytes=300000-', 'bytes=-0', 'bytes=99999999999999999999-'])(
    'has nothing in the range %s',
    async (range) => {
      const response = await ask({ Range: range });
      expect(response.status).toBe(416);
      expect(response.headers.get('Content-Range')).toBe('bytes */300000');
      expect(await response.json()).toMatchObject({ code: 'range-not-satisfiable' });
    },
  );

  it.each(['bytes=5-1', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=a-b', 'bytes'])(
    'comes whole where the range %s makes no sense here',
    async (range) => {
      const response = await ask({ Range: range });
      expect([response.status, (await bytesOf(response)).length]).toEqual([200, CONTENT.length]);
    },
  );

  it('goes on only where it is the same file, and is not sent again where it is', async () => {
    const etag = `"${evidence.sha256}"`;
    const statusOf = async (headers: Record<string, string>) => {
      const response = await ask(headers);
      await response.arrayBuffer();
      return response.status;
    };
    expect(await statusOf({ Range: 'bytes=5-', 'If-Range': etag })).toBe(206);
    expect(await statusOf({ Range: 'bytes=5-', 'If-Range': '"old"' })).toBe(200);
    expect(await statusOf({ 'If-None-Match': etag })).toBe(304);
    expect(await statusOf({ 'If-Match': '"old"' })).toBe(412);
  });

  it('says all of that to HEAD, and sends and records nothing', async () => {
    const before = await events('evidence.download_began');
    const response = await ask({}, { method: 'HEAD' });
    expect(response.status).toBe(200);
    expect(response.headers.get('Content-Length')).toBe('300000');
    expect(response.headers.get('ETag')).toBe(`"${evidence.sha256}"`);
    expect((await bytesOf(response)).length).toBe(0);
    expect(await events('evidence.download_began')).toHaveLength(before.length);
  });

  it('may be empty', async () => {
    const empty = await buildEvidence(api, { owner, content: Buffer.alloc(0) });
    const response = await ask({}, { id: empty.id });
    expect([response.status, response.headers.get('Content-Length')]).toEqual([200, '0']);
    expect((await bytesOf(response)).length).toBe(0);
  });

  it.each([
    ['Kamera "3"\\.mp4', String.raw`attachment; filename="Kamera \"3\"\\.mp4"`],
    ['folder/cam; x=1.mp4', 'attachment; filename="cam; x=1.mp4"'],
    ['監視.mp4', `attachment; filename="??.mp4"; filename*=UTF-8''%E7%9B%A3%E8%A6%96.mp4`],
    ['100%25.mp4', `attachment; filename="100%25.mp4"; filename*=UTF-8''100%2525.mp4`],
  ])('is named %s as RFC 6266 writes it', async (fileName, disposition) => {
    const named = await buildEvidence(api, { owner, fields: { fileName } });
    const response = await ask({}, { id: named.id, method: 'HEAD' });
    expect(response.headers.get('Content-Disposition')).toBe(disposition);
  });

  it('is not given out before it was verified, nor from quarantine', async () => {
    const quarantined = await buildEvidence(api, { owner, fields: { state: 'quarantined' } });
    const { evidenceId } = await uploadFile(api, owner, { content: randomBytes(10) });
    for (const id of [quarantined.id, evidenceId]) {
      const response = await ask({}, { id });
      expect(response.status).toBe(409);
      expect(await response.json()).toMatchObject({ code: 'wrong-state' });
    }
  });
});

async function events(
  action: string,
  id: string = evidence.id,
): Promise<{ reason: string; data: never }[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      `select content from audit_events where action = ? and ?::uuid = any(objects) order by sequence`,
      [action, id],
    );
  return rows.map(({ content }) => JSON.parse(content));
}

/** A file of its own, whose bytes come as slowly as a test lets them. */
async function slowFile() {
  const content = randomBytes(200_000);
  const slow = await buildEvidence(api, { owner, content });
  const more = Promise.withResolvers<Buffer>();
  read = () =>
    Promise.resolve(
      Readable.from(
        (async function* () {
          yield content.subarray(0, 100_000);
          yield await more.promise;
        })(),
      ),
    );
  return { slow, content, more };
}

async function lastEnd(id: string) {
  return eventually('the end of the download', async () =>
    (await events('evidence.download_ended', id)).at(-1),
  );
}

describe('the record of a download', () => {
  it('has its beginning before the first byte, and its end with what was served', async () => {
    const { slow, content, more } = await slowFile();
    const response = await ask({}, { id: slow.id });
    expect(await events('evidence.download_began', slow.id)).toHaveLength(1);
    more.resolve(content.subarray(100_000));
    expect((await bytesOf(response)).equals(content)).toBe(true);
    expect(await lastEnd(slow.id)).toMatchObject({
      reason: 'complete',
      outcome: 'done',
      data: { bytes: 200_000 },
    });
  });

  it('says that the reader went away', async () => {
    const { slow } = await slowFile();
    const response = await ask({}, { id: slow.id });
    await response.body?.cancel();
    expect(await lastEnd(slow.id)).toMatchObject({ reason: 'abandoned', outcome: 'failed' });
  });

  it.each([
    ['breaks', (more: PromiseWithResolvers<Buffer>) => more.reject(new Error('a disk is broken'))],
    ['ends early', (more: PromiseWithResolvers<Buffer>) => more.resolve(Buffer.alloc(5))],
  ])(
    'breaks the connection when the store %s, and never ends as if it were whole',
    async (_, stop) => {
      const { slow, more } = await slowFile();
      const response = await ask({}, { id: slow.id });
      expect(response.status).toBe(200);
      stop(more);
      await expect(response.arrayBuffer()).rejects.toThrow();
      expect(await lastEnd(slow.id)).toMatchObject({ reason: 'failed' });
    },
  );

  it('answers an error where the store fails before the first byte', async () => {
    read = () => Promise.reject(new Error('the store is away'));
    const response = await ask();
    expect(response.status).toBe(500);
    expect(response.headers.get('Content-Disposition')).toBeNull();
  });

  it('cuts the download within a second when the reader is disabled', async () => {
    const { slow } = await slowFile();
    const response = await ask({}, { id: slow.id });
    await api.database.em
      .fork()
      .execute('update users set disabled_at = now() where id = ?', [owner.id]);
    const cut = performance.now();
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(performance.now() - cut).toBeLessThan(1_500);
    expect(await lastEnd(slow.id)).toMatchObject({ reason: 'cut' });
    await api.database.em
      .fork()
      .execute('update users set disabled_at = null where id = ?', [owner.id]);
  });
});
