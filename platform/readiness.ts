import type { Database } from './database.ts';
import type { Logger } from './logging.ts';
import { ObjectNotFoundError, type ObjectStore } from './object-store/object-store.ts';

const CHECKS = ['postgresql', 'objectStore'] as const;

/** Whether a process should be sent work, and what keeps it from it. */
export interface ReadinessReport {
  readonly ready: boolean;
  readonly stopping: boolean;
  readonly checks: Readonly<Record<(typeof CHECKS)[number], 'ok' | 'failed'>>;
}

export interface Readiness {
  check(): Promise<ReadinessReport>;
  /** From now on not ready: the first thing a process does when it is to stop. */
  stop(): void;
}

/** Milliseconds for which a report serves everybody who asks: health is asked for by strangers too. */
const KEPT_MILLISECONDS = 1_000;
/** Milliseconds after which a server that has not answered counts as away. */
const PATIENCE = 3_000;

/** Ready while PostgreSQL answers and the object store can be reached, until it is stopped. */
export function createReadiness(options: {
  database: Database;
  store: ObjectStore;
  logger: Logger;
}): Readiness {
  const { database, store, logger } = options;
  let stopping = false;
  let kept: { readonly checks: Promise<ReadinessReport['checks']>; readonly until: number } | null =
    null;

  async function probe(name: string, work: () => Promise<unknown>): Promise<'ok' | 'failed'> {
    try {
      await inTime(work());
      return 'ok';
    } catch (error) {
      logger.warn({ check: name, err: error }, 'not ready');
      return 'failed';
    }
  }
  async function probeAll(): Promise<ReadinessReport['checks']> {
    const [postgresql, objectStore] = await Promise.all([
      probe('postgresql', () => database.em.fork().execute('select 1')),
      probe('objectStore', () => reach(store)),
    ]);
    return { postgresql, objectStore };
  }
  return {
    async check() {
      if (kept === null || performance.now() >= kept.until) {
        kept = { checks: probeAll(), until: performance.now() + KEPT_MILLISECONDS };
      }
      const checks = await kept.checks;
      return {
        ready: !stopping && CHECKS.every((name) => checks[name] === 'ok'),
        stopping,
        checks,
      };
    },
    stop() {
      stopping = true;
    },
  };
}

/** Asks for an object that never is there: that answer too shows that the store answers. */
async function reach(store: ObjectStore): Promise<void> {
  try {
    await store.stat('health/never-stored');
  } catch (error) {
    if (!(error instanceof ObjectNotFoundError)) throw error;
  }
}

async function inTime(work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`no answer in ${PATIENCE} ms`)), PATIENCE);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
