/**
 * Counts the outside effects of the process that loads it, and ends that process at one of them. It runs
 * inside API and worker (see preload.ts): what is left to do when the kill comes is nobody's any more.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { orders } from './wiring.ts';

/** An effect that is under way; `done` when the outside has acknowledged it. */
export interface EffectUnderWay {
  /** @param changed false where it turned out to change nothing: then it was none */
  done(changed?: boolean): void;
}

const occurrences = new Map<string, number>();
let life = '';

/** Notes that an effect is about to leave the process; the process may end right here. */
export function beginEffect(name: string): EffectUnderWay {
  const { log, points, life: current } = orders();
  const note = (noted: object) => appendFileSync(log, `${JSON.stringify(noted)}\n`);
  if (life !== current) countAnew(log);
  life = current;
  const occurrence = (occurrences.get(name) ?? 0) + 1;
  occurrences.set(name, occurrence);
  note({ begun: name });
  const fatal = points.find((point) => point.name === name && point.occurrence === occurrence);
  const dieIf = (side: 'before' | 'after') => {
    if (fatal?.side !== side) return;
    note({ died: fatal });
    // No code of the process runs after this: neither a `finally` nor an answer to anybody.
    process.kill(process.pid, 'SIGKILL');
  };
  dieIf('before');
  return {
    done(changed = true) {
      if (changed) note({ name, occurrence });
      dieIf('after');
    },
  };
}

/** What a predecessor that was killed has begun in this life counts. */
function countAnew(log: string): void {
  occurrences.clear();
  if (!existsSync(log)) return;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    const { begun } = line === '' ? {} : (JSON.parse(line) as { readonly begun?: string });
    if (begun !== undefined) occurrences.set(begun, (occurrences.get(begun) ?? 0) + 1);
  }
}
