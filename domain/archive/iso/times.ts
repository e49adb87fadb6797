/** Instants in the two forms of ISO 9660, always UTC. */

const EARLIEST = Date.UTC(1900, 0, 1);
const LATEST = Date.UTC(2155, 11, 31, 23, 59, 59);

/** Seven bytes, whole seconds, 1900 to 2155 (ECMA-119 section 9.1.5); outside, the nearest. */
export function shortTime(milliseconds: number): Buffer {
  const date = new Date(Math.min(Math.max(milliseconds, EARLIEST), LATEST));
  return Buffer.from([
    date.getUTCFullYear() - 1900,
    date.getUTCMonth() + 1,
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    0,
  ]);
}

/** Sixteen digits and a zone (ECMA-119 section 8.4.26.1), to the hundredth of a second. */
export function longTime(milliseconds: number): Buffer {
  const date = new Date(Math.min(Math.max(milliseconds, EARLIEST), LATEST));
  return Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(0, 16)}\0`, 'latin1');
}

/** The long form of no time. */
export const NO_TIME = Buffer.from(`${'0'.repeat(16)}\0`, 'latin1');
