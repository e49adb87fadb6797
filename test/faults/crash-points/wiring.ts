/** What a test tells the processes that it starts: two variables that production does not know, and a file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const point = z.object({
  name: z.string(),
  occurrence: z.number(),
  side: z.enum(['before', 'after']),
});

/** Where a process ends: before or after the nth effect of a name. */
export type CrashPoint = Readonly<z.output<typeof point>>;

const schema = z.object({
  /** The life that is lived now: with another one, effects are counted anew. */
  life: z.string(),
  /** The file that effects are noted in. */
  log: z.string(),
  points: z.array(point),
});

/** What a process is to do with its effects. */
export type Orders = Readonly<z.output<typeof schema>>;

const FILE = 'CRASH_POINT_ORDERS';
const BUNDLE = 'CRASH_POINT_WORKFLOWS';

/** The environment of a process that takes orders from a file. */
export function wiring(ordersFile: string, bundle: string): Record<string, string> {
  return {
    NODE_OPTIONS: `--import ${new URL('./preload.ts', import.meta.url).href}`,
    [FILE]: ordersFile,
    [BUNDLE]: bundle,
  };
}

/** Gives orders; they hold from the next effect on. */
export function give(ordersFile: string, given: Orders): void {
  writeFileSync(ordersFile, JSON.stringify(given));
}

/** The orders of this process. */
export function orders(): Orders {
  return schema.parse(JSON.parse(readFileSync(z.string().parse(process.env[FILE]), 'utf8')));
}

/** The bundle of the workflows, which each of many workers would make anew otherwise. */
export function workflowBundle(): string {
  return z.string().parse(process.env[BUNDLE]);
}
