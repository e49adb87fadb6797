/** The statements that the API executes for a call, read where they leave for PostgreSQL. */
import { createRequire } from 'node:module';
import type { Client } from 'pg';
import type { User } from '../../domain/identity/user.entity.ts';
import type { TestApi } from '../../test/support/api.ts';
import { type Call, headersOf } from './load.ts';

export interface RecordedCall {
  /** Complete statements, in order, those that begin and commit a transaction included. */
  readonly statements: readonly string[];
  /** Ids in them that the call made: each execution needs its own. */
  readonly madeIds: readonly string[];
  readonly answer: { readonly status: number; readonly body: unknown };
}

/** The driver that the ORM uses, which need not be the one that this folder would import. */
const driver = createRequire(import.meta.resolve('@mikro-orm/postgresql'))('pg') as {
  Client: { prototype: Pick<Client, 'query'> };
};

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Makes the call twice: ids that only one of the executions has are ids that the call makes. */
export async function recordStatements(api: TestApi, as: User, call: Call): Promise<RecordedCall> {
  const first = await recordOnce(api, as, call);
  const second = await recordOnce(api, as, call);
  const known = new Set(first.statements.flatMap((statement) => statement.match(UUID) ?? []));
  const made = second.statements.flatMap((statement) => statement.match(UUID) ?? []);
  return { ...second, madeIds: [...new Set(made.filter((id) => !known.has(id)))] };
}

async function recordOnce(
  api: TestApi,
  as: User,
  call: Call,
): Promise<Omit<RecordedCall, 'madeIds'>> {
  const statements: string[] = [];
  const { prototype } = driver.Client;
  const { query } = prototype;
  prototype.query = function (this: unknown, ...values: unknown[]) {
    statements.push(textOf(values[0]));
    return Reflect.apply(query, this, values);
  } as typeof query;
  try {
    const { status, body } =
      call.method === 'GET'
        ? await api.get(call.path, as)
        : await api.post(call.path, as, call.body, headersOf(call));
    if (status >= 300) throw new Error(`${call.name}: ${status} ${JSON.stringify(body)}`);
    return { statements, answer: { status, body } };
  } finally {
    prototype.query = query;
  }
}

/** The ORM writes values into its statements, so the text is all there is. */
function textOf(query: unknown): string {
  if (typeof query === 'string') return query;
  const { text, values } = query as { text: string; values?: readonly unknown[] };
  if (values !== undefined && values.length > 0) throw new Error('a statement with values apart');
  return text;
}
