/**
 * Sending files through our signing against plain PUTs of the same bytes to the same store, from a
 * program and from Chromium; reading back and hashing alone against `openssl dgst -sha256`; and the whole
 * way until a file is verified. Browser, API, store and worker share one machine.
 */
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { SERVERS_VARIABLE } from '../test/support/servers.ts';
import { startTestServers } from '../test/support/start-servers.ts';
import { makeTestFolder, removeTestFolder } from '../test/support/test-folder.ts';
import { startUploaderWorld, type UploaderWorld } from '../test/support/uploader-page.ts';
import { median } from './archive/report.ts';
import { startBrowserClient } from './upload/browser-client.ts';
import { hashAlone } from './upload/hash-alone.ts';
import { programClient } from './upload/program-client.ts';

const run = promisify(execFile);
const MIB = 2 ** 20;
const SIZE = 1024 * MIB;
const ROUNDS = 3;

/** A way to send bytes; gives seconds. */
export interface UploadClient {
  /** The file as objects of the size of a part, six at a time, each with one plain PUT. */
  plain(): Promise<number>;
  /** The file as one upload, until its completion was answered. */
  ours(): Promise<number>;
  stop(): Promise<void>;
}

/** Runs it: some minutes, and up to 12 GiB below the temporary folder, which it removes. */
export async function benchUpload(): Promise<void> {
  const folder = await makeTestFolder();
  const { servers, stop } = await startTestServers(folder);
  process.env[SERVERS_VARIABLE] = JSON.stringify(servers);
  const file = join(folder, 'bench.mp4');
  await writeRandom(file);
  const world = await startUploaderWorld({ partSize: 16 * MIB, direct: true });
  try {
    print(`1 GiB, parts of 16 MiB, ${availableParallelism()} cores, medians of ${ROUNDS} rounds`);
    for (const [name, start] of [
      ['from a program', programClient],
      ['from Chromium', startBrowserClient],
    ] as const) {
      const client = await start(world, file);
      await compare(name, client.plain, client.ours);
      await client.stop();
    }
    const content = await readFile(file);
    await compare(
      'hashing alone',
      () => opensslSeconds(file),
      () => hashAlone(content),
      'openssl',
    );
    await wholeWay(world, file);
  } finally {
    await world.stop();
    await stop();
    removeTestFolder(folder);
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function writeRandom(path: string): Promise<void> {
  const file = await open(path, 'w');
  for (let written = 0; written < SIZE; written += 16 * MIB)
    await file.write(randomBytes(16 * MIB));
  await file.close();
}

/** In turn, round after round, so that whatever else the machine does meets both alike. */
async function compare(
  name: string,
  plain: () => Promise<number>,
  ours: () => Promise<number>,
  yardstick = 'plain PUT',
): Promise<void> {
  const seconds = { plain: [] as number[], ours: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [first, second] = [await plain(), await ours()];
    // The first round only warms up.
    if (round === 0) continue;
    seconds.plain.push(first);
    seconds.ours.push(second);
  }
  const [reference, measured] = [median(seconds.plain), median(seconds.ours)];
  print(`\n${name}`);
  print(`  ${yardstick.padEnd(12)} ${speed(reference)}`);
  print(`  ${'ours'.padEnd(12)} ${speed(measured)}`);
  print(`  ratio        ${(reference / measured).toFixed(2)} (aim 0.90)`);
}

function speed(seconds: number): string {
  return `${(SIZE / MIB / seconds).toFixed(0)} MiB/s (${seconds.toFixed(2)} s)`;
}

async function opensslSeconds(file: string): Promise<number> {
  const began = performance.now();
  await run('openssl', ['dgst', '-sha256', file]);
  return (performance.now() - began) / 1000;
}

/** From the first byte until the file is shown as received and checked, with a real worker. */
async function wholeWay(world: UploaderWorld, file: string): Promise<void> {
  await world.startWorker();
  const client = await startBrowserClient(world, file, { untilVerified: true });
  const rounds: number[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const seconds = await client.ours();
    if (round > 0) rounds.push(seconds);
  }
  await client.stop();
  print('\nend to end: sent by Chromium, read back, hashed, shown as checked');
  print(`  ${speed(median(rounds))}`);
}
