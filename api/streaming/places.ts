import { DomainError } from '../../domain/errors.ts';

/** Places for streams: each holds buffers and a connection to the store. */
export interface Places {
  /**
   * Takes a place until the function that it gives is called.
   * @throws DomainError `too-many-requests` where the holder, or this process, has no more
   */
  take(holder: string): () => void;
}

/** Streams at once: programs that fetch in pieces take up to sixteen. */
export const MOST_STREAMS = { ofHolder: 32, ofProcess: 400 };

/** Seconds after which a place may be free. */
const RETRY_AFTER = 5;

/** Places of one process. */
export function createPlaces(): Places {
  const taken = new Map<string, number>();
  let all = 0;
  return {
    take(holder) {
      const held = taken.get(holder) ?? 0;
      if (held >= MOST_STREAMS.ofHolder || all >= MOST_STREAMS.ofProcess) {
        throw new DomainError(
          'too-many-requests',
          'Too many downloads run at once. Wait until one of them has ended.',
          { members: { retryAfter: RETRY_AFTER } },
        );
      }
      taken.set(holder, held + 1);
      all += 1;
      let isTaken = true;
      return () => {
        if (!isTaken) return;
        isTaken = false;
        all -= 1;
        const left = (taken.get(holder) ?? 1) - 1;
        if (left === 0) taken.delete(holder);
        else taken.set(holder, left);
      };
    },
  };
}
