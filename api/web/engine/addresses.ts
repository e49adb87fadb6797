import type { PartAddress } from '../contract.ts';
import type { EngineClock, UploadApi } from './ports.ts';

/** Addresses that are asked for at once: what is sent next, and little more. */
const BATCH = 8;

/** Milliseconds for which an address is kept for its part. It lives longer, but clocks differ. */
const FRESH = 10 * 60_000;

/** The addresses of one upload's parts, signed in small batches just before they are used. */
export interface Addresses {
  /**
   * The address of a part, good for one try.
   * @param upcoming parts that will want one soon, in order
   */
  take(number: number, upcoming: readonly number[], signal: AbortSignal): Promise<PartAddress>;
  /** Throws away what is kept: the store has refused one of them. */
  forget(): void;
}

export function createAddresses(
  uploadId: string,
  api: Pick<UploadApi, 'sign'>,
  clock: Pick<EngineClock, 'now'>,
): Addresses {
  const kept = new Map<number, { readonly address: PartAddress; readonly at: number }>();
  const asked = new Map<number, Promise<void>>();

  function fresh(number: number): PartAddress | null {
    const found = kept.get(number);
    return found !== undefined && clock.now() - found.at < FRESH ? found.address : null;
  }

  async function ask(numbers: readonly number[], signal: AbortSignal): Promise<void> {
    const at = clock.now();
    const signed = await api.sign(uploadId, numbers, signal);
    for (const [number, address] of signed) kept.set(number, { address, at });
  }

  function begin(number: number, upcoming: readonly number[], signal: AbortSignal): Promise<void> {
    const others = upcoming.filter(
      (other) => other !== number && fresh(other) === null && !asked.has(other),
    );
    const numbers = [number, ...others].slice(0, BATCH);
    const asking = ask(numbers, signal).finally(() => {
      for (const one of numbers) asked.delete(one);
    });
    for (const one of numbers) asked.set(one, asking);
    return asking;
  }

  return {
    async take(number, upcoming, signal) {
      for (;;) {
        const address = fresh(number);
        if (address !== null) {
          kept.delete(number);
          return address;
        }
        kept.delete(number);
        await (asked.get(number) ?? begin(number, upcoming, signal));
        if (!kept.has(number)) throw new Error(`no address was given for part ${number}`);
      }
    },
    forget: () => kept.clear(),
  };
}
