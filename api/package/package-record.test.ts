import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { act } from '../../domain/act.ts';
import { newId } from '../../domain/ids.ts';
import {
  accountRange,
  beginDownload,
  endDownload,
} from '../../domain/sharing/download-link/download-accounting.ts';
import {
  authorise,
  findLink,
  openSession,
  sessionActor,
} from '../../domain/sharing/download-link/download-session.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import {
  buildLink,
  downloadEnds,
  fetchPackage,
  openLink,
  shareEvents,
} from '../../test/support/links.ts';

const FILES = { 'cam3.mp4': randomBytes(30_000), 'empty.log': Buffer.alloc(0) };

describe('what is recorded of downloads, and decided by it,', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startApi();
  });
  afterAll(() => api.stop());

  const sql = <T>(text: string, ...params: unknown[]) =>
    api.database.em.fork().execute<T[]>(text, params);

  test('a limit of 1 lets exactly one of 100 sessions have bytes', async () => {
    const link = await buildLink(api, { files: FILES, downloadLimit: 1 });
    const cookies = await Promise.all(Array.from({ length: 100 }, () => openLink(api, link)));
    const answers = await Promise.all(cookies.map((cookie) => fetchPackage(api, link, cookie)));
    const statuses = answers.map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(1);
    expect(statuses.filter((status) => status === 410)).toHaveLength(99);
    const winner = cookies[statuses.indexOf(200)] ?? '';
    // Whoever began may go on, as often as it must.
    expect(
      (await fetchPackage(api, link, winner, { headers: { Range: 'bytes=10-' } })).status,
    ).toBe(206);
    const events = await shareEvents(api, link.shareId);
    expect(events.filter(({ reason }) => reason === 'used_up')).toHaveLength(99);
  });

  test('a link that expires is refused at the next range, with no worker near', async () => {
    const link = await buildLink(api, { files: FILES });
    const cookie = await openLink(api, link);
    const range = { headers: { Range: 'bytes=0-9' } };
    expect((await fetchPackage(api, link, cookie, range)).status).toBe(206);
    await sql('update shares set expires_at = clock_timestamp() where id = ?', link.shareId);
    for (let repeat = 0; repeat < 3; repeat += 1) {
      expect((await fetchPackage(api, link, cookie, range)).status).toBe(410);
    }
    const refusals = (await shareEvents(api, link.shareId)).filter(
      ({ action }) => action === 'share.refused',
    );
    expect(refusals).toMatchObject([{ reason: 'expired', outcome: 'refused' }]);
  });

  test('the first complete download tells the creator, once', async () => {
    const link = await buildLink(api, { files: FILES, notifyOnFirstDownload: true });
    const mails = () => sql('select kind from notifications where subject_id = ?', link.shareId);
    const cookie = await openLink(api, link);
    await fetchPackage(api, link, cookie, { headers: { Range: `bytes=0-${link.size - 2}` } });
    await fetchPackage(api, link, cookie, { method: 'HEAD' });
    expect(await mails()).toEqual([]);
    await fetchPackage(api, link, cookie, { headers: { Range: 'bytes=-1' } });
    await eventually('the notice', async () => (await mails()).length > 0);
    await fetchPackage(api, link, await openLink(api, link));
    await eventually(
      'the second end',
      async () => (await downloadEnds(api, link.shareId)).length === 2,
    );
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
        const endings = (await downloadEnds(api, link.shareId)).length;
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
    await fetchPackage(api, link, await openLink(api, link));
    await eventually(
      'the end on record',
      async () => (await downloadEnds(api, link.shareId)).length === 1,
    );
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
