import { type DownloadSessionId, newId } from '../../domain/ids.ts';
import type { Database } from '../../platform/database.ts';
import { createLogger } from '../../platform/logging.ts';
import { createRunningStreams } from './running-streams.ts';

/** A module finds Jest's own object here; it is no global of modules. */
const { jest: jestObject } = import.meta as ImportMeta & { readonly jest: typeof jest };

type Answer = { readonly id: string; readonly dead: string | null }[];

/** PostgreSQL as a test has it answer: each question waits to be answered. */
function slowDatabase() {
  const questions: PromiseWithResolvers<Answer>[] = [];
  const execute = () => {
    const question = Promise.withResolvers<Answer>();
    questions.push(question);
    return question.promise;
  };
  return { database: { em: { fork: () => ({ execute }) } } as unknown as Database, questions };
}

describe('a download under way', () => {
  const logger = createLogger({ level: 'silent', process: 'test' });
  const sessionId = newId<DownloadSessionId>();
  const alive = [{ id: sessionId, dead: null }];
  beforeEach(() => jestObject.useFakeTimers());
  afterEach(() => jestObject.useRealTimers());
  const after = (milliseconds: number) => jestObject.advanceTimersByTimeAsync(milliseconds);

  test('passes for 800 ms after it was authorised, and is held when no answer comes', async () => {
    const { database, questions } = slowDatabase();
    const stream = createRunningStreams({ database, logger }).begin(
      sessionId,
      performance.now(),
      () => undefined,
    );
    await after(799);
    expect(stream.gate()).toBeUndefined();
    expect(questions).toHaveLength(1);
    await after(2);
    const held = stream.gate();
    expect(held).toBeInstanceOf(Promise);
    questions[0]?.resolve(alive);
    await held;
    expect(stream.gate()).toBeUndefined();
    stream.end();
  });

  test('is not let go by an answer that is about the past', async () => {
    const { database, questions } = slowDatabase();
    const stream = createRunningStreams({ database, logger }).begin(
      sessionId,
      performance.now(),
      () => undefined,
    );
    await after(3_000);
    questions[0]?.resolve(alive);
    await after(0);
    expect(stream.gate()).toBeInstanceOf(Promise);
    await after(250);
    questions[1]?.resolve(alive);
    await after(0);
    expect(stream.gate()).toBeUndefined();
    stream.end();
  });

  test('is asked for all together, four times a second', async () => {
    const { database, questions } = slowDatabase();
    const streams = createRunningStreams({ database, logger });
    const [one, other] = [0, 1].map(() =>
      streams.begin(newId(), performance.now(), () => undefined),
    );
    await after(250);
    expect(questions).toHaveLength(1);
    questions[0]?.reject(new Error('the connection is lost'));
    await after(250);
    expect(questions).toHaveLength(2);
    one?.end();
    other?.end();
    await after(10_000);
    expect(questions).toHaveLength(2);
  });

  test('is cut at once by a no, also while it is held', async () => {
    const { database, questions } = slowDatabase();
    const streams = createRunningStreams({ database, logger });
    const cut = jestObject.fn();
    const stream = streams.begin(sessionId, performance.now() - 5_000, cut);
    const held = expect(stream.gate()).rejects.toBe('revoked');
    await after(250);
    questions[0]?.resolve([{ id: sessionId, dead: 'revoked' }]);
    await held;
    expect(cut).toHaveBeenCalledTimes(1);
    expect(stream.signal.reason).toBe('revoked');
    expect(() => stream.gate()).toThrow();
    stream.end();
    expect(streams.count).toBe(0);
  });

  test('is cut when PostgreSQL has said nothing for half a minute', async () => {
    const { database } = slowDatabase();
    const stream = createRunningStreams({ database, logger }).begin(
      sessionId,
      performance.now(),
      () => undefined,
    );
    await after(29_900);
    expect(stream.signal.aborted).toBe(false);
    await after(600);
    expect(stream.signal.reason).toBe('unavailable');
    stream.end();
  });

  test('is cut when its session is gone', async () => {
    const { database, questions } = slowDatabase();
    const stream = createRunningStreams({ database, logger }).begin(
      sessionId,
      performance.now(),
      () => undefined,
    );
    await after(250);
    questions[0]?.resolve([]);
    await after(0);
    expect(stream.signal.aborted).toBe(true);
    stream.end();
  });

  test('that is over holds nobody', async () => {
    const { database } = slowDatabase();
    const stream = createRunningStreams({ database, logger }).begin(
      sessionId,
      performance.now() - 5_000,
      () => undefined,
    );
    const held = stream.gate();
    stream.end();
    await expect(held).resolves.toBeUndefined();
  });
});
