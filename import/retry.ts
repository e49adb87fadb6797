import { setTimeout as pause } from 'node:timers/promises';

/** Something that may go better the next time: no connection, a server that is busy or starting. */
export class PassingError extends Error {
  /** Milliseconds that the server asked to wait, if it did. */
  readonly after: number | null;
  constructor(message: string, options: ErrorOptions & { readonly after?: number | null } = {}) {
    super(message, options);
    this.name = 'PassingError';
    this.after = options.after ?? null;
  }
}

/** Tries that are made, from half a second up to half a minute apart: about three minutes in all. */
const TRIES = 10;
const FIRST_PAUSE = 500;
const LONGEST_PAUSE = 30_000;

/**
 * Does something until it succeeds or fails for good.
 * @throws the last error, after ten tries; any error that is no `PassingError` at once
 */
export async function persistently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    signal.throwIfAborted();
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof PassingError) || attempt >= TRIES || signal.aborted) throw error;
      const wait = Math.min(FIRST_PAUSE * 2 ** (attempt - 1), LONGEST_PAUSE);
      await pause(error.after ?? wait * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}
