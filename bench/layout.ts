/**
 * What the layout of a link with 100,000 files costs, in each format: each measured in a process of its
 * own, whose memory before the layout is the manifest's and not counted.
 */
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ARCHIVE_FORMATS } from '../domain/archive/manifest.ts';
import type { LayoutCost } from './archive/layout-cost.ts';
import { median } from './archive/report.ts';

const FILES = 100_000;
const ROUNDS = 5;

/** Runs it: less than a minute. */
export async function benchLayout(): Promise<void> {
  for (const format of ARCHIVE_FORMATS) {
    const rounds: LayoutCost[] = [];
    for (let round = 0; round < ROUNDS; round += 1) rounds.push(await measure(format));
    const of = (key: keyof LayoutCost) => median(rounds.map((cost) => cost[key]));
    process.stdout.write(
      `${format}, ${FILES.toLocaleString('en')} files: laid out in ${of('milliseconds').toFixed(0)} ms; memory at its peak ${of('peakMiB').toFixed(0)} MiB more, kept ${of('keptMiB').toFixed(0)} MiB; a look-up takes ${of('lookupMicroseconds').toFixed(0)} µs\n`,
    );
  }
}

async function measure(format: string): Promise<LayoutCost> {
  const script = fileURLToPath(new URL('archive/layout-cost.ts', import.meta.url));
  const child = spawn(process.execPath, [script, format, String(FILES)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout)) as LayoutCost;
}
