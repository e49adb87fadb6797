import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildLink, downloadEnds, fetchPackage, openLink } from '../../test/support/links.ts';

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

  const sql = <T>(text: string, ...params: unknown[]) =>
    api.database.em.fork().execute<T[]>(text, params);

  test('comes whole, with its exact length, a strong tag and a name', async () => {
    const link = await buildLink(api, {
      files: FILES,
      caseFields: { caseNumber: '2026/0142 "Ö"' },
    });
    const { status, headers, bytes } = await fetchPackage(api, link, await openLink(api, link));
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
      const events = await downloadEnds(api, link.shareId);
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
    const { status, headers, bytes } = await fetchPackage(api, link, cookie);
    expect(status).toBe(200);
    expect(bytes).toHaveLength(link.size);
    expect(headers.get('ETag')).toBe(link.etag);
    expect(headers.get('Content-Type')).toBe('application/vnd.efi.iso');
    expect(headers.get('Content-Disposition')).toContain('filename="2026-0142.iso"');
    expect(bytes.toString('latin1', 16 * 2048 + 1, 16 * 2048 + 6)).toBe('CD001');
    expect(bytes.indexOf(FILES['cam3.mp4']) % 2048).toBe(0);
    const start = bytes.indexOf(FILES['cam3.mp4']) - 1_000;
    const part = await fetchPackage(api, link, cookie, {
      headers: { Range: `bytes=${start}-${start + 400_000}` },
    });
    expect(part.status).toBe(206);
    expect(part.bytes.equals(bytes.subarray(start, start + 400_001))).toBe(true);
  });

  test('HEAD says the same, gives no bytes and counts nothing', async () => {
    const link = await buildLink(api, { files: FILES, downloadLimit: 1 });
    const cookie = await openLink(api, link);
    const { status, headers, bytes } = await fetchPackage(api, link, cookie, { method: 'HEAD' });
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
    const { bytes: whole } = await fetchPackage(api, link, cookie);
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
      const answer = await fetchPackage(api, link, cookie, { headers });
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

  test('a manifest that is not the one that was promised gives no byte', async () => {
    const link = await buildLink(api, { files: FILES });
    await sql(
      `update share_items set crc32 = crc32 # 1 where share_id = ? and position = 0`,
      link.shareId,
    );
    const cookie = await openLink(api, link);
    const answer = await fetchPackage(api, link, cookie);
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
    await expect(fetchPackage(api, link, cookie)).rejects.toThrow();
    const events = await eventually('the failure on record', async () => {
      const found = await downloadEnds(api, link.shareId);
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
    await expect(fetchPackage(api, link, cookie)).rejects.toThrow();
    expect(
      await eventually(
        'the failure on record',
        async () => (await downloadEnds(api, link.shareId)).length === 1,
      ),
    ).toBe(true);
  });
});
