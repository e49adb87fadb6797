import { Gauge, type Registry } from 'prom-client';
import { LIFE_KINDS } from '../domain/lifecycle/life.ts';
import type { Database } from './database.ts';

/** Milliseconds for which one answer of the database serves every scrape. */
const KEPT_MILLISECONDS = 15_000;

/** Seconds after its wake-up time from which a life counts as overdue: pokes and turns take some. */
const OVERDUE_AFTER_SECONDS = 60;

/** A gauge and its query, whose one row has the value; or a row for each kind of life that has any. */
interface BacklogGauge {
  readonly name: string;
  readonly help: string;
  readonly byKind: boolean;
  readonly query: string;
}

interface Row {
  readonly kind: string;
  readonly value: string;
}

/** What waits in the rows. Every query reads what an index finds, but for the count of all lives. */
const GAUGES: readonly BacklogGauge[] = [
  {
    name: 'casebridge_lifecycles',
    help: 'Lives, by kind: sleeping, working and ended',
    byKind: true,
    query: 'select kind, count(*) as value from lifecycles group by kind',
  },
  {
    name: 'casebridge_lifecycles_unplanned',
    help: 'Lives whose facts changed and which have not planned anew',
    byKind: true,
    query: 'select kind, count(*) as value from lifecycles where planned < wanted group by kind',
  },
  {
    name: 'casebridge_lifecycles_overdue',
    help: 'Lives that should have woken a minute ago or earlier',
    byKind: true,
    query: `select kind, count(*) as value from lifecycles
      where wake_at < clock_timestamp() - interval '${OVERDUE_AFTER_SECONDS} seconds' group by kind`,
  },
  {
    name: 'casebridge_lifecycles_attention',
    help: 'Lives with a step that keeps failing',
    byKind: true,
    query:
      'select kind, count(*) as value from lifecycles where attention is not null group by kind',
  },
  {
    name: 'casebridge_relay_lag_seconds',
    help: 'How long the life that has waited longest has not planned anew',
    byKind: false,
    query: oldest('wanted_at', 'lifecycles where planned < wanted'),
  },
  {
    name: 'casebridge_mail_waiting',
    help: 'Mails that are to be sent, or are being sent',
    byKind: false,
    query: `select count(*) as value from notifications where state in ('pending', 'sending')`,
  },
  {
    name: 'casebridge_mail_waiting_oldest_seconds',
    help: 'How long the oldest of them has waited',
    byKind: false,
    query: oldest('created_at', `notifications where state in ('pending', 'sending')`),
  },
  {
    name: 'casebridge_verification_waiting_files',
    help: 'Files that arrived and were not read back yet',
    byKind: false,
    query: `select count(*) as value from uploads where state = 'verifying'`,
  },
  {
    name: 'casebridge_verification_waiting_bytes',
    help: 'What they hold together',
    byKind: false,
    query: `select coalesce(sum(size), 0) as value from uploads where state = 'verifying'`,
  },
  {
    name: 'casebridge_verification_oldest_seconds',
    help: 'How long the oldest of them has waited',
    byKind: false,
    query: oldest('completed_at', `uploads where state = 'verifying'`),
  },
  {
    name: 'casebridge_deletions_failed',
    help: 'Evidence whose objects could not be destroyed yet',
    byKind: false,
    query:
      'select count(*) as value from deletions where next_attempt_at is not null and attempts > 0',
  },
  {
    name: 'casebridge_inventory_findings',
    help: 'Differences between the object store and the rows',
    byKind: false,
    query: 'select count(*) as value from inventory_findings',
  },
  {
    name: 'casebridge_inventory_oldest_seconds',
    help: 'How long ago the inventory ended that is the longest ago',
    byKind: false,
    query: oldest('inventory_ended_at', 'retention_progress'),
  },
];

/** Seconds since the earliest of some instants; zero where there is none. */
function oldest(column: string, from: string): string {
  return `select greatest(0, coalesce(extract(epoch from clock_timestamp() - min(${column})), 0)) as value
    from ${from}`;
}

/**
 * Adds the gauges of what waits in the database. A scrape while PostgreSQL is away reports nothing
 * rather than zero.
 */
export function observeBacklog(registry: Registry, database: Database): void {
  for (const { name, help, byKind, query } of GAUGES) {
    const read = keeping(KEPT_MILLISECONDS, () => database.em.fork().execute<Row[]>(query));
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: byKind ? ['kind'] : [],
        registers: [],
        async collect() {
          this.reset();
          try {
            const rows = await read();
            if (byKind) for (const kind of LIFE_KINDS) this.set({ kind }, 0);
            for (const { kind, value } of rows) this.set(byKind ? { kind } : {}, Number(value));
          } catch {
            // Cleared above; what has no label would show as zero.
            if (!byKind) this.remove();
          }
        },
      }),
    );
  }
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
