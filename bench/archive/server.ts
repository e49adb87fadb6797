/**
 * A process that serves one workload in one way, so that its CPU time and its memory are its own. Its
 * parent tells it what to do as JSON on standard input and reads where it listens from standard output.
 */
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import { type Answer, packageAnswer, plainAnswer, type Served } from './answers.ts';
import { childrenUsage, imageToolAnswer } from './image-tools.ts';

/** The ways to serve a workload; what only one of them needs is loaded by it alone. */
const WAYS = {
  package: async (served) => packageAnswer('zip', served),
  'package as ISO': async (served) => packageAnswer('iso', served),
  plain: async (served) => plainAnswer(served),
  archiver: async (served) => (await import('./libraries.ts')).archiverAnswer(served),
  yazl: async (served) => (await import('./libraries.ts')).yazlAnswer(served),
  'zip.js': async (served) => (await import('./libraries.ts')).zipJsAnswer(served),
  genisoimage: async (served) => imageToolAnswer('genisoimage', served),
  xorriso: async (served) => imageToolAnswer('xorriso', served),
} as const satisfies Readonly<Record<string, (served: Served) => Promise<Answer>>>;
export type Way = keyof typeof WAYS;

/** What a server process is told. */
export interface ServerTask extends Served {
  readonly way: Way;
}

/** What a server process and its children have used. */
export interface Usage {
  readonly cpuSeconds: number;
  readonly peakMiB: number;
}

function usage(): Usage {
  const { user, system } = process.cpuUsage();
  const children = childrenUsage();
  return {
    cpuSeconds: (user + system) / 1e6 + children.cpuSeconds,
    peakMiB: (process.resourceUsage().maxRSS + children.peakKiB) / 1024,
  };
}

const task: ServerTask = JSON.parse(await text(process.stdin));
const answer = await WAYS[task.way](task);
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
