import type { Child } from './leash.ts';

/** A server that has answered. */
export type RunningServer<Addresses> = Child & Addresses;

/** What every server is started with. */
export interface ServerOptions {
  /** Folder of the server's data; made when absent. */
  readonly dataDir: string;
  /** File that the server's output goes to. */
  readonly logFile: string;
  /** Told of each process as soon as it runs, so that it can be ended while the server still starts. */
  readonly onChild?: (child: Child) => void;
}

/** Environment of a server: it reads nothing of the user's, and keeps its files with its data. */
export function serverEnvironment(dataDir: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    HOME: dataDir,
    LC_ALL: 'C',
    TZ: 'UTC',
  };
}
