/** How the user, the terminal or a service manager asks to stop. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const PARENT_CHECK_MILLISECONDS = 1000;

/** Requests to stop this process. */
export interface Interruption {
  /** Resolves at the first request. */
  readonly first: Promise<'interrupted'>;
  /** What to do at a second one, or at the first when the stop began for another reason. */
  onSecond(act: () => void): void;
}

/**
 * Listens for the signals that ask to stop. Run by npm, the end of npm counts as one: killed, it
 * cannot pass a signal on.
 */
export function untilInterrupted(): Interruption {
  const first = Promise.withResolvers<'interrupted'>();
  let onSecond: (() => void) | undefined;
  function ask(): void {
    if (onSecond === undefined) first.resolve('interrupted');
    else onSecond();
  }
  for (const signal of SIGNALS) process.on(signal, ask);

  const parent = process.ppid;
  if (process.env['npm_lifecycle_event'] !== undefined) {
    const check = setInterval(() => {
      if (process.ppid === parent) return;
      clearInterval(check);
      ask();
    }, PARENT_CHECK_MILLISECONDS);
    check.unref();
  }
  return {
    first: first.promise,
    onSecond: (act) => {
      onSecond = act;
    },
  };
}
