import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds, well above what a sign-in takes between two pages. */
const SPAN = 300;

/**
 * Does something, and is done no sooner than after a fixed span: how long it took says nothing of what was
 * found on the way.
 */
export async function evenly<T>(work: () => Promise<T>): Promise<T> {
  const span = pause(SPAN);
  try {
    return await work();
  } finally {
    await span;
  }
}
