/**
 * The package against ZIP libraries that stream from the same store, against programs that make ISO
 * images, the same objects concatenated through plain Koa and minio-js, and the store's own presigned
 * downloads. Store, server and client are processes of their own on one machine, with bare HTTP around
 * `layoutArchive` and `streamSegments`: no database, no authorisation.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'minio';
import { type ObjectStore as StoreAddress, startObjectStore } from '../dev/servers/object-store.ts';
import { openObjectStore } from '../platform/object-store/object-store.ts';
import { hasImageTool, IMAGE_TOOLS, type ImageTool } from './archive/image-tools.ts';
import { type BenchServer, runClient, startServer } from './archive/processes.ts';
import { type Figures, median, printComparison, printTable } from './archive/report.ts';
import type { Way } from './archive/server.ts';
import { type LoadedObject, loadWorkload } from './archive/workload.ts';

const ROUNDS = 3;
const LINK_FILES = 10_000;

/** Runs it: about eight minutes and 6 GB below the temporary folder, which it removes. */
export async function benchArchive(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'casebridge-bench-'));
  const running = await startObjectStore({
    dataDir: join(folder, 'store'),
    logFile: join(folder, 'store.log'),
    bucket: 'bench',
    accessKey: 'bench',
    secretKey: 'bench-secret',
  });
  const { endpoint, region, bucket, accessKey, secretKey } = running;
  const store = { endpoint, region, bucket, accessKey, secretKey };
  try {
    print(`Loading 2 GiB in 66 files and 3,000 files of 100 KiB; ${availableParallelism()} cores`);
    const { large, small } = await loadWorkload(
      openObjectStore({ ...store, publicEndpoint: endpoint }),
    );
    await benchSet('2 GiB in 66 files', store, large);
    await benchSet('3,000 files of 100 KiB', store, small);
    await benchFirstByte(store, small);
  } finally {
    await running.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The ways in turn, round after round, so that whatever else the machine does meets all alike. */
async function benchSet(
  title: string,
  store: StoreAddress,
  objects: readonly LoadedObject[],
): Promise<void> {
  const presigned = await presign(store, objects);
  const payload = objects.reduce((sum, { size }) => sum + size, 0);
  const servers: Partial<Record<Way, BenchServer>> = {};
  for (const way of ways()) servers[way] = await startServer({ way, store, objects });
  const rows: Record<string, Figures[]> = {};
  const note = (row: string, figures: Figures) => {
    rows[row] = [...(rows[row] ?? []), figures];
  };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      // The first round only warms up.
      const isCounted = round > 0;
      for (const [name, server] of Object.entries(servers)) {
        // What takes minutes is neither warmed up nor measured again.
        if (Object.hasOwn(IMAGE_TOOLS, name) && round !== 1) continue;
        const before = await server.usage();
        const measured = await runClient({
          urls: [`${server.origin}/`],
          parallel: 1,
          firstByteOnly: false,
        });
        const after = await server.usage();
        // A body of unknown length may also end because it broke.
        if (measured.bytes < payload) throw new Error(`${name} gave too little`);
        if (isCounted) {
          const cpuSeconds = after.cpuSeconds - before.cpuSeconds;
          note(name, { ...measured, cpuSeconds, peakMiB: after.peakMiB });
        }
      }
      for (const parallel of [1, 4]) {
        const measured = await runClient({ urls: presigned, parallel, firstByteOnly: false });
        if (isCounted) note(`store itself, ${parallel} at a time`, measured);
      }
    }
  } finally {
    await Promise.all(Object.values(servers).map((server) => server.stop()));
  }
  print(`\n${title}, medians of ${ROUNDS} rounds`);
  printTable(rows);
  for (const other of ['archiver', 'yazl', 'zip.js', 'genisoimage', 'xorriso']) {
    printComparison(rows, Object.hasOwn(IMAGE_TOOLS, other) ? 'package as ISO' : 'package', other);
  }
}

/** Ours first; programs only where they are installed. */
function ways(): Way[] {
  const tools: readonly ImageTool[] = ['genisoimage', 'xorriso'];
  return [
    ...(['package', 'package as ISO', 'plain', 'archiver', 'yazl', 'zip.js'] as const),
    ...tools.filter(hasImageTool),
  ];
}

async function presign(store: StoreAddress, objects: readonly LoadedObject[]): Promise<string[]> {
  const { hostname, port } = new URL(store.endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: false,
    region: store.region,
    accessKey: store.accessKey,
    secretKey: store.secretKey,
  });
  return Promise.all(
    objects.map(({ key }) => client.presignedGetObject(store.bucket, key, 24 * 3600)),
  );
}

/** Time to first byte of a link with many files: layout cached, and read and laid out anew. */
async function benchFirstByte(store: StoreAddress, small: readonly LoadedObject[]): Promise<void> {
  const objects = Array.from({ length: LINK_FILES }, (_, index) => small[index % small.length]);
  const server = await startServer({
    way: 'package',
    store,
    objects: objects.filter((object) => object !== undefined),
  });
  try {
    print(`\nFirst byte of a link with ${LINK_FILES.toLocaleString('en')} files`);
    for (const [target, what] of [
      ['/cold', 'manifest read and laid out anew'],
      ['/', 'layout cached'],
    ]) {
      const times: number[] = [];
      for (let round = 0; round <= ROUNDS; round += 1) {
        const urls = [`${server.origin}${target}`];
        const { firstByteMs } = await runClient({ urls, parallel: 1, firstByteOnly: true });
        if (round > 0) times.push(firstByteMs);
      }
      print(`  ${what}: ${median(times).toFixed(1)} ms`);
    }
  } finally {
    await server.stop();
  }
}
