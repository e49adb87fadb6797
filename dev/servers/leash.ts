import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs';
import type { Socket } from 'node:net';

/** How to start a child process, and where its output goes. */
export interface ChildOptions {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** All of its environment: nothing is inherited. */
  readonly environment: Readonly<Record<string, string>>;
  /** File for stdout and stderr; one older generation is kept beside it. */
  readonly logFile: string;
  /** Signal that asks it to stop: `TERM` if not given. */
  readonly stopSignal?: 'TERM' | 'INT';
  /** Seconds from that signal until it is killed: 10 if not given. */
  readonly graceSeconds?: number;
  /** User that it runs as; ours if not given. */
  readonly account?: { readonly uid: number; readonly gid: number } | undefined;
}

/** A child process that cannot outlive this one. */
export interface Child {
  readonly name: string;
  /** Process group of the child and its descendants. */
  readonly group: number;
  /** Resolves when it has ended, however that came, with a sentence saying how. */
  readonly exited: Promise<string>;
  /** Asks it to stop, kills it after its grace, and resolves when it has ended. */
  stop(): Promise<void>;
  /** Kills it and its descendants at once. */
  kill(): void;
  /** The last lines of its output. */
  lastLines(count?: number): string;
}

/**
 * The leash: a shell between this process and the child, waiting on a pipe (descriptor 3) of which only
 * this process holds the other end. The pipe ends when we close it or die, also by SIGKILL; then the
 * child is asked to stop and killed after its grace. `sleep` is short so that none stays behind for long.
 */
const LEASH = `
stop_signal=$1 grace=$2; shift 2
"$@" 3<&- &
child=$!
{
  read -r _ <&3
  kill -s "$stop_signal" "$child"
  waited=0
  while [ "$waited" -lt "$((grace * 5))" ]; do sleep 0.2; waited=$((waited + 1)); done
  kill -s KILL "$child"
} 2>/dev/null &
watcher=$!
exec 3<&-
wait "$child"
status=$?
kill -s KILL "$watcher" 2>/dev/null
exit "$status"
`;

/** Starts a child process on a leash, in a process group of its own (Ctrl-C does not reach it). */
export function startChild(options: ChildOptions): Child {
  if (existsSync(options.logFile)) renameSync(options.logFile, `${options.logFile}.1`);
  const log = openSync(options.logFile, 'a', 0o600);
  const shell = spawn(
    '/bin/sh',
    [
      '-c',
      LEASH,
      options.name,
      options.stopSignal ?? 'TERM',
      String(options.graceSeconds ?? 10),
      options.command,
      ...options.args,
    ],
    {
      cwd: options.cwd,
      env: options.environment,
      stdio: ['ignore', log, log, 'pipe'],
      detached: true,
      ...options.account,
    },
  );
  closeSync(log);
  const leash = shell.stdio[3] as Socket;
  leash.on('error', () => {});

  const group = shell.pid ?? 0;
  function kill(): void {
    try {
      if (group > 0) process.kill(-group, 'SIGKILL');
    } catch {
      // The whole group has ended.
    }
  }
  const exited = new Promise<string>((resolve) => {
    shell.once('error', (error) => resolve(`could not be started: ${error.message}`));
    shell.once('exit', (status, signal) => {
      kill();
      leash.destroy();
      resolve(describeExit(status, signal));
    });
  });
  return {
    name: options.name,
    group,
    exited,
    kill,
    async stop() {
      leash.destroy();
      await exited;
    },
    lastLines: (count = 15) => lastLines(options.logFile, count),
  };
}

/** Shells report a child that a signal ended as 128 + the signal's number. */
function describeExit(status: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `was ended by ${signal}`;
  if (status !== null && status > 128) return `was ended by signal ${status - 128}`;
  return `ended with status ${status}`;
}

function lastLines(file: string, count: number): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count).join('\n');
  } catch {
    return '';
  }
}
