import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { act } from '../../domain/act.ts';
import { newId } from '../../domain/ids.ts';
import {
  accountRange,
  beginDownload,
  endDownload,
} from '../../domain/sharing/download-accounting.ts';
import {
  authorise,
  findLink,
  openSession,
  sessionActor,
} from '../../domain/sharing/download-session.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildLink, openLink, shareEvents, type TestLink } from '../../test/support/links.ts';

const FILES = {
  'cam3.mp4': randomBytes(300_000),
  'notes/протокол.txt': Buffer.from('minutes'),
  'empty.log': Buffer.alloc(0),
};

describe('the package of a download link', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const address = (link: TestLink) => `${api.origin}/shared/${link.shareId}/package`;
  async function fetchPackage(link: TestLink, cookie: string, init: RequestInit = {}) {
    const response = await fetch(address(link), {
      ...init,
      headers: { Cookie: cookie, ...(init.headers as Record<string, string>) },
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    return { status: response.status, headers: response.headers, bytes };
  }
  const sql = <T>(text: string, ...params: unknown[]) =>
    api.database.em.fork().execute<T[]>(text, params);
  const ended = async (link: TestLink) =>
    (await shareEvents(api, link.shareId)).filter(
      ({ action }) => action === 'share.download_ended',
    );

  test('comes whole, with its exact length, a strong tag and a name', async () => {
    const link = await buildLink(api, {
      files: FILES,
      caseFields: { caseNumber: '2026/0142 "Ö"' },
    });
    const { status, headers, bytes } = await fetchPackage(link, await openLink(api, link));
    expect(status).toBe(200);
    expect(bytes).toHaveLength(link.size);
    expect(headers.get('Content-Length')).toBe(String(link.size));
    expect(headers.get('ETag')).toBe(link.etag);
    expect(headers.get('Accept-Ranges')).toBe('bytes');
    expect(headers.get('Content-Type')).toBe('application/zip');
    expect(headers.get('Cache-Control')).toContain('no-transform');
    expect(headers.get('X-Accel-Buffering')).toBe('no');
    expect(headers.get('Content-Disposition')).toBe(
      `attachment; filename="2026-0142_O_.zip"; filename*=UTF-8''2026-0142%20_%C3%96_.zip`,
    );
    const [event] = await eventually('the end on record', async () => {
      const events = await ended(link);
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({
      outcome: 'done',
      reason: 'complete',
      data: { bytes: link.size },
    });
  });

  test('comes as an ISO image where the link asks for one, whole and in parts', async () => {
    const caseFields = { caseNumber: '2026-0142' };
    const link = await buildLink(api, { files: FILES, caseFields, format: 'iso' });
    const cookie = await openLink(api, link);
    const { status, headers, bytes } = await fetchPackage(link, cookie);
    expect(status).toBe(200);
    expect(bytes).toHaveLength(link.size);
    expect(headers.get('ETag')).toBe(link.etag);
    expect(headers.get('Content-Type')).toBe('application/vnd.efi.iso');
    expect(headers.get('Content-Disposition')).toContain('filename="2026-0142.iso"');
    expect(bytes.toString('latin1', 16 * 2048 + 1, 16 * 2048 + 6)).toBe('CD001');
    expect(bytes.indexOf(FILES['cam3.mp4']) % 2048).toBe(0);
    const start = bytes.indexOf(FILES['cam3.mp4']) - 1_000;
    const part = await fetchPackage(link, cookie, {
      headers: { Range: `bytes=${start}-${start + 400_000}` },
    });
    expect(part.status).toBe(206);
    expect(part.bytes.equals(bytes.subarray(start, start + 400_001))).toBe(true);
  });

  test('HEAD says the same, gives no bytes and counts nothing', async () => {
    const link = await buildLink(api, { files: FILES, downloadLimit: 1 });
    const cookie = await openLink(api, link);
    const { status, headers, bytes } = await fetchPackage(link, cookie, { method: 'HEAD' });
    expect([status, headers.get('Content-Length'), bytes.length]).toEqual([
      200,
      String(link.size),
      0,
    ]);
    const [session] = await sql(
      'select counted_at, began_at, bytes_served from download_sessions where share_id = ?',
      link.shareId,
    );
    expect(session).toEqual({ counted_at: null, began_at: null, bytes_served: '0' });
  });

  test('gives every range that makes sense, and the whole for every one that does not', async () => {
    const link = await buildLink(api, { files: FILES });
    const cookie = await openLink(api, link);
    const { bytes: whole } = await fetchPackage(link, cookie);
    const { size, etag } = link;
    const cases: [Record<string, string>, number, number?, number?][] = [
      [{ Range: 'bytes=0-0' }, 206, 0, 1],
      [{ Range: 'bytes=100-99999' }, 206, 100, 100_000],
      [{ Range: `bytes=${size - 1}-` }, 206, size - 1, size],
      [{ Range: 'bytes=-500' }, 206, size - 500, size],
      [{ Range: `bytes=-${size * 10}` }, 206, 0, size],
      [{ Range: `bytes=5-${'9'.repeat(40)}` }, 206, 5, size],
      [{ Range: 'bytes=0-1,5-6' }, 200, 0, size],
      [{ Range: 'bytes=5-2' }, 200, 0, size],
      [{ Range: 'lines=1-2' }, 200, 0, size],
      [{ Range: `bytes=${size}-` }, 416],
      [{ Range: 'bytes=-0' }, 416],
      [{ Range: 'bytes=0-9', 'If-Range': etag }, 206, 0, 10],
      [{ Range: 'bytes=0-9', 'If-Range': '"of an earlier package"' }, 200, 0, size],
      [{ Range: 'bytes=0-9', 'If-Range': `W/${etag}` }, 200, 0, size],
      [{ 'If-None-Match': etag }, 304],
      [{ 'If-Match': '"of an earlier package"' }, 412],
      [{ 'If-Match': etag, Range: 'bytes=1-1' }, 206, 1, 2],
    ];
    for (const [headers, status, start, end] of cases) {
      const answer = await fetchPackage(link, cookie, { headers });
      expect([headers, answer.status]).toEqual([headers, status]);
      if (start !== undefined) expect(answer.bytes.equals(whole.subarray(start, end))).toBe(true);
      if (status === 206) {
        expect(answer.headers.get('Content-Range')).toBe(
          `bytes ${start}-${(end ?? 0) - 1}/${size}`,
        );
      }
      if (status === 416) expect(answer.headers.get('Content-Range')).toBe(`bytes */${size}`);
    }
  });

  test('is refused without the cookie of this very share', async () => {
    const [mine, other] = [await buildLink(api), await buildLink(api)];
    const otherCookie = await openLink(api, other);
    const disguised = otherCookie.replace(other.shareId, mine.shareId);
    for (const cookie of ['', otherCookie, disguised, `cb-share-${mine.shareId}=${mine.token}`]) {
      for (const path of ['', '/package', '/manifest.json']) {
        const response = await fetch(`${api.origin}/shared/${mine.shareId}${path}`, {
          headers: { Cookie: cookie },
        });
        await response.body?.cancel();
        expect([cookie, path, response.status]).toEqual([cookie, path, 401]);
      }
    }
  });

  test('a limit of 1 lets exactly one of 100 sessions have bytes', async () => {
    const link = await buildLink(api, { files: FILES, downloadLimit: 1 });
    const cookies = await Promise.all(Array.from({ length: 100 }, () => openLink(api, link)));
    const answers = await Promise.all(cookies.map((cookie) => fetchPackage(link, cookie)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(99);
    const winner = cookies[statuses.indexOf(200)] ?? '';
    // Whoever began may go on, as often as it must.
    expect((await fetchPackage(link, winner, { headers: { Range: 'bytes=10-' } })).status).toBe(
      206,
    );
    const events = await shareEvents(api, link.shareId);
    expect(events.filter(({ reason }) => reason === 'used_up')).toHaveLength(99);
  });

  test('a link that expires is refused at the next range, with no worker near', async () => {
    const link = await buildLink(api, { files: FILES });
    const cookie = await openLink(api, link);
    const range = { headers: { Range: 'bytes=0-9' } };
    expect((await fetchPackage(link, cookie, range)).status).toBe(206);
    await sql('update shares set expires_at = clock_timestamp() where id = ?', link.shareId);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect((await fetchPackage(link, cookie, range)).status).toBe(410);
    }
    const refusals = (await shareEvents(api, link.shareId)).filter(
      ({ action }) => action === 'share.refused',
    );
    expect(refusals).toMatchObject([{ reason: 'expired', outcome: 'refused' }]);
  });

  test('a manifest that is not the one that was promised gives no byte', async () => {
    const link = await buildLink(api, { files: FILES });
    await sql(
      `update share_items set crc32 = crc32 # 1 where share_id = ? and position = 0`,
      link.shareId,
    );
    const cookie = await openLink(api, link);
    const answer = await fetchPackage(link, cookie);
    expect(answer.status).toBe(500);
    expect(answer.headers.get('Content-Type')).toMatch('application/problem+json');
  });

  test('an object that is gone breaks the connection, and the audit says failed', async () => {
    const link = await buildLink(api, { files: FILES });
    const cookie = await openLink(api, link);
    const [item] = await sql<{ object_key: string }>(
      `select object_key from share_items where share_id = ? and original_name = 'cam3.mp4'`,
      link.shareId,
    );
    await api.store.remove(item?.object_key ?? '');
    await expect(fetchPackage(link, cookie)).rejects.toThrow();
    const events = await eventually('the failure on record', async () => {
      const found = await ended(link);
      return found.length > 0 && found;
    });
    expect(events).toMatchObject([{ outcome: 'failed', reason: 'failed' }]);
  });

  test('an object that was overwritten breaks the connection, and the audit says failed', async () => {
    const link = await buildLink(api, { files: FILES });
    const cookie = await openLink(api, link);
    const [item] = await sql<{ object_key: string }>(
      `select object_key from share_items where share_id = ? and original_name = 'cam3.mp4'`,
      link.shareId,
    );
    await api.store.put(item?.object_key ?? '', randomBytes(300_000), 'video/mp4');
    await expect(fetchPackage(link, cookie)).rejects.toThrow();
    expect(
      await eventually('the failure on record', async () => (await ended(link)).length === 1),
    ).toBe(true);
  });

  test('the first complete download tells the creator, once', async () => {
    const link = await buildLink(api, { files: FILES, notifyOnFirstDownload: true });
    const mails = () => sql('select kind from notifications where subject_id = ?', link.shareId);
    const cookie = await openLink(api, link);
    await fetchPackage(link, cookie, { headers: { Range: `bytes=0-${link.size - 2}` } });
    await fetchPackage(link, cookie, { method: 'HEAD' });
    expect(await mails()).toEqual([]);
    await fetchPackage(link, cookie, { headers: { Range: 'bytes=-1' } });
    await eventually('the notice', async () => (await mails()).length > 0);
    await fetchPackage(link, await openLink(api, link));
    await eventually('the second end', async () => (await ended(link)).length === 2);
    expect(await mails()).toEqual([{ kind: 'link-first-download' }]);
  });

  test('however the bytes are divided, a download is complete once, and only when all are out', async () => {
    const link = await buildLink(api, { files: { 'a.bin': Buffer.from('some evidence') } });
    const found = await findLink(api.database.em.fork(), link.token);
    if (found === null) throw new Error('the link is not found');
    await fc.assert(
      fc.asyncProperty(divisions(link.size), async (ranges) => {
        const sessionId = newId<Parameters<typeof openSession>[2]>();
        const by = { actor: sessionActor(sessionId, found.organizationId) };
        const session = { ...found, sessionId };
        await act(api, by, (acting) => openSession(acting, found, sessionId));
        await act(api, by, (acting) => beginDownload(acting, session));
        const completions = await Promise.all(
          ranges.map(async (range) => {
            const isComplete = await accountRange(api.database.em.fork(), sessionId, range);
            if (isComplete)
              await act(api, by, (acting) => endDownload(acting, session, 'complete'));
            return isComplete;
          }),
        );
        const endings = (await ended(link)).length;
        const [row] = await sql<{ completed: boolean }>(
          'select completed_at is not null as completed from download_sessions where id = ?',
          sessionId,
        );
        const isWhole = covers(ranges, link.size);
        expect(row?.completed).toBe(isWhole);
        expect(completions.some(Boolean)).toBe(isWhole);
        expect(endings - endingsBefore).toBe(isWhole ? 1 : 0);
        endingsBefore = endings;
      }),
      { numRuns: 40 },
    );
  });
  let endingsBefore = 0;

  test('is in the audit of every evidence that it holds', async () => {
    const link = await buildLink(api, { files: FILES });
    await fetchPackage(link, await openLink(api, link));
    await eventually('the end on record', async () => (await ended(link)).length === 1);
    const [item] = await sql<{ evidence_id: string }>(
      'select evidence_id from share_items where share_id = ? limit 1',
      link.shareId,
    );
    const { body } = await api.get(`/evidence/${item?.evidence_id}/audit`, link.owner);
    const actions = body.data.map((event: { action: string }) => event.action);
    expect(actions).toEqual(
      expect.arrayContaining(['share.opened', 'share.download_began', 'share.download_ended']),
    );
    expect(body.page.total).toBe(body.page.count);
  });

  test('a session’s secret and the token are stored as hashes only', async () => {
    const link = await buildLink(api);
    const cookie = await openLink(api, link);
    const secret = cookie.split('=')[1] ?? '';
    const granted = await authorise(api.database.em.fork(), link.shareId, secret);
    expect(granted.type).toBe('granted');
    const stored = JSON.stringify(
      await sql(
        `select (select json_agg(s) from shares s)::text || (select json_agg(d) from download_sessions d)::text
           || (select json_agg(a.content) from audit_events a)::text as everything`,
      ),
    );
    for (const clear of [secret, link.token]) {
      expect(stored).not.toContain(clear);
      expect(stored).not.toContain(Buffer.from(clear, 'base64url').toString('hex'));
    }
    expect(stored).toContain(createHash('sha256').update(secret).digest('hex'));
  });
});

/** Ranges that divide so many bytes, in any order, some twice; sometimes not all of them. */
function divisions(size: number) {
  return fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 1, max: size - 1 }), { maxLength: 6 }),
      fc.array(fc.nat({ max: 6 }), { maxLength: 3 }),
      fc.boolean(),
    )
    .chain(([cuts, repeated, isWhole]) => {
      const bounds = [0, ...cuts.toSorted((a, b) => a - b), size];
      const ranges = bounds.slice(1).map((end, index) => ({ start: bounds[index] ?? 0, end }));
      const twice = repeated.flatMap((index) => ranges[index] ?? []);
      const kept = isWhole ? ranges : ranges.slice(1);
      const all = [...kept, ...twice];
      return fc.shuffledSubarray(all, { minLength: all.length });
    });
}

function covers(ranges: readonly { start: number; end: number }[], size: number): boolean {
  let reached = 0;
  for (const { start, end } of ranges.toSorted((a, b) => a.start - b.start)) {
    if (start > reached) return false;
    reached = Math.max(reached, end);
  }
  return reached === size;
}
