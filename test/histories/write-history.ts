import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';

/** Keeps a life's history beside this file, as `<kind>.<course>.json.gz`, for `replay.test.ts`. */
export async function writeHistory(name: string, handle: WorkflowHandle): Promise<void> {
  const json = historyToJSON(await handle.fetchHistory());
  await writeFile(new URL(`./${name}.json.gz`, import.meta.url), gzipSync(`${json}\n`));
}
