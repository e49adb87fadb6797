import { setTimeout as sleep } from 'node:timers/promises';
import type { Child } from './leash.ts';
import { StackError } from './stack-error.ts';

const POLL_MILLISECONDS = 50;

/**
 * Waits until the probe succeeds. Stops the child and throws when it ends before, or does not answer in time.
 * @param seconds how long to wait at most
 */
export async function untilReady(
  child: Child,
  seconds: number,
  probe: () => Promise<unknown>,
): Promise<void> {
  let end: string | undefined;
  void child.exited.then((how) => (end = how));
  const deadline = performance.now() + seconds * 1000;
  let last: unknown;
  while (end === undefined && performance.now() < deadline) {
    try {
      await probe();
      return;
    } catch (error) {
      last = error;
      await sleep(POLL_MILLISECONDS);
    }
  }
  const problem = end ?? `did not answer within ${seconds} s (${String(last)})`;
  await child.stop();
  throw failed(child, problem);
}

/** What to tell about a server that failed: a known cause if its output names one, else its last lines. */
export function failed(child: Child, problem: string): StackError {
  const output = child.lastLines(200);
  if (/No space left on device|ENOSPC|disk full/i.test(output)) {
    return new StackError(`${child.name} ${problem}: the disk with its data is full.`);
  }
  const inUse = /[^\n]*(?:address already in use|EADDRINUSE)[^\n]*/i.exec(output)?.[0];
  if (inUse !== undefined) {
    return new StackError(`${child.name} ${problem}: a port is in use: ${inUse.trim()}`);
  }
  return new StackError(`${child.name} ${problem}. Its last output:\n${child.lastLines()}`);
}

/** Fails unless the address answers 200 within two seconds. */
export async function expectOk(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`);
}
