import { randomBytes } from 'node:crypto';
import { endIdleContent } from '../../../domain/evidence/content-session.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import {
  createRangeReader,
  type RangeReader,
} from '../../../platform/object-store/range-reader.ts';
import { storeOptions } from '../../../platform/object-store/store-options.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { buildEvidence, buildUser } from '../../../test/support/factories.ts';
import { uploadFile } from '../../../test/support/uploads.ts';
import { createContents } from './contents.ts';

const CONTENT = randomBytes(300_000);

let api: TestApi;
let owner: User;
let evidence: Evidence;
let reader: RangeReader;
/** Stands for the reader's `read` where a test sets it. */
let read: RangeReader['read'] | null = null;

beforeAll(async () => {
  api = await startApi();
  reader = createRangeReader(storeOptions(api.config));
  // One that can be told to fail; everything else is the real store.
  const reading: RangeReader = {
    connections: 0,
    close: () => undefined,
    read: (range) => (read ?? reader.read)(range),
  };
  const { database, logger, poke } = api.deps;
  await api.deps.contents.drain();
  Object.assign(api.deps, {
    contents: createContents({ database, logger, poke, reader: reading }),
  });
  owner = await buildUser(api);
  evidence = await buildEvidence(api, { owner, content: CONTENT });
});
beforeEach(() => {
  read = null;
});
afterAll(async () => {
  await api.stop();
  reader.close();
});

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
    expect(await lastEnd(empty.id)).toMatchObject({ reason: 'complete', data: { bytes: 0 } });
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
  const cancelled = Promise.withResolvers<never>();
  cancelled.promise.catch(() => undefined);
  const pieces = [Promise.resolve(content.subarray(0, 100_000)), more.promise];
  read = () => ({
    async next() {
      const piece = pieces.shift();
      if (piece === undefined) return null;
      const bytes = await Promise.race([piece, cancelled.promise]);
      return { bytes, release: () => undefined };
    },
    cancel: () => cancelled.reject(new Error('the read was cancelled')),
  });
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

  it('breaks the connection when the store breaks, and never ends as if it were whole', async () => {
    const { slow, more } = await slowFile();
    const response = await ask({}, { id: slow.id });
    expect(response.status).toBe(200);
    more.reject(new Error('a disk is broken'));
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await lastEnd(slow.id)).toMatchObject({ reason: 'failed', outcome: 'failed' });
  });

  it('cuts the download within a second when the reader is disabled', async () => {
    const { slow } = await slowFile();
    const response = await ask({}, { id: slow.id });
    await sql('update users set disabled_at = now() where id = ?', owner.id);
    const cut = performance.now();
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(performance.now() - cut).toBeLessThan(1_500);
    expect(await lastEnd(slow.id)).toMatchObject({ reason: 'cut', outcome: 'done' });
    await sql('update users set disabled_at = null where id = ?', owner.id);
  });

  it('is one for all the ranges of a download, and complete with the last byte', async () => {
    const content = randomBytes(100_000);
    const { id } = await buildEvidence(api, { owner, content });
    for (const range of ['0-9999', '20000-', '0-9999', '5000-19999']) {
      expect(await events('evidence.download_ended', id)).toHaveLength(0);
      await bytesOf(await ask({ Range: `bytes=${range}` }, { id }));
    }
    const served = 10_000 + 80_000 + 10_000 + 15_000;
    expect(await lastEnd(id)).toMatchObject({ reason: 'complete', data: { bytes: served } });
    expect(await events('evidence.download_began', id)).toHaveLength(1);
    await bytesOf(await ask({}, { id }));
    await eventually('the second end', async () =>
      (await events('evidence.download_ended', id)).length === 2 ? true : undefined,
    );
    expect(await events('evidence.download_began', id)).toHaveLength(2);
  });

  it('is one for ranges that are asked for at once', async () => {
    const { id } = await buildEvidence(api, { owner, content: randomBytes(80_000) });
    const ranges = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `bytes=${n * 10_000}-${n * 10_000 + 9_999}`);
    await Promise.all(ranges.map(async (Range) => bytesOf(await ask({ Range }, { id }))));
    expect(await lastEnd(id)).toMatchObject({ reason: 'complete', data: { bytes: 80_000 } });
    expect(await events('evidence.download_began', id)).toHaveLength(1);
    expect(await events('evidence.download_ended', id)).toHaveLength(1);
  });

  it('ends as abandoned once nobody went on with it for half an hour', async () => {
    const { slow } = await slowFile();
    const response = await ask({}, { id: slow.id });
    await response.body?.cancel();
    await nothingRuns();
    await endIdleContent(api);
    expect(await events('evidence.download_ended', slow.id)).toHaveLength(0);
    await passHalfAnHour(slow.id);
    await Promise.all([endIdleContent(api), endIdleContent(api)]);
    expect(await events('evidence.download_ended', slow.id)).toMatchObject([
      { reason: 'abandoned', outcome: 'done', actor: { kind: 'user', id: owner.id } },
    ]);
  });

  it('ends as abandoned before the same user begins anew after half an hour', async () => {
    const { id } = await buildEvidence(api, { owner, content: randomBytes(100) });
    await bytesOf(await ask({ Range: 'bytes=0-9' }, { id }));
    await nothingRuns();
    await passHalfAnHour(id);
    await bytesOf(await ask({ Range: 'bytes=10-19' }, { id }));
    expect(await events('evidence.download_ended', id)).toMatchObject([
      { reason: 'abandoned', data: { bytes: 10 } },
    ]);
    expect(await events('evidence.download_began', id)).toHaveLength(2);
  });

  it('of a reader who left before it began stops looking after him, and ends as abandoned', async () => {
    const { id } = await buildEvidence(api, { owner, content: randomBytes(100) });
    const leaving = new AbortController();
    await api.database.em.fork().transactional(async (em) => {
      // The beginning refers to the evidence, and so has to wait.
      await em.execute('select 1 from evidence where id = ? for update', [id]);
      const asking = fetch(`${api.origin}/api/v1/evidence/${id}/content`, {
        headers: { Authorization: `Bearer ${await api.token(owner)}` },
        signal: leaving.signal,
      });
      await eventually('the download to wait', async () =>
        (await waitingForLocks()) > 0 ? true : undefined,
      );
      leaving.abort();
      await expect(asking).rejects.toThrow();
    });
    await nothingRuns();
    expect(await events('evidence.download_began', id)).toHaveLength(1);
    await passHalfAnHour(id);
    await endIdleContent(api);
    expect(await lastEnd(id)).toMatchObject({ reason: 'abandoned', data: { bytes: 0 } });
  });
});

