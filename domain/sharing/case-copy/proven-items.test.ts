import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  shareCopy,
  turnCopy,
} from '../../../test/support/copies.ts';
import { buildCase, buildEvidence } from '../../../test/support/factories.ts';
import { nextItems } from './copy-items.ts';
import { provenItems } from './proven-items.ts';

const NOW = new Date('2026-05-04T03:02:01.000Z');
const NEVER = { files: Number.POSITIVE_INFINITY, milliseconds: Number.POSITIVE_INFINITY };

let api: TestApi;
let pair: CopyingPair;
let shareId: string;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  pair = await buildCopyingPair(api);
  const inCase = await buildCase(api, { owner: pair.sender });
  for (let made = 0; made < 4; made += 1) {
    await buildEvidence(api, { owner: pair.sender, inCase, content: randomBytes(9) });
  }
  ({ id: shareId } = await shareCopy(api, pair, inCase.id));
  await turnCopy(api, shareId);
});
afterAll(async () => api.stop());

async function next() {
  const found = await nextItems(api, shareId, { files: 10, bytes: 1_000 });
  if (found === null) throw new Error('there is nothing to copy');
  return found;
}

interface Row {
  position: number;
  target_etag: string | null;
  target_version: string | null;
  copied: boolean;
  proven: boolean;
  settled: boolean;
}

async function rows(): Promise<Row[]> {
  return api.database.em.fork().execute<Row[]>(
    `select i.position, target_etag, target_version, copied_at is not null as copied,
       proven_at is not null as proven, settled_at is not null as settled
     from copy_items i join copy_deliveries d on d.id = i.delivery_id where d.share_id = ?
     order by i.position`,
    [shareId],
  );
}

const madeOf = (position: number, versionId: string | null = 'v') => ({
  size: 9,
  etag: `etag-${position}`,
  versionId,
});

test('what is proven is written at once for many files, each with its own object', async () => {
  const { deliveryId, items } = await next();
  const proven = provenItems(api, deliveryId, NOW, { ...NEVER, files: 3 });
  const [first, second, third, fourth] = items;
  if (!(first && second && third && fourth)) throw new Error('there are four');
  await proven.add(second, madeOf(second.position, null));
  await proven.add(first, madeOf(first.position));
  expect((await rows()).filter(({ settled }) => settled)).toEqual([]);
  await proven.add(fourth, madeOf(fourth.position));
  const done = { copied: true, proven: true, settled: true };
  const open = { copied: false, proven: false, settled: false };
  expect(await rows()).toEqual([
    { position: 0, target_etag: 'etag-0', target_version: 'v', ...done },
    { position: 1, target_etag: 'etag-1', target_version: null, ...done },
    { position: 2, target_etag: null, target_version: null, ...open },
    { position: 3, target_etag: 'etag-3', target_version: 'v', ...done },
  ]);
  expect((await next()).items.map(({ position }) => position)).toEqual([2]);
  await proven.add(third, madeOf(third.position));
  await proven.write();
  expect((await rows()).every(({ settled }) => settled)).toBe(true);
});

test('of two workers that prove the same file, the first one’s object stays', async () => {
  const { deliveryId, items } = await next();
  const [item] = items;
  if (item === undefined) throw new Error('there are four');
  const [one, other] = [1, 2].map(() => provenItems(api, deliveryId, NOW, { ...NEVER, files: 1 }));
  await one?.add(item, madeOf(0, 'first'));
  await other?.add(item, madeOf(0, 'second'));
  expect((await rows())[0]).toMatchObject({ target_version: 'first', settled: true });
});

test('a file whose copy was noted as another object is not settled by this one', async () => {
  const { deliveryId, items } = await next();
  const [item] = items;
  if (item === undefined) throw new Error('there are four');
  await api.database.em.fork().execute(
    `update copy_items set copied_at = now(), target_etag = 'etag-0', target_version = 'noted'
       where delivery_id = ? and position = 0`,
    [deliveryId],
  );
  const proven = provenItems(api, deliveryId, NOW, { ...NEVER, files: 1 });
  await proven.add(item, madeOf(0, 'another'));
  expect((await rows())[0]).toMatchObject({ target_version: 'noted', settled: false });
  await proven.add(item, madeOf(0, 'noted'));
  expect((await rows())[0]).toMatchObject({ target_version: 'noted', settled: true });
});

test('a slice hears that its delivery was cancelled, with nothing to write', async () => {
  const { deliveryId } = await next();
  const proven = provenItems(api, deliveryId, NOW, { ...NEVER, milliseconds: -1 });
  expect(await proven.goesOn()).toBe(true);
  await api.post(`/shares/${shareId}/cancel`, pair.sender);
  expect(await proven.goesOn()).toBe(false);
});
