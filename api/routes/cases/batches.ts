/** Rows that are read at a time for an export: memory stays flat however long the list is. */
const BATCH = 500;

/** Every row of a list that is read in order of its ids, batch after batch. */
export async function* inBatches<Row extends { readonly id: string }>(
  read: (range: { after: string | null; limit: number }) => Promise<readonly Row[]>,
): AsyncGenerator<Row> {
  let after: string | null = null;
  for (;;) {
    const rows: readonly Row[] = await read({ after, limit: BATCH });
    yield* rows;
    after = rows.at(-1)?.id ?? null;
    if (rows.length < BATCH) return;
  }
}