async function sql(statement: string, ...values: unknown[]): Promise<void> {
  await api.database.em.fork().execute(statement, values);
}

async function waitingForLocks(): Promise<number> {
  const [row] = await api.database.em.fork().execute<{ count: number }[]>(
    `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

async function passHalfAnHour(evidenceId: string): Promise<void> {
  await sql(
    `update content_sessions set last_active_at = last_active_at - interval '31 minutes'
     where evidence_id = ? and ended_at is null`,
    evidenceId,
  );
}

/** Waits until no download is under way, and none is watched. */
async function nothingRuns(): Promise<void> {
  await eventually('the end of all downloads', async () =>
    api.deps.contents.running === 0 ? true : undefined,
  );
}

describe('a file whose object is not the one that was verified', () => {
  it('breaks off where other bytes lie at its place, under whatever range', async () => {
    const replaced = await buildEvidence(api, { owner, content: randomBytes(5_000) });
    await api.store.put(replaced.objectKey, randomBytes(5_000), 'video/mp4');
    // As in a bucket that keeps no versions.
    await sql('update evidence set object_version = null where id = ?', replaced.id);
    for (const Range of ['bytes=0-', 'bytes=10-19']) {
      const answered = ask({ Range }, { id: replaced.id }).then(bytesOf);
      await expect(answered).rejects.toThrow();
    }
    expect(await lastEnd(replaced.id)).toMatchObject({ reason: 'failed', data: { bytes: 0 } });
  });

  it('never ends as if it were whole where its bytes have another checksum', async () => {
    const damaged = await buildEvidence(api, { owner, content: randomBytes(5_000) });
    await sql('update evidence set crc32 = (crc32 + 1) % 4294967296 where id = ?', damaged.id);
    await expect(ask({}, { id: damaged.id }).then(bytesOf)).rejects.toThrow();
    expect(await lastEnd(damaged.id)).toMatchObject({ reason: 'failed' });
  });
});

it('has its downloads marked as confidential where the evidence is', async () => {
  const fields = { classification: 'confidential' } as const;
  const { id } = await buildEvidence(api, { owner, fields });
  await bytesOf(await ask({}, { id }));
  expect(await lastEnd(id)).toMatchObject({ confidential: true });
  expect(await events('evidence.download_began', id)).toMatchObject([{ confidential: true }]);
});
