/** Effects in PostgreSQL: a commit of something written, or a statement that commits by itself. */
import { createRequire } from 'node:module';
import type Postgres from 'pg';
import { beginEffect } from './effects.ts';
import { origin } from './origin.ts';

/** The driver of the ORM, which has a copy of its own. */
const pg = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg') as typeof Postgres;

type Query = (this: object, ...values: unknown[]) => unknown;

const WRITES = /\b(?:insert\s+into|update|delete\s+from)\s+"?([a-z_]+)"?/gi;
/** Words that follow `update` where it writes to no table. */
const NO_TABLES = new Set(['set', 'skip', 'of', 'nowait', 'on']);

/** The tables that a connection's transaction has written; none where no transaction is open. */
const open = new WeakMap<object, Set<string>>();

/** Makes each commit an effect, named by who commits and the tables written. */
export function watchPostgres(): void {
  const query = pg.Client.prototype.query as unknown as Query;
  const watched: Query = function (...values) {
    const statement = textOf(values[0]);
    if (statement === null) return query.apply(this, values);
    const run = () => query.apply(this, values);
    if (/^\s*(?:begin|start\s+transaction)/i.test(statement)) {
      open.set(this, new Set());
      return run();
    }
    const written = open.get(this);
    if (/^\s*rollback(?!\s+to)/i.test(statement)) {
      open.delete(this);
      return run();
    }
    if (/^\s*commit/i.test(statement)) {
      open.delete(this);
      return written === undefined || written.size === 0 ? run() : asEffect(nameOf(written), run);
    }
    const tables = tablesOf(statement);
    if (tables.length === 0) return run();
    if (written === undefined) return asEffect(nameOf(new Set(tables)), run);
    return Promise.resolve(run()).then((result) => {
      if (changes(result)) for (const table of tables) written.add(table);
      return result;
    });
  };
  pg.Client.prototype.query = watched as typeof pg.Client.prototype.query;
}

function nameOf(tables: ReadonlySet<string>): string {
  return `${origin()}: commit of ${[...tables].sort().join(', ')}`;
}

/** The pool of the ORM asks with promises only. */
function asEffect(name: string, run: () => unknown): unknown {
  const effect = beginEffect(name);
  return Promise.resolve(run()).then((result) => {
    effect.done(changes(result));
    return result;
  });
}

/** Whether a statement found any row to write; a commit counts none. */
function changes(result: unknown): boolean {
  return (Object(result) as { readonly rowCount?: unknown }).rowCount !== 0;
}

function textOf(asked: unknown): string | null {
  if (typeof asked === 'string') return asked;
  const { text, submit } = Object(asked) as { readonly text?: unknown; readonly submit?: unknown };
  return typeof text === 'string' && submit === undefined ? text : null;
}

function tablesOf(statement: string): string[] {
  return [...statement.matchAll(WRITES)]
    .map(([, table = '']) => table.toLowerCase())
    .filter((table) => !NO_TABLES.has(table));
}
