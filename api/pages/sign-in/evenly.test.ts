import { setTimeout as pause } from 'node:timers/promises';
import { evenly, SIGN_IN_SPAN } from './evenly.ts';

test.each([
  ['succeeds at once', async () => 'done'],
  ['fails at once', async () => Promise.reject(new Error('no'))],
])('work that %s is over no sooner than any other', async (_, work) => {
  const over = evenly({ signInSpan: SIGN_IN_SPAN }, work).catch(() => 'failed');
  expect(await Promise.race([over, pause(250, 'the pause')])).toBe('the pause');
  expect(await over).toMatch(/done|failed/);
});
