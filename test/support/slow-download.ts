import { type ClientRequest, request } from 'node:http';

/** A download by somebody with a slow line. */
export interface SlowDownload {
  readonly received: number;
  /** From now on takes everything at once, so that a broken connection is seen without delay. */
  hurry(): void;
  /** When it was over, by `performance.now()`, and whether everything came. */
  readonly over: Promise<{ readonly at: number; readonly complete: boolean }>;
  stop(): void;
}

const PIECE_MS = 50;

const asking = new Set<ClientRequest>();

/** Stops all that still run, so that one test's downloads are not another's. */
export function stopDownloads(): void {
  for (const asked of asking) asked.destroy();
}

/** Begins a download that takes a piece now and then; resolves when the first bytes are here. */
export async function slowDownload(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<SlowDownload> {
  let received = 0;
  let isHurrying = false;
  const over = Promise.withResolvers<{ at: number; complete: boolean }>();
  const begun = Promise.withResolvers<void>();
  const asked = request(url, { headers, agent: false }, (response) => {
    response.on('data', (bytes: Buffer) => {
      received += bytes.length;
      begun.resolve();
      if (isHurrying) return;
      response.pause();
      setTimeout(() => response.resume(), PIECE_MS);
    });
    response.on('error', () => undefined);
    response.on('close', () =>
      over.resolve({ at: performance.now(), complete: response.complete }),
    );
  });
  asking.add(asked);
  asked.once('close', () => asking.delete(asked));
  asked.on('error', (error) => {
    begun.reject(error);
    over.resolve({ at: performance.now(), complete: false });
  });
  asked.end();
  await begun.promise;
  return {
    get received() {
      return received;
    },
    hurry() {
      isHurrying = true;
    },
    over: over.promise,
    stop: () => asked.destroy(),
  };
}
