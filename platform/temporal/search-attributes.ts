import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';

const { IndexedValueType } = proto.temporal.api.enums.v1;

/** The attributes of `workflows/search-attributes.ts`, as the server names their types. */
const ATTRIBUTES = {
  Kind: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  State: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  OrganizationId: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  CaseId: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  WaitingFor: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  NextDeadline: IndexedValueType.INDEXED_VALUE_TYPE_DATETIME,
  Attention: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
} as const;

/** Makes the search attributes known to the server; those that it knows already stay as they are. */
export async function registerSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = Object.entries(ATTRIBUTES).filter(
    ([name]) => !(name in (known.customAttributes ?? {})),
  );
  if (missing.length === 0) return;
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing),
  });
}
