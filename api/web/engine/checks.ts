/** Asks again and again how the checks of sent files go, for all of them at once. */
import type { EngineClock } from './ports.ts';

const FIRST_PAUSE = 700;
const LONGEST_PAUSE = 5_000;

/** What a round of questions brought; `idle` where nothing is being checked. */
export type Round = 'idle' | 'same' | 'news';

export interface Checks {
  /** Says that something may be there to ask for. */
  wake(): void;
  stop(): void;
}

/** Rounds follow each other with pauses, which grow while nothing comes of them. */
export function createChecks(clock: EngineClock, ask: () => Promise<Round>): Checks {
  let pause = FIRST_PAUSE;
  let isBusy = false;
  let isStopped = false;

  function wake(): void {
    if (isBusy || isStopped) return;
    isBusy = true;
    void ask().then((round) => {
      if (round === 'idle') {
        isBusy = false;
        pause = FIRST_PAUSE;
        return;
      }
      pause = round === 'news' ? FIRST_PAUSE : Math.min(pause * 1.3, LONGEST_PAUSE);
      clock.after(pause, () => {
        isBusy = false;
        wake();
      });
    });
  }

  return {
    wake,
    stop() {
      isStopped = true;
    },
  };
}
