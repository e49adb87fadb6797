import { SERVERS_VARIABLE, type TestServers } from './servers.ts';
import { startTestServers } from './start-servers.ts';
import { makeTestFolder, removeTestFolder } from './test-folder.ts';
import { bundleWorkflows } from './workflow-bundle.ts';

declare global {
  /** Undoes the global set-up; Jest hands nothing from set-up to tear-down. */
  var stopTestServers: (() => Promise<void>) | undefined;
}

/** Starts the servers of the run, unless the environment names some that run already. */
export default async function globalSetup(): Promise<void> {
  if (process.env[SERVERS_VARIABLE] !== undefined) return;
  const folder = await makeTestFolder();
  const starting = [startTestServers(folder), bundleWorkflows(folder)] as const;
  try {
    const [{ servers, stop }, workflowBundle] = await Promise.all(starting);
    const published: TestServers = workflowBundle ? { ...servers, workflowBundle } : servers;
    process.env[SERVERS_VARIABLE] = JSON.stringify(published);
    globalThis.stopTestServers = async () => {
      await stop();
      removeTestFolder(folder);
    };
  } catch (error) {
    const [started] = await Promise.allSettled(starting);
    if (started.status === 'fulfilled') await started.value.stop();
    removeTestFolder(folder);
    throw error;
  }
}
