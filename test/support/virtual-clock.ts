/** Time that runs only where a test lets it. */
import { setImmediate as afterMicrotasks } from 'node:timers/promises';
import type { EngineClock } from '../../api/web/engine/ports.ts';

export interface VirtualClock extends EngineClock {
  /**
   * Runs from instant to instant until something holds.
   * @throws Error where nothing is left to wait for, or an hour-long day has passed in vain
   */
  until(what: string, holds: () => boolean): Promise<void>;
}

/** Milliseconds after which a test has waited in vain: a day. */
const TOO_LONG = 24 * 3_600_000;

/** @param random gives numbers from 0 up to 1 */
export function createVirtualClock(random: () => number): VirtualClock {
  let now = 0;
  let keys = 0;
  const timers = new Set<{ readonly at: number; readonly work: () => void }>();

  return {
    now: () => now,
    after(milliseconds, work) {
      const timer = { at: now + Math.max(0, milliseconds), work };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    random,
    newKey: () => `key-${++keys}`,
    async until(what, holds) {
      const end = now + TOO_LONG;
      for (;;) {
        await afterMicrotasks();
        if (holds()) return;
        let next: { readonly at: number; readonly work: () => void } | null = null;
        for (const timer of timers) if (next === null || timer.at < next.at) next = timer;
        if (next === null || next.at > end) throw new Error(`waited in vain for: ${what}`);
        timers.delete(next);
        now = Math.max(now, next.at);
        next.work();
      }
    },
  };
}
