import { randomBytes } from 'node:crypto';
import { endIdleContent } from '../../../domain/evidence/content-session.ts';
import { bytesOf, type ContentApi, startContentApi } from '../../../test/support/content.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { buildEvidence } from '../../../test/support/factories.ts';

let api: ContentApi;
beforeAll(async () => {
  api = await startContentApi();
});
beforeEach(() => {
  api.read = null;
});
afterAll(() => api.stop());

async function waitingForLocks(): Promise<number> {
  const [row] = await api.sql<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return row?.count ?? 0;
}

describe('the record of a download', () => {
  it('has its beginning before the first byte, and its end with what was served', async () => {
    const { slow, content, more } = await api.slowFile();
    const response = await api.ask(slow.id);
    expect(await api.events('evidence.download_began', slow.id)).toHaveLength(1);
    more.resolve(content.subarray(100_000));
    expect((await bytesOf(response)).equals(content)).toBe(true);
    expect(await api.lastEnd(slow.id)).toMatchObject({
      reason: 'complete',
      outcome: 'done',
      data: { bytes: 200_000 },
    });
  });

  it('is one for all the ranges of a download, and complete with the last byte', async () => {
    const content = randomBytes(100_000);
    const { id } = await buildEvidence(api, { owner: api.owner, content });
    for (const range of ['0-9999', '20000-', '0-9999', '5000-19999']) {
      expect(await api.events('evidence.download_ended', id)).toHaveLength(0);
      await bytesOf(await api.ask(id, { Range: `bytes=${range}` }));
    }
    const served = 10_000 + 80_000 + 10_000 + 15_000;
    expect(await api.lastEnd(id)).toMatchObject({ reason: 'complete', data: { bytes: served } });
    expect(await api.events('evidence.download_began', id)).toHaveLength(1);
    await bytesOf(await api.ask(id));
    await eventually('the second end', async () =>
      (await api.events('evidence.download_ended', id)).length === 2 ? true : undefined,
    );
    expect(await api.events('evidence.download_began', id)).toHaveLength(2);
  });

  it('is one for ranges that are asked for at once', async () => {
    const { id } = await buildEvidence(api, { owner: api.owner, content: randomBytes(80_000) });
    const ranges = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => `bytes=${n * 10_000}-${n * 10_000 + 9_999}`);
    await Promise.all(ranges.map(async (Range) => bytesOf(await api.ask(id, { Range }))));
    expect(await api.lastEnd(id)).toMatchObject({ reason: 'complete', data: { bytes: 80_000 } });
    expect(await api.events('evidence.download_began', id)).toHaveLength(1);
    expect(await api.events('evidence.download_ended', id)).toHaveLength(1);
  });

  it('ends as abandoned once nobody went on with it for half an hour', async () => {
    const { slow } = await api.slowFile();
    const response = await api.ask(slow.id);
    await response.body?.cancel();
    await api.deps.streaming.drain();
    await endIdleContent(api);
    expect(await api.events('evidence.download_ended', slow.id)).toHaveLength(0);
    await api.passHalfAnHour(slow.id);
    await Promise.all([endIdleContent(api), endIdleContent(api)]);
    expect(await api.events('evidence.download_ended', slow.id)).toMatchObject([
      { reason: 'abandoned', outcome: 'done', actor: { kind: 'user', id: api.owner.id } },
    ]);
  });

  it('ends as abandoned before the same user begins anew after half an hour', async () => {
    const { id } = await buildEvidence(api, { owner: api.owner, content: randomBytes(100) });
    await bytesOf(await api.ask(id, { Range: 'bytes=0-9' }));
    await api.deps.streaming.drain();
    await api.passHalfAnHour(id);
    await bytesOf(await api.ask(id, { Range: 'bytes=10-19' }));
    expect(await api.events('evidence.download_ended', id)).toMatchObject([
      { reason: 'abandoned', data: { bytes: 10 } },
    ]);
    expect(await api.events('evidence.download_began', id)).toHaveLength(2);
  });

  it('of a reader who left before it began stops looking after him, and ends as abandoned', async () => {
    const { id } = await buildEvidence(api, { owner: api.owner, content: randomBytes(100) });
    const leaving = new AbortController();
    await api.database.em.fork().transactional(async (em) => {
      // The beginning refers to the evidence, and so has to wait.
      await em.execute('select 1 from evidence where id = ? for update', [id]);
      const asking = api.ask(id, {}, { signal: leaving.signal });
      await eventually('the download to wait', async () =>
        (await waitingForLocks()) > 0 ? true : undefined,
      );
      leaving.abort();
      await expect(asking).rejects.toThrow();
    });
    await api.deps.streaming.drain();
    expect(api.deps.streaming.running).toBe(0);
    expect(await api.events('evidence.download_began', id)).toHaveLength(1);
    await api.passHalfAnHour(id);
    await endIdleContent(api);
    expect(await api.lastEnd(id)).toMatchObject({ reason: 'abandoned', data: { bytes: 0 } });
  });

  it('is marked as confidential where the evidence is', async () => {
    const fields = { classification: 'confidential' } as const;
    const { id } = await buildEvidence(api, { owner: api.owner, fields });
    await bytesOf(await api.ask(id));
    expect(await api.lastEnd(id)).toMatchObject({ confidential: true });
    expect(await api.events('evidence.download_began', id)).toMatchObject([{ confidential: true }]);
  });
});
