import type { CutCause } from '../../domain/audit/event.ts';
import { newId } from '../../domain/ids.ts';
import type { Database } from '../../platform/database.ts';
import { createLogger } from '../../platform/logging.ts';
import type { GrantKind } from './grant.ts';
import { createRunningStreams } from './running-streams.ts';

/** A module finds Jest's own object here; it is no global of modules. */
const { jest: jestObject } = import.meta as ImportMeta & { readonly jest: typeof jest };

type Answer = ReadonlyMap<string, CutCause | null>;

/** A kind of grant of which a test says what PostgreSQL answers: each question waits for that. */
function slowKind() {
  const questions: PromiseWithResolvers<Answer>[] = [];
  const kind: GrantKind = {
    name: 'a test',
    ask() {
      const question = Promise.withResolvers<Answer>();
      questions.push(question);
      return question.promise;
    },
  };
  return { kind, questions };
}

describe('a download under way', () => {
  const logger = createLogger({ level: 'silent', process: 'test' });
  const database = { em: { fork: () => null } } as unknown as Database;
  const key = newId();
  const alive: Answer = new Map([[key, null]]);
  beforeEach(() => jestObject.useFakeTimers());
  afterEach(() => jestObject.useRealTimers());
  const after = (milliseconds: number) => jestObject.advanceTimersByTimeAsync(milliseconds);

  test('passes for 800 ms after it was authorised, and is held when no answer comes', async () => {
    const { kind, questions } = slowKind();
    const stream = createRunningStreams({ database, logger }).begin(
      { kind, key, authorisedAt: performance.now() },
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
    const { kind, questions } = slowKind();
    const stream = createRunningStreams({ database, logger }).begin(
      { kind, key, authorisedAt: performance.now() },
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
    const { kind, questions } = slowKind();
    const streams = createRunningStreams({ database, logger });
    const [one, other] = [0, 1].map(() =>
      streams.begin({ kind, key: newId(), authorisedAt: performance.now() }, () => undefined),
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

  test('is not held by a question about streams of another kind that nobody answers', async () => {
    const [unanswered, answered] = [slowKind(), slowKind()];
    const streams = createRunningStreams({ database, logger });
    const held = streams.begin(
      { kind: unanswered.kind, key, authorisedAt: performance.now() },
      () => undefined,
    );
    const free = streams.begin(
      { kind: answered.kind, key, authorisedAt: performance.now() },
      () => undefined,
    );
    for (let look = 0; look < 8; look += 1) {
      await after(250);
      answered.questions[look]?.resolve(alive);
      await after(0);
      expect(free.gate()).toBeUndefined();
    }
    expect(held.gate()).toBeInstanceOf(Promise);
    expect(streams.count).toBe(2);
    held.end();
    free.end();
    expect(streams.count).toBe(0);
  });

  test('is cut at once by a no, also while it is held', async () => {
    const { kind, questions } = slowKind();
    const streams = createRunningStreams({ database, logger });
    const cut = jestObject.fn();
    const stream = streams.begin({ kind, key, authorisedAt: performance.now() - 5_000 }, cut);
    const held = expect(stream.gate()).rejects.toBe('revoked');
    await after(250);
    questions[0]?.resolve(new Map([[key, 'revoked']]));
    await held;
    expect(cut).toHaveBeenCalledTimes(1);
    expect(stream.signal.reason).toBe('revoked');
    expect(() => stream.gate()).toThrow();
    stream.end();
    expect(streams.count).toBe(0);
  });

  test('is cut when PostgreSQL has said nothing for half a minute', async () => {
    const { kind } = slowKind();
    const stream = createRunningStreams({ database, logger }).begin(
      { kind, key, authorisedAt: performance.now() },
      () => undefined,
    );
    await after(29_900);
    expect(stream.signal.aborted).toBe(false);
    await after(600);
    expect(stream.signal.reason).toBe('unavailable');
    stream.end();
  });

  test('is cut when its session is gone', async () => {
    const { kind, questions } = slowKind();
    const stream = createRunningStreams({ database, logger }).begin(
      { kind, key, authorisedAt: performance.now() },
      () => undefined,
    );
    await after(250);
    questions[0]?.resolve(new Map());
    await after(0);
    expect(stream.signal.aborted).toBe(true);
    stream.end();
  });

  test('that is over holds nobody', async () => {
    const { kind } = slowKind();
    const stream = createRunningStreams({ database, logger }).begin(
      { kind, key, authorisedAt: performance.now() - 5_000 },
      () => undefined,
    );
    const held = stream.gate();
    stream.end();
    await expect(held).resolves.toBeUndefined();
  });
});
