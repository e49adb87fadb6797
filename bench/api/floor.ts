/**
 * One plain Koa route that executes recorded statements on one connection of a pool and answers what was
 * recorded. Ids that the call made, hashes of tokens and places in the chain are new each time, since the
 * tables allow nothing else. Its parent tells it what to do on standard input.
 */
import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import Koa from 'koa';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import type { RecordedCall } from './recorded-statements.ts';

export interface FloorTask extends RecordedCall {
  readonly databaseUrl: string;
  readonly pool: number;
}

const TOKEN_HASH = /\\x[0-9a-f]{64}/g;
const AUDIT_INSERT = /^(insert into audit_events[^(]*\([^)]*\)\s*values \('[^']*', )\d+/;

const task: FloorTask = JSON.parse(await text(process.stdin));
const made = task.madeIds.length === 0 ? null : new RegExp(task.madeIds.join('|'), 'g');
const pool = new pg.Pool({ connectionString: task.databaseUrl, max: task.pool });
const app = new Koa();
app.use(async (context) => {
  const ids = new Map<string, string>();
  const fresh = (id: string) => {
    const known = ids.get(id) ?? uuid();
    ids.set(id, known);
    return known;
  };
  let sequence = 0;
  const client = await pool.connect();
  try {
    for (const recorded of task.statements) {
      let statement = made === null ? recorded : recorded.replace(made, fresh);
      if (made !== null) {
        statement = statement
          .replace(TOKEN_HASH, () => `\\x${randomBytes(32).toString('hex')}`)
          .replace(AUDIT_INSERT, (_, before: string) => `${before}${++sequence}`);
      }
      const { rows } = await client.query<{ sequence?: string }>(statement);
      if (rows[0]?.sequence !== undefined) sequence = Number(rows[0].sequence);
    }
  } finally {
    client.release();
  }
  context.status = task.answer.status;
  context.body = task.answer.body;
});
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
