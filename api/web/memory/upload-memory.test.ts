import { randomBytes } from 'node:crypto';
import type { SourceFile } from '../engine/ports.ts';
import { FileUnreadableError } from '../errors.ts';
import { type MemoryRecord, uploadMemory } from './upload-memory.ts';

function file(content: Buffer, fields: Partial<SourceFile> = {}): SourceFile {
  const blob = new Blob([new Uint8Array(content)]);
  return {
    path: 'cam3.mp4',
    size: content.length,
    lastModified: 1,
    slice: (start, end) => blob.slice(start, end),
    ...fields,
  };
}

function records() {
  const kept = new Map<string, MemoryRecord>();
  return {
    get: async (key: string) => kept.get(key) ?? null,
    put: async (key: string, record: MemoryRecord) => void kept.set(key, record),
    delete: async (key: string) => void kept.delete(key),
  };
}

const content = randomBytes(3_000_000);

test('the same file, chosen again, is known', async () => {
  const store = records();
  await uploadMemory('request', store).remember(file(content), 'upload-1');
  expect(await uploadMemory('request', store).recall(file(content))).toBe('upload-1');
});

test.each([
  ['another name', file(content, { path: 'cam4.mp4' })],
  ['another size', file(content.subarray(1))],
  ['another time', file(content, { lastModified: 2 })],
  [
    'another first byte',
    file(Buffer.concat([Buffer.from([1 ^ (content[0] ?? 0)]), content.subarray(1)])),
  ],
  [
    'another last byte',
    file(Buffer.concat([content.subarray(0, -1), Buffer.from([1 ^ (content.at(-1) ?? 0)])])),
  ],
  ['other bytes', file(randomBytes(content.length))],
])('a file with %s is another one', async (_, other) => {
  const store = records();
  await uploadMemory('request', store).remember(file(content), 'upload-1');
  expect(await uploadMemory('request', store).recall(other)).toBeNull();
});

test('another request knows nothing of it', async () => {
  const store = records();
  await uploadMemory('request', store).remember(file(content), 'upload-1');
  expect(await uploadMemory('other', store).recall(file(content))).toBeNull();
});

test('what is forgotten is gone', async () => {
  const memory = uploadMemory('request', records());
  await memory.remember(file(content), 'upload-1');
  await memory.forget(file(content));
  expect(await memory.recall(file(content))).toBeNull();
});

test('a file that cannot be read is told before anything is begun for it', async () => {
  const broken = { slice: () => ({ arrayBuffer: async () => Promise.reject(new Error('gone')) }) };
  const unreadable = file(content, broken as unknown as Partial<SourceFile>);
  await expect(uploadMemory('request', records()).recall(unreadable)).rejects.toThrow(
    FileUnreadableError,
  );
});

test('an empty file has its record too', async () => {
  const memory = uploadMemory('request', records());
  const empty = Buffer.alloc(0);
  await memory.remember(file(empty), 'upload-1');
  expect(await memory.recall(file(empty))).toBe('upload-1');
});

test('a file whose answer never arrived is asked for under the same key after a reload', async () => {
  const store = records();
  const said = { source: file(content), caption: '' };
  const before = uploadMemory('request', store);
  expect(await before.keyFor(said, 'first')).toBe('first');
  const after = uploadMemory('request', store);
  expect(await after.recall(file(content))).toBeNull();
  expect(await after.keyFor(said, 'second')).toBe('first');
  await after.remember(file(content), 'upload-1');
  expect(await after.keyFor(said, 'third')).toBe('third');
});

test('where something else is said of the file now, the key is another: under the old one it would be refused', async () => {
  const memory = uploadMemory('request', records());
  await memory.keyFor({ source: file(content), caption: '' }, 'first');
  const told = { source: file(content), caption: 'the back door' };
  expect(await memory.keyFor(told, 'second')).toBe('second');
});
