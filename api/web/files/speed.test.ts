import { formatDuration } from './duration.ts';
import { createSpeedMeter } from './speed.ts';

test('nothing is told before enough is known', () => {
  const meter = createSpeedMeter();
  meter.note(0, 0);
  meter.note(5_000, 1_000);
  expect(meter.speed(1_000)).toBeNull();
  meter.note(10_000, 2_000);
  expect(meter.speed(2_000)).toBe(5_000);
});

test('what was long ago counts no more', () => {
  const meter = createSpeedMeter();
  for (let second = 0; second <= 60; second += 1) {
    meter.note(second < 30 ? second * 1_000 : 30_000 + (second - 30) * 10, second * 1_000);
  }
  expect(meter.speed(60_000)).toBe(10);
});

test('bytes that have to be sent again make it slow, not negative', () => {
  const meter = createSpeedMeter();
  meter.note(1_000_000, 0);
  meter.note(0, 5_000);
  expect(meter.speed(5_000)).toBe(0);
});

test('after a pause it begins anew', () => {
  const meter = createSpeedMeter();
  meter.note(0, 0);
  meter.note(9_000, 3_000);
  meter.reset();
  expect(meter.speed(3_000)).toBeNull();
});

test('time left is told as roughly as it is known', () => {
  expect(
    [3, 42, 100, 3_000, 8_000, 90_000].map((seconds) => formatDuration(seconds, 'en')),
  ).toEqual(['5 seconds', '40 seconds', '2 minutes', '50 minutes', '2 hours', '25 hours']);
  expect(formatDuration(100, 'es')).toBe('2 minutos');
});
