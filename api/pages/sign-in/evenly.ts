import { setTimeout as pause } from 'node:timers/promises';

/** Milliseconds, well above what a sign-in takes between two pages. */
export const SIGN_IN_SPAN = 300;

/**
 * Does something, and is done no sooner than after a fixed span: how long it took says nothing of what was
 * found on the way.
 */
export async function evenly<T>(
  { signInSpan }: { readonly signInSpan: number },
  work: () => Promise<T>,
): Promise<T> {
  const span = pause(signInSpan);
  try {
    return await work();
  } finally {
    await span;
  }
}
