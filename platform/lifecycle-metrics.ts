import { Gauge, type Registry } from 'prom-client';
import type { Database } from './database.ts';

interface Backlog {
  readonly unplanned: number;
  readonly overdue: number;
  readonly attention: number;
  readonly oldestSeconds: number;
}

/** Milliseconds for which one answer of the database serves every scrape. */
const KEPT_MILLISECONDS = 10_000;

/** Seconds after its wake-up time from which a life counts as overdue: pokes and turns take some. */
const OVERDUE_AFTER_SECONDS = 60;

/**
 * Adds the gauges of the lifecycle rows: what waits to be planned, what should have woken, and what
 * needs somebody's attention. A scrape while PostgreSQL is away reports nothing rather than zero.
 */
export function observeLifecycles(registry: Registry, database: Database): void {
  const read = keeping(KEPT_MILLISECONDS, () => readBacklog(database));
  const gauge = (name: string, help: string, valueOf: (backlog: Backlog) => number) =>
    new Gauge({
      name: `casebridge_lifecycles_${name}`,
      help,
      registers: [registry],
      async collect() {
        try {
          this.set(valueOf(await read()));
        } catch {
          this.remove();
        }
      },
    });
  gauge(
    'unplanned',
    'Lives whose facts changed and which have not planned anew',
    (b) => b.unplanned,
  );
  gauge(
    'unplanned_oldest_seconds',
    'How long the oldest of them has waited',
    (b) => b.oldestSeconds,
  );
  gauge('overdue', 'Lives that should have woken a minute ago or earlier', (b) => b.overdue);
  gauge('attention', 'Lives with a step that keeps failing', (b) => b.attention);
}

async function readBacklog(database: Database): Promise<Backlog> {
  const [row] = await database.em
    .fork()
    .execute<{ unplanned: string; oldest: string | null; overdue: string; attention: string }[]>(
      `select
         (select count(*) from lifecycles where planned < wanted) as unplanned,
         (select extract(epoch from clock_timestamp() - min(wanted_at)) from lifecycles
           where planned < wanted) as oldest,
         (select count(*) from lifecycles
           where wake_at < clock_timestamp() - ? * interval '1 second') as overdue,
         (select count(*) from lifecycles where attention is not null) as attention`,
      [OVERDUE_AFTER_SECONDS],
    );
  return {
    unplanned: Number(row?.unplanned ?? 0),
    overdue: Number(row?.overdue ?? 0),
    attention: Number(row?.attention ?? 0),
    oldestSeconds: Math.max(0, Number(row?.oldest ?? 0)),
  };
}

/** Asks at most once per period, also where several ask at once. */
function keeping<T>(milliseconds: number, ask: () => Promise<T>): () => Promise<T> {
  let kept: { readonly answer: Promise<T>; readonly until: number } | null = null;
  return () => {
    if (kept === null || performance.now() >= kept.until) {
      kept = { answer: ask(), until: performance.now() + milliseconds };
    }
    return kept.answer;
  };
}
