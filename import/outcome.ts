import type { LocalFile, Skipped } from './folder.ts';

/** What became of a file. */
export type Outcome =
  | { readonly type: 'uploaded' }
  | { readonly type: 'already-there' }
  | { readonly type: 'duplicate' }
  | { readonly type: 'failed'; readonly reason: string }
  /** Sent, but its verification has not ended. */
  | { readonly type: 'unverified' };

/** Every file of an import with its outcome, and what was not looked at. */
export interface ImportResult {
  readonly outcomes: ReadonlyMap<LocalFile, Outcome>;
  readonly skipped: readonly Skipped[];
}

/** What `npm run import` prints at the end. */
export function summaryOf({ outcomes, skipped }: ImportResult, seconds: number): string {
  const entries = [...outcomes];
  const of = (type: Outcome['type']) => entries.filter(([, outcome]) => outcome.type === type);
  const row = (label: string, files: readonly (readonly [LocalFile, Outcome])[]) =>
    `  ${label.padEnd(20)}${String(files.length).padStart(7)}  ${sizeText(sum(files))}`;
  const lines = [
    `Ended after ${durationText(seconds)}:`,
    row('uploaded, verified', of('uploaded')),
    row('already in the case', of('already-there')),
    row('duplicates', of('duplicate')),
    row('not verified yet', of('unverified')),
    row('failed', of('failed')),
  ];
  for (const [file, outcome] of entries) {
    if (outcome.type === 'failed') lines.push(`failed: ${shown(file.name)}: ${outcome.reason}`);
  }
  for (const { name, reason } of skipped) lines.push(`skipped: ${shown(name)}: ${reason}`);
  if (of('unverified').length > 0) {
    lines.push('Verification takes longer than this waited. Run the import again to see its end.');
  }
  return `${lines.join('\n')}\n`;
}

/** Whether everything that was to be loaded is in the case. */
export function succeeded({ outcomes, skipped }: ImportResult): boolean {
  const isIn = ({ type }: Outcome) => type !== 'failed' && type !== 'unverified';
  return [...outcomes.values()].every(isIn) && !skipped.some(({ isUnreadable }) => isUnreadable);
}

function sum(files: readonly (readonly [LocalFile, Outcome])[]): number {
  return files.reduce((bytes, [file]) => bytes + file.size, 0);
}

/** A name as a terminal may show it: what would move its cursor or turn its text is escaped. */
export function shown(name: string): string {
  return name.replaceAll(
    /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );
}

/** Decimal, as the product counts: `1.5 GB`. */
export function sizeText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  for (; value >= 1000 && unit < units.length - 1; unit += 1) value /= 1000;
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

/** `3 min 20 s`. */
export function durationText(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
