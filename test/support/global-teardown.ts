import './global-setup.ts';

/** Stops the servers that the set-up started, and deletes their data. */
export default async function globalTeardown(): Promise<void> {
  await globalThis.stopTestServers?.();
}
