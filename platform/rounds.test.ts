import { createLogger } from './logging.ts';
import { startRounds } from './rounds.ts';

const logger = createLogger({ level: 'silent', process: 'test' });

test('a round that fails is followed by the next', async () => {
  const third = Promise.withResolvers<void>();
  let count = 0;
  const rounds = startRounds({
    name: 'a test',
    interval: 1,
    logger,
    async round() {
      count += 1;
      if (count === 3) third.resolve();
      throw new Error('the database is away');
    },
  });
  await third.promise;
  await rounds.stop();
  expect(count).toBeGreaterThanOrEqual(3);
});

test('stopping waits for the round that runs, and no other begins', async () => {
  const begun = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  let ended = 0;
  const rounds = startRounds({
    name: 'a test',
    interval: 1,
    logger,
    async round() {
      begun.resolve();
      await end.promise;
      ended += 1;
    },
  });
  await begun.promise;
  const stopped = rounds.stop();
  expect(ended).toBe(0);
  end.resolve();
  await stopped;
  expect(ended).toBe(1);
});

test('a long pause does not hold stopping up', async () => {
  const done = Promise.withResolvers<void>();
  const rounds = startRounds({
    name: 'a test',
    interval: 24 * 3600 * 1000,
    logger,
    round: async () => done.resolve(),
  });
  await done.promise;
  await expect(rounds.stop()).resolves.toBeUndefined();
});
