import { formatBytes, formatInstant, formatSize, formatUntil } from './format.ts';

const plain = (text: string) => text.replaceAll(/[\u00a0\u202f]/g, ' ');

test.each([
  [0, 'en', '0 bytes'],
  [999, 'en', '999 bytes'],
  [999_600, 'en', '1 MB'],
  [1_048_576, 'en', '1.05 MB'],
  [1_500_000_000_000, 'en', '1.5 TB'],
  [2_340_000_000_000_000, 'en', '2,340 TB'],
  [1_048_576, 'fr', '1,05 Mo'],
  [1_048_576, 'es', '1,05 MB'],
] as const)('%d bytes in %s are %s', (bytes, language, text) => {
  expect(plain(formatSize(bytes, language))).toBe(text);
});

test('the exact size has every digit', () => {
  expect(formatBytes(1_048_576, 'en')).toBe('1,048,576 bytes');
});

test('an instant is shown in the zone that it names, also across its change of clocks', () => {
  const summer = new Date('2026-07-01T02:30:00Z');
  const winter = new Date('2026-12-01T02:30:00Z');
  expect(plain(formatInstant(summer, 'en', 'America/Chicago'))).toBe(
    'Tuesday, June 30, 2026 at 9:30 PM CDT',
  );
  expect(plain(formatInstant(winter, 'en', 'America/Chicago'))).toBe(
    'Monday, November 30, 2026 at 8:30 PM CST',
  );
});

test.each([
  [3 * 86_400_000 - 1, 'in 2 days'],
  [2 * 86_400_000 - 1, 'in 47 hours'],
  [2 * 3_600_000 - 1, 'in 119 minutes'],
  [30_000, 'in 0 minutes'],
  [-1, 'in 0 minutes'],
])('%d ms from now is %s', (milliseconds, words) => {
  const now = new Date('2026-01-01T00:00:00Z');
  expect(formatUntil(new Date(now.getTime() + milliseconds), now, 'en')).toBe(words);
});
