import { spawn } from 'node:child_process';

/** A reason why the set-up cannot go on, told to the user as it is. */
export class SetupError extends Error {}

/** Writes a line to stderr: stdout belongs to the command that the set-up runs for. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Says what is done, does it, and says how long it took. */
export async function timed(what, work) {
  say(`[setup] ${what} …`);
  const start = performance.now();
  const result = await work();
  say(`[setup] … took ${((performance.now() - start) / 1000).toFixed(1)} s`);
  return result;
}

/**
 * Runs a command to its end.
 * @returns its exit status (null when it could not be started) and all that it wrote
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => resolve({ status: null, output: error.message }));
    child.on('close', (status) => resolve({ status, output }));
  });
}

const KNOWN_CAUSES = [
  [
    /EUSAGE/,
    'package.json and package-lock.json do not fit together: run npm install, and see what it changes.',
  ],
  [/ENOSPC|No space left on device|Errno 28/, 'The disk is full. Free some space and try again.'],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ECONNRESET|Temporary failure in name|Failed to establish a new connection|ConnectTimeout|NewConnectionError|ReadTimeout|Network is unreachable/,
    'The package registry cannot be reached. Check the network (or the proxy and registry settings) and try again.',
  ],
  [/EACCES|EPERM|EROFS|Permission denied|Read-only file system/, 'A folder is not writable.'],
];

/** A SetupError for a command that failed: the cause if it is a known one, and what the command said last. */
export function failure(what, output) {
  const cause = KNOWN_CAUSES.find(([pattern]) => pattern.test(output))?.[1];
  const said = output
    .trimEnd()
    .split('\n')
    .slice(cause === undefined ? -12 : -2)
    .join('\n');
  return new SetupError(`[setup] ${what} failed. ${cause ?? 'It said:'}\n${said}`);
}
