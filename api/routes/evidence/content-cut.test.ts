import { randomBytes } from 'node:crypto';
import type { User } from '../../../domain/identity/user.entity.ts';
import { bytesOf, type ContentApi, startContentApi } from '../../../test/support/content.ts';
import { eventually } from '../../../test/support/eventually.ts';
import { buildEvidence, buildUser } from '../../../test/support/factories.ts';
import { locked } from '../../../test/support/locked.ts';
import { slowDownload, stopDownloads } from '../../../test/support/slow-download.ts';
import { withinASecond } from '../../../test/support/within-a-second.ts';

const LARGE = 48 * 1024 ** 2;

let api: ContentApi;
let large: string;
beforeAll(async () => {
  api = await startContentApi();
  large = (await buildEvidence(api, { owner: api.owner, content: randomBytes(LARGE) })).id;
});
beforeEach(() => {
  api.read = null;
});
afterEach(async () => {
  stopDownloads();
  await eventually('all to be over', () => api.deps.streaming.running === 0);
});
afterAll(() => api.stop());

async function begin(as: User) {
  return slowDownload(`${api.origin}/api/v1/evidence/${large}/content`, {
    Authorization: `Bearer ${await api.token(as)}`,
  });
}

describe('a download of staff', () => {
  it('is cut within a second when the reader is disabled', async () => {
    const { slow } = await api.slowFile();
    const response = await api.ask(slow.id);
    await api.sql('update users set disabled_at = now() where id = ?', api.owner.id);
    await withinASecond(api, 'it is cut', () => api.deps.streaming.running === 0);
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await api.lastEnd(slow.id)).toMatchObject({
      reason: 'cut',
      outcome: 'done',
      data: { cause: 'not_permitted' },
    });
    await api.sql('update users set disabled_at = null where id = ?', api.owner.id);
  });

  it('is held while PostgreSQL does not answer, and goes on when it does', async () => {
    const download = await begin(api.owner);
    await locked(api, 'users', async () => {
      download.hurry();
      let [seen, since] = [download.received, performance.now()];
      await eventually('no byte for half a second', () => {
        if (download.received > seen) [seen, since] = [download.received, performance.now()];
        return performance.now() - since > 500;
      });
      expect(download.received).toBeLessThan(LARGE);
    });
    expect((await download.over).complete).toBe(true);
    expect(download.received).toBe(LARGE);
  });

  it('leaves room for others: the 33rd at once of one user is told to wait', async () => {
    const crowd = await Promise.all(Array.from({ length: 32 }, () => begin(api.owner)));
    const more = await api.ask(large);
    expect(more.status).toBe(429);
    expect(Number(more.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(await more.json()).toMatchObject({ code: 'too-many-requests' });
    const { organizationId } = api.owner;
    const colleague = await buildUser(api, { organization: { id: organizationId } });
    const other = await begin(colleague);
    expect(other.received).toBeGreaterThan(0);
    for (const download of [...crowd, other]) download.stop();
    await eventually('all to be over', () => api.deps.streaming.running === 0);
    const again = await begin(api.owner);
    again.stop();
  });

  it('breaks off when the store breaks, and never ends as if it were whole', async () => {
    const { slow, more } = await api.slowFile();
    const response = await api.ask(slow.id);
    expect(response.status).toBe(200);
    more.reject(new Error('a disk is broken'));
    await expect(response.arrayBuffer()).rejects.toThrow();
    expect(await api.lastEnd(slow.id)).toMatchObject({ reason: 'failed', outcome: 'failed' });
  });
});

describe('a file whose object is not the one that was verified', () => {
  it('breaks off where other bytes lie at its place, under whatever range', async () => {
    const replaced = await buildEvidence(api, { owner: api.owner, content: randomBytes(5_000) });
    await api.store.put(replaced.objectKey, randomBytes(5_000), 'video/mp4');
    // As in a bucket that keeps no versions.
    await api.sql('update evidence set object_version = null where id = ?', replaced.id);
    for (const Range of ['bytes=0-', 'bytes=10-19']) {
      await expect(api.ask(replaced.id, { Range }).then(bytesOf)).rejects.toThrow();
    }
    expect(await api.lastEnd(replaced.id)).toMatchObject({ reason: 'failed', data: { bytes: 0 } });
  });

  it('never ends as if it were whole where its bytes have another checksum', async () => {
    const damaged = await buildEvidence(api, { owner: api.owner, content: randomBytes(5_000) });
    await api.sql('update evidence set crc32 = (crc32 + 1) % 4294967296 where id = ?', damaged.id);
    await expect(api.ask(damaged.id).then(bytesOf)).rejects.toThrow();
    expect(await api.lastEnd(damaged.id)).toMatchObject({ reason: 'failed' });
  });
});
