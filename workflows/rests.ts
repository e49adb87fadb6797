import { LOOK_AGAIN, type Troubled, type WorkName } from '../domain/lifecycle/life.ts';

/**
 * The first rest of work that was due and found nothing to do, which doubles; and that of work whose worker
 * was lost. In milliseconds.
 */
const FIRST_REST = 1_000;

/** The rest from which on work that never does anything is somebody's affair. */
const LONGEST_REST = 5 * 60_000;

/** Long work that is not to be begun again at once, each kind of it by itself. */
export interface Rests {
  has(name: WorkName): boolean;
  /** What operators should know of. */
  troubled(): readonly Troubled[];
  /** All that rests, with its failure if it had one; `until` is ISO 8601. */
  list(): readonly { work: WorkName; until: string; failure: string | null }[];
  /** The instant at which the first rest ends, in milliseconds since 1970; null where nothing rests. */
  next(): number | null;
  /** Work whose rest is over may be begun again; what went wrong is remembered until it goes right. */
  endDue(now: number): void;
  /** Somebody changed the facts: everything may be tried at once. */
  clear(): void;
  /** Work that is wanted no more has no trouble either. */
  keepOnly(wanted: readonly WorkName[]): void;
  /** The work did something: all is well with it. */
  afterEffect(name: WorkName): void;
  /** The work was due and found nothing to do: it waits, longer each time, so that no loop runs hot. */
  afterNothing(name: WorkName, now: number): void;
  /** The worker was lost in the last of many attempts: the work may go right with the next one. */
  afterLoss(name: WorkName, now: number): void;
  /** All attempts failed. */
  afterFailure(name: WorkName, failure: string, now: number): void;
}

export function createRests(): Rests {
  const resting = new Map<WorkName, number>();
  const failures = new Map<WorkName, string>();
  const fruitless = new Map<WorkName, number>();
  return {
    has: (name) => resting.has(name),
    troubled: () => [...failures].map(([work, failure]) => ({ work, failure })),
    list: () =>
      [...resting].map(([work, until]) => ({
        work,
        until: new Date(until).toISOString(),
        failure: failures.get(work) ?? null,
      })),
    next: () => (resting.size === 0 ? null : Math.min(...resting.values())),
    endDue(now) {
      for (const [name, until] of resting) if (until <= now) resting.delete(name);
    },
    clear: () => resting.clear(),
    keepOnly(wanted) {
      for (const memory of [resting, failures, fruitless]) {
        for (const name of memory.keys()) if (!wanted.includes(name)) memory.delete(name);
      }
    },
    afterEffect(name) {
      failures.delete(name);
      fruitless.delete(name);
    },
    afterNothing(name, now) {
      const times = fruitless.get(name) ?? 0;
      const rest = Math.min(FIRST_REST * 2 ** times, LONGEST_REST);
      fruitless.set(name, times + 1);
      resting.set(name, now + rest);
      if (rest === LONGEST_REST) failures.set(name, 'is due and does nothing');
    },
    afterLoss(name, now) {
      failures.set(name, 'its worker is lost again and again');
      resting.set(name, now + FIRST_REST);
    },
    afterFailure(name, failure, now) {
      failures.set(name, failure);
      resting.set(name, now + LOOK_AGAIN);
    },
  };
}
