const FIRST_PAUSE = 1_000;
const LONGEST_PAUSE = 30_000;

/**
 * Milliseconds to wait after so many troubles in a row (from 1): doubling, up to half a minute, with a
 * random half so that clients do not all come back at once. What a server asks for counts instead.
 */
export function pauseAfter(troubles: number, asked: number | null, random: number): number {
  const longest = Math.min(FIRST_PAUSE * 2 ** Math.min(troubles - 1, 10), LONGEST_PAUSE);
  return asked ?? longest * (0.5 + random / 2);
}
