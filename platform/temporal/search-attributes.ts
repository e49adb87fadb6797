import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { SEARCH_ATTRIBUTE_TYPES } from './names.ts';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** Milliseconds that this may take: whoever stops a process waits for the relay, and the relay for this. */
const PATIENCE = 20_000;

/**
 * Makes the search attributes known to the server; those that it knows already stay as they are.
 * @param patience in milliseconds
 * @throws Error where the server has not done it by then
 */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
  patience = PATIENCE,
): Promise<void> {
  await connection.withDeadline(Date.now() + patience, async () => register(connection, namespace));
}

async function register(connection: Connection, namespace: string): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(SEARCH_ATTRIBUTE_TYPES).filter(
    ([name]) => !(name in (known.customAttributes ?? {})),
  );
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(
      missing.map(([name, type]) => [name, IndexedValueType[`INDEXED_VALUE_TYPE_${type}`]]),
    ),
  });
}
