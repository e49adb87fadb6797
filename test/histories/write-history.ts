import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/**
 * Counts the changes of workflow code that sleeping lives see: it grows with each patch. Histories of
 * every version stay, for as long as lives of that version may sleep.
 */
export const LOOP_VERSION = 3;

/** Keeps a life's history beside this file, as `<kind>.<course>.<version>.json.gz`, for `replay.test.ts`. */
export async function writeHistory(name: string, handle: WorkflowHandle): Promise<void> {
  const json = historyToJSON(await handle.fetchHistory());
  const file = new URL(`./${name}.${LOOP_VERSION}.json.gz`, import.meta.url);
  await writeFile(file, gzipSync(`${json}\n`));
}
