/**
 * A copy of a case, from its first turn to its publication, against what the store needs to copy the same
 * objects plus one plain reading of the copies; and the bytes that the process writes meanwhile. One
 * machine, as many files at once in every way; turns and slices run in this process, without the engine's
 * round trips between them.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { filesAtOnce } from '../domain/sharing/case-copy/copy-files.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copySlice,
  liveCopy,
  shareCopy,
  targetOf,
  turnCopy,
} from '../test/support/copies.ts';
import { buildCase, buildEvidence } from '../test/support/factories.ts';
import { SERVERS_VARIABLE } from '../test/support/servers.ts';
import { startTestServers } from '../test/support/start-servers.ts';
import { makeTestFolder, removeTestFolder } from '../test/support/test-folder.ts';
import { median } from './archive/report.ts';

const MIB = 2 ** 20;
const ROUNDS = 5;

/** Runs it: some minutes, and up to 12 GiB below the temporary folder, which it removes. */
export async function benchCopy(): Promise<void> {
  const folder = await makeTestFolder();
  const { servers, stop } = await startTestServers(folder);
  process.env[SERVERS_VARIABLE] = JSON.stringify(servers);
  const api = await startApi();
  try {
    print(`${availableParallelism()} cores, medians of ${ROUNDS} rounds`);
    await benchSet(api, '1 GiB in 64 files', 64, 16 * MIB);
    await benchSet(api, '1,000 files of 100 KiB', 1_000, 100 * 1_024);
  } finally {
    await api.stop();
    await stop();
    removeTestFolder(folder);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Source {
  readonly key: string;
  readonly versionId: string | null;
  readonly etag: string;
  readonly size: number;
}

async function benchSet(api: TestApi, title: string, files: number, size: number): Promise<void> {
  const pair = await buildCopyingPair(api);
  const inCase = await buildCase(api, { owner: pair.sender });
  const sources: Source[] = [];
  for (let made = 0; made < files; made += 1) {
    const content = randomBytes(size);
    const evidence = await buildEvidence(api, { owner: pair.sender, inCase, content });
    sources.push({
      key: evidence.objectKey,
      versionId: evidence.objectVersion ?? null,
      etag: evidence.objectEtag ?? '',
      size,
    });
  }
  const rounds = { plain: [] as number[], ours: [] as number[], written: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const plain = await plainCopy(api, sources);
    const ours = await ourCopy(api, pair, inCase.id);
    // The first round only warms up.
    if (round === 0) continue;
    rounds.plain.push(plain);
    rounds.ours.push(ours.seconds);
    rounds.written.push(ours.written);
  }
  const [plain, ours] = [median(rounds.plain), median(rounds.ours)];
  const total = files * size;
  print(`\n${title}`);
  print(`  store's own copy and a plain reading  ${plain.toFixed(2)} s`);
  print(`  copied, proven and published          ${ours.toFixed(2)} s`);
  print(`  ratio (aim 0.90)                      ${(plain / ours).toFixed(2)}`);
  const written = median(rounds.written);
  const perFile = written / files / 1_024;
  print(
    `  written by the process                ${(written / MIB).toFixed(2)} MiB of ${(total / MIB).toFixed(0)} MiB (${perFile.toFixed(1)} KiB a file: requests and rows)`,
  );
}

/** Seconds for the store's copies of all objects, and then for reading them. */
async function plainCopy({ store }: TestApi, sources: readonly Source[]): Promise<number> {
  const folder = `bench/${randomUUID()}`;
  const targets = sources.map((source, index) => ({ source, key: `${folder}/${index}` }));
  const begun = performance.now();
  const atOnce = filesAtOnce(sources);
  await inLanes(atOnce, targets, async ({ source, key }) => store.copy(source, key));
  await inLanes(atOnce, targets, async ({ source, key }) => {
    const stream = await store.read(key, { offset: 0, length: source.size });
    for await (const _ of stream);
  });
  const seconds = (performance.now() - begun) / 1_000;
  await inLanes(atOnce, targets, async ({ key }) => store.remove(key));
  return seconds;
}

async function ourCopy(
  api: TestApi,
  pair: CopyingPair,
  caseId: string,
): Promise<{ seconds: number; written: number }> {
  const { id } = await shareCopy(api, pair, caseId);
  const before = await bytesWritten();
  const begun = performance.now();
  while ((await turnCopy(api, id)).work.includes('copy')) await copySlice(api, id);
  const seconds = (performance.now() - begun) / 1_000;
  const written = (await bytesWritten()) - before;
  if ((await targetOf(api, id)) === null) throw new Error('the copy was not delivered');
  await liveCopy(api, id);
  return { seconds, written };
}

/** Bytes that this process has handed to the system, sockets included; where the system counts them. */
async function bytesWritten(): Promise<number> {
  const counted = await readFile('/proc/self/io', 'utf8').catch(() => '');
  return Number(/^wchar: (\d+)$/m.exec(counted)?.[1] ?? Number.NaN);
}

async function inLanes<T>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<void>,
): Promise<void> {
  const waiting = [...items];
  const lane = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
