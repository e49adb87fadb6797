import { Gauge, type Registry } from 'prom-client';
import { LIFE_KINDS } from '../domain/lifecycle/life.ts';
import { RECONCILIATION_KINDS } from '../domain/reconciliation/check.ts';
import { FINDING_KINDS } from '../domain/retention/inventory-differences.ts';
import type { Database } from './database.ts';

/** Milliseconds for which one answer of the database serves every scrape. */
const KEPT_MILLISECONDS = 15_000;

/** Seconds after its wake-up time from which a life counts as overdue: pokes and turns take some. */
const OVERDUE_AFTER_SECONDS = 60;

/** A gauge and its query, whose one row has the value; or a row for each kind that has any. */
interface BacklogGauge {
  readonly name: string;
  readonly help: string;
  /** What the query counts, each with a value, zero where it has no row; null for one value. */
  readonly kinds: readonly string[] | null;
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
    kinds: LIFE_KINDS,
    query: 'select kind, count(*) as value from lifecycles group by kind',
  },
  {
    name: 'casebridge_lifecycles_unplanned',
    help: 'Lives whose facts changed and which have not planned anew',
    kinds: LIFE_KINDS,
    query: 'select kind, count(*) as value from lifecycles where planned < wanted group by kind',
  },
  {
    name: 'casebridge_lifecycles_overdue',
    help: 'Lives that should have woken a minute ago or earlier',
    kinds: LIFE_KINDS,
    query: `select kind, count(*) as value from lifecycles
      where wake_at < clock_timestamp() - interval '${OVERDUE_AFTER_SECONDS} seconds' group by kind`,
  },
  {
    name: 'casebridge_lifecycles_attention',
    help: 'Lives with a step that keeps failing',
    kinds: LIFE_KINDS,
    query:
      'select kind, count(*) as value from lifecycles where attention is not null group by kind',
  },
  {
    name: 'casebridge_relay_lag_seconds',
    help: 'How long the life that has waited longest has not planned anew',
    kinds: null,
    query: oldest('wanted_at', 'lifecycles where planned < wanted'),
  },
  {
    name: 'casebridge_mail_waiting',
    help: 'Mails that are to be sent, or are being sent',
    kinds: null,
    query: `select count(*) as value from notifications where state in ('pending', 'sending')`,
  },
  {
    name: 'casebridge_mail_waiting_oldest_seconds',
    help: 'How long the oldest of them has waited',
    kinds: null,
    query: oldest('created_at', `notifications where state in ('pending', 'sending')`),
  },
  {
    name: 'casebridge_verification_waiting_files',
    help: 'Files that arrived and were not read back yet',
    kinds: null,
    query: `select count(*) as value from uploads where state = 'verifying'`,
  },
  {
    name: 'casebridge_verification_waiting_bytes',
    help: 'What they hold together',
    kinds: null,
    query: `select coalesce(sum(size), 0) as value from uploads where state = 'verifying'`,
  },
  {
    name: 'casebridge_verification_oldest_seconds',
    help: 'How long the oldest of them has waited',
    kinds: null,
    query: oldest('completed_at', `uploads where state = 'verifying'`),
  },
  {
    name: 'casebridge_deletions_failed',
    help: 'Evidence whose objects could not be destroyed yet',
    kinds: null,
    query:
      'select count(*) as value from deletions where next_attempt_at is not null and attempts > 0',
  },
  {
    name: 'casebridge_inventory_findings',
    help: 'Differences between the object store and the rows',
    kinds: null,
    query: 'select count(*) as value from inventory_findings',
  },
  {
    name: 'casebridge_inventory_oldest_seconds',
    help: 'How long ago the inventory ended that is the longest ago',
    kinds: null,
    query: oldest('inventory_ended_at', 'retention_progress'),
  },
  {
    name: 'casebridge_reconciliation_findings',
    help: 'What reconciliation and the inventories found and nobody repaired yet',
    kinds: [...RECONCILIATION_KINDS, ...FINDING_KINDS],
    query: `select kind, count(*) as value from reconciliation_findings group by kind
      union all select kind, count(*) from inventory_findings group by kind`,
  },
  {
    name: 'casebridge_reconciliation_repaired',
    help: 'What the last reconciliation found and repaired',
    kinds: RECONCILIATION_KINDS,
    query: `select repaired.key as kind, repaired.value::text as value
      from reconciliation r, jsonb_each(r.last_totals -> 'repaired') as repaired`,
  },
  {
    name: 'casebridge_reconciliation_age_seconds',
    help: 'How long ago the last reconciliation ended; before there was one, how late it is',
    kinds: null,
    query: oldest('coalesce(ended_at, next_at)', 'reconciliation'),
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
  for (const { name, help, kinds, query } of GAUGES) {
    const read = keeping(KEPT_MILLISECONDS, () => database.em.fork().execute<Row[]>(query));
    registry.registerMetric(
      new Gauge({
        name,
        help,
        labelNames: kinds === null ? [] : ['kind'],
        registers: [],
        async collect() {
          this.reset();
          try {
            const rows = await read();
            for (const kind of kinds ?? []) this.set({ kind }, 0);
            for (const { kind, value } of rows) {
              this.set(kinds === null ? {} : { kind }, Number(value));
            }
          } catch {
            // Cleared above; what has no label would show as zero.
            if (kinds === null) this.remove();
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
