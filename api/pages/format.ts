/** Numbers, sizes and instants as a reader's language writes them. */
import type { Language } from '../../domain/identity/user.entity.ts';

const UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** A size in decimal units: 1 GB is 1,000,000,000 bytes. */
export function formatSize(bytes: number, language: Language): string {
  let unit = 0;
  let value = bytes;
  // What would be rounded up to 1,000 is one of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: UNITS[unit] ?? 'byte',
    unitDisplay: unit === 0 ? 'long' : 'short',
    maximumSignificantDigits: 3,
  }).format(value);
}

/** A size to the byte. */
export function formatBytes(bytes: number, language: Language): string {
  return new Intl.NumberFormat(language, {
    style: 'unit',
    unit: 'byte',
    unitDisplay: 'long',
  }).format(bytes);
}

export function formatNumber(value: number, language: Language): string {
  return new Intl.NumberFormat(language).format(value);
}

/** An instant to the minute, in a time zone that it names. */
export function formatInstant(instant: Date, language: Language, timeZone: string): string {
  return new Intl.DateTimeFormat(language, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(instant);
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long from `now` until an instant, rounded down: "in 12 days". */
export function formatUntil(instant: Date, now: Date, language: Language): string {
  const left = Math.max(0, instant.getTime() - now.getTime());
  const words = new Intl.RelativeTimeFormat(language);
  if (left >= 2 * DAY) return words.format(Math.floor(left / DAY), 'day');
  if (left >= 2 * HOUR) return words.format(Math.floor(left / HOUR), 'hour');
  return words.format(Math.floor(left / MINUTE), 'minute');
}
