import { setTimeout as pause } from 'node:timers/promises';

/**
 * Waits until a look at the world gives something other than undefined, null or false.
 * @throws Error after `seconds`, naming what was waited for
 */
export async function eventually<T>(
  what: string,
  look: () => Promise<T> | T,
  seconds = 20,
): Promise<Exclude<T, undefined | null | false>> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined && seen !== null && seen !== false) {
      return seen as Exclude<T, undefined | null | false>;
    }
    if (performance.now() > end) throw new Error(`waited ${seconds} s in vain for: ${what}`);
    await pause(25);
  }
}
