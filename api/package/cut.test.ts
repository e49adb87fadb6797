import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildLink, openLink, shareEvents, type TestLink } from '../../test/support/links.ts';
import { locked } from '../../test/support/locked.ts';
import { slowDownload, stopDownloads } from '../../test/support/slow-download.ts';
import { withinASecond } from '../../test/support/within-a-second.ts';

const FILE_BYTES = 48 * 1024 ** 2;
const DOWNLOADS = 20;

describe('a running download', () => {
  let api: TestApi;
  let link: TestLink;
  beforeAll(async () => {
    api = await startApi();
    link = await buildLink(api, { files: { 'long.mp4': randomBytes(FILE_BYTES) } });
  });
  afterEach(async () => {
    stopDownloads();
    await eventually('all to be over', () => api.deps.streaming.running === 0);
  });
  afterAll(() => api.stop());

  async function cookieOf(of: TestLink): Promise<string> {
    return openLink(api, of);
  }
  async function begin(of: TestLink, cookie: string) {
    return slowDownload(`${api.origin}/shared/${of.shareId}/package`, { Cookie: cookie });
  }
  async function endings(of: TestLink, count: number) {
    return eventually(`${count} ends on record`, async () => {
      const events = await shareEvents(api, of.shareId);
      const ended = events.filter(({ action }) => action === 'share.download_ended');
      return ended.length >= count && ended;
    });
  }
  const sameFileAgain = () => buildLinkOver(api, link);

  test('of one session leaves room for others: the 33rd at once is told to wait', async () => {
    const crowded = await sameFileAgain();
    const cookie = await cookieOf(crowded);
    const downloads = await Promise.all(Array.from({ length: 32 }, () => begin(crowded, cookie)));
    const more = await fetch(`${api.origin}/shared/${crowded.shareId}/package`, {
      headers: { Cookie: cookie },
    });
    expect(more.status).toBe(429);
    expect(Number(more.headers.get('Retry-After'))).toBeGreaterThan(0);
    const other = await begin(crowded, await cookieOf(crowded));
    expect(other.received).toBeGreaterThan(0);
    for (const download of [...downloads, other]) download.stop();
    await eventually('all to be over', () => api.deps.streaming.running === 0);
  });

  test(`${DOWNLOADS} of them are cut within a second of the revoke, and say so in the audit`, async () => {
    const revoked = await sameFileAgain();
    const bystander = await sameFileAgain();
    const other = await begin(bystander, await cookieOf(bystander));
    const cookies = await Promise.all(Array.from({ length: DOWNLOADS }, () => cookieOf(revoked)));
    const downloads = await Promise.all(cookies.map((cookie) => begin(revoked, cookie)));
    const answer = await api.post(`/shares/${revoked.shareId}/revoke`, revoked.owner);
    expect(answer.status).toBe(200);
    await withinASecond(api, 'all but the other are cut', () => api.deps.streaming.running === 1);
    for (const download of downloads) download.hurry();
    const overs = await Promise.all(downloads.map((download) => download.over));
    for (const over of overs) expect(over.complete).toBe(false);
    for (const download of downloads) expect(download.received).toBeLessThan(revoked.size);
    const ended = await endings(revoked, DOWNLOADS);
    expect(ended).toHaveLength(DOWNLOADS);
    for (const { reason, data } of ended) {
      expect(reason).toBe('cut');
      expect(data.cause).toBe('revoked');
      expect(data.bytes).toBeLessThan(revoked.size);
    }
    const before = other.received;
    other.hurry();
    expect((await other.over).complete).toBe(true);
    expect(before).toBeLessThan(bystander.size);
    expect(other.received).toBe(bystander.size);
  });

  test('one is cut when its link expires meanwhile', async () => {
    const expiring = await sameFileAgain();
    const download = await begin(expiring, await cookieOf(expiring));
    await api.database.em
      .fork()
      .execute('update shares set expires_at = clock_timestamp() where id = ?', [expiring.shareId]);
    await withinASecond(api, 'it is cut', () => api.deps.streaming.running === 0);
    download.hurry();
    expect((await download.over).complete).toBe(false);
    expect(await endings(expiring, 1)).toMatchObject([
      { reason: 'cut', data: { cause: 'expired' } },
    ]);
  });

  test('one is held while PostgreSQL does not answer, and goes on when it does', async () => {
    const held = await sameFileAgain();
    const download = await begin(held, await cookieOf(held));
    await locked(api, 'shares', async () => {
      download.hurry();
      let [seen, since] = [download.received, performance.now()];
      await eventually('no byte for half a second', () => {
        if (download.received > seen) [seen, since] = [download.received, performance.now()];
        return performance.now() - since > 500;
      });
      expect(download.received).toBeLessThan(held.size);
    });
    expect((await download.over).complete).toBe(true);
    expect(download.received).toBe(held.size);
  });

  test('one whose client goes away is accounted, and may be resumed', async () => {
    const resumed = await sameFileAgain();
    const cookie = await cookieOf(resumed);
    const download = await begin(resumed, cookie);
    download.stop();
    await download.over;
    const [session] = await eventually('the account', async () => {
      const rows = await api.database.em
        .fork()
        .execute<{ bytes_served: string; ended_at: unknown }[]>(
          'select bytes_served, ended_at from download_sessions where share_id = ? and bytes_served > 0',
          [resumed.shareId],
        );
      return rows.length > 0 && rows;
    });
    expect(session?.ended_at).toBeNull();
    expect(Number(session?.bytes_served)).toBeGreaterThanOrEqual(download.received);
    await eventually('the stream is over', () => api.deps.streaming.running === 0);
    const rest = await fetch(`${api.origin}/shared/${resumed.shareId}/package`, {
      headers: { Cookie: cookie, Range: `bytes=${download.received}-`, 'If-Range': resumed.etag },
    });
    expect(rest.status).toBe(206);
    expect((await rest.arrayBuffer()).byteLength).toBe(resumed.size - download.received);
    expect(await endings(resumed, 1)).toMatchObject([{ reason: 'complete' }]);
  });

  test('at shutdown it is broken off and written down', async () => {
    const leaving = await sameFileAgain();
    const download = await begin(leaving, await cookieOf(leaving));
    const drained = api.deps.streaming.drain();
    download.stop();
    await drained;
    const [row] = await api.database.em
      .fork()
      .execute<{ bytes_served: string }[]>(
        'select bytes_served from download_sessions where share_id = ?',
        [leaving.shareId],
      );
    expect(Number(row?.bytes_served)).toBeGreaterThan(0);
  });
});

/** Another link over the same case: the large file is stored once. */
async function buildLinkOver(api: TestApi, link: TestLink): Promise<TestLink> {
  const answer = await api.post(`/cases/${link.caseId}/shares`, link.owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
  });
  expect(answer.status).toBe(201);
  const path = new URL(answer.body.link).pathname;
  const [row] = await api.database.em
    .fork()
    .execute<{ size: string; etag: string }[]>(
      'select package_size as size, package_etag as etag from shares where id = ?',
      [answer.body.id],
    );
  return {
    ...link,
    shareId: answer.body.id,
    path,
    token: path.slice('/s/'.length),
    size: Number(row?.size),
    etag: row?.etag ?? '',
  };
}
