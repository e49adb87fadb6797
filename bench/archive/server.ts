/**
 * A process that serves one workload in one way, so that its CPU time and its memory are its own. Its
 * parent tells it what to do as JSON on standard input and reads where it listens from standard output.
 */
import type { ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import Koa from 'koa';
import { Client } from 'minio';
import { streamSegments } from '../../api/package/stream.ts';
import { canonicalManifest, parseManifest } from '../../domain/archive/manifest.ts';
import { layoutZip } from '../../domain/archive/zip.ts';
import {
  createRangeReader,
  type RangeReaderOptions,
} from '../../platform/object-store/range-reader.ts';
import { type LoadedObject, manifestOf } from './workload.ts';

/** What a server process is told. */
export interface ServerTask {
  readonly way: 'package' | 'plain';
  readonly store: RangeReaderOptions;
  readonly objects: readonly LoadedObject[];
}

/** What a server process has used. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

type Answer = (response: ServerResponse, target: string) => Promise<void>;

/** The package as the API streams it; `/cold` reads the manifest and lays it out first. */
function packageAnswer({ store, objects }: ServerTask): Answer {
  const reader = createRangeReader(store);
  const stored = canonicalManifest(manifestOf(objects));
  const cached = layoutZip(manifestOf(objects));
  return async (response, target) => {
    const layout = target === '/cold' ? layoutZip(parseManifest(stored)) : cached;
    response.writeHead(200, { 'Content-Length': layout.size });
    await streamSegments(layout.segments(), reader, response);
  };
}

/** The same objects one after the other, as one would first write it. */
function plainAnswer({ store, objects }: ServerTask): Answer {
  const { hostname, port, protocol } = new URL(store.endpoint);
  const client = new Client({
    endPoint: hostname,
    port: Number(port),
    useSSL: protocol === 'https:',
    region: store.region,
    accessKey: store.accessKey,
    secretKey: store.secretKey,
  });
  const size = objects.reduce((sum, object) => sum + object.size, 0);
  return async (response) => {
    response.writeHead(200, { 'Content-Length': size });
    for (const { key } of objects) {
      const object = await client.getObject(store.bucket, key);
      object.pipe(response, { end: false });
      await finished(object);
    }
    response.end();
  };
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    peakMiB: process.resourceUsage().maxRSS / 1024,
  };
}

const task: ServerTask = JSON.parse(await text(process.stdin));
const answer = task.way === 'package' ? packageAnswer(task) : plainAnswer(task);
const app = new Koa();
// Clients that only want the first byte go away early.
app.silent = true;
app.use(async (context) => {
  if (context.path === '/usage') {
    context.body = usage();
    return;
  }
  context.respond = false;
  await answer(context.res, context.path);
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
