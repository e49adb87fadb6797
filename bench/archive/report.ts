/** Medians of rounds, as a table with ratios to the plain way. */
import type { Measured } from './client.ts';

/** What one round of one way gave; the last two only where there is a server of ours. */
export interface Figures extends Measured {
  readonly cpuSeconds?: number;
  readonly peakMiB?: number;
}

const GIB = 2 ** 30;

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((left, right) => left - right);
  const middle = sorted.slice(Math.ceil(sorted.length / 2) - 1, Math.floor(sorted.length / 2) + 1);
  return middle.reduce((sum, value) => sum + value, 0) / middle.length;
}

function summary(rounds: readonly Figures[]) {
  return {
    speed: median(rounds.map(({ bytes, seconds }) => bytes / 2 ** 20 / seconds)),
    cpu: median(rounds.map(({ cpuSeconds, bytes }) => (cpuSeconds ?? Number.NaN) / (bytes / GIB))),
    firstByteMs: median(rounds.map(({ firstByteMs }) => firstByteMs)),
    peakMiB: Math.max(...rounds.map(({ peakMiB }) => peakMiB ?? Number.NaN)),
  };
}

function cell(value: number, digits: number, reference: number | undefined): string {
  if (Number.isNaN(value)) return '';
  const ratio = reference === undefined ? '' : ` (${(value / reference).toFixed(2)}x)`;
  return `${value.toFixed(digits)}${ratio}`;
}

/** Prints a row for each way; ratios are to the row `plain`. */
export function printTable(rows: Readonly<Record<string, readonly Figures[]>>): void {
  const plain = rows['plain'] === undefined ? undefined : summary(rows['plain']);
  const heads = ['', 'MiB/s', 'CPU s/GiB', 'first byte ms', 'peak MiB'];
  const lines = Object.entries(rows).map(([name, rounds]) => {
    const { speed, cpu, firstByteMs, peakMiB } = summary(rounds);
    return [
      name,
      cell(speed, 0, plain?.speed),
      cell(cpu, 2, plain?.cpu),
      cell(firstByteMs, 1, plain?.firstByteMs),
      cell(peakMiB, 0, plain?.peakMiB),
    ];
  });
  for (const line of [heads, ...lines]) {
    const [name = '', ...figures] = line;
    const columns = figures.map((figure) => figure.padStart(18)).join('');
    process.stdout.write(`  ${name.padEnd(26)}${columns}\n`);
  }
}

/** Prints how one row does against another, where both are there. */
export function printComparison(
  rows: Readonly<Record<string, readonly Figures[]>>,
  name: string,
  other: string,
): void {
  if (rows[name] === undefined || rows[other] === undefined) return;
  const [ours, theirs] = [summary(rows[name]), summary(rows[other])];
  const times = (value: number, reference: number) => `${(value / reference).toFixed(2)}x`;
  process.stdout.write(
    `  ${name} against ${other}: ${times(ours.speed, theirs.speed)} the throughput, ${times(ours.cpu, theirs.cpu)} the CPU time, ${times(ours.peakMiB, theirs.peakMiB)} the memory\n`,
  );
}
