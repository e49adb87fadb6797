import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode } from '@temporalio/worker';

const WORKFLOWS = fileURLToPath(new URL('../../workflows/index.ts', import.meta.url));

/** Bundles the workflows into the folder, once for all workers of a run; undefined where there are none. */
export async function bundleWorkflows(folder: string): Promise<string | undefined> {
  if (!existsSync(WORKFLOWS)) return undefined;
  const { code } = await bundleWorkflowCode({
    workflowsPath: WORKFLOWS,
    logger: {
      log() {},
      trace() {},
      debug() {},
      info() {},
      warn: console.error,
      error: console.error,
    },
  });
  const file = join(folder, 'workflow-bundle.cjs');
  await writeFile(file, code);
  return file;
}
