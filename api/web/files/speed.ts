/** How fast bytes go, over the last seconds: long enough to be steady, short enough to be true. */
const WINDOW = 12_000;

export interface SpeedMeter {
  /** Notes how many bytes are sent by now, in all. */
  note(bytes: number, now: number): void;
  /** Bytes in a second; null while too little is known. */
  speed(now: number): number | null;
  /** Forgets what was: after a pause the old figures mean nothing. */
  reset(): void;
}

/** Milliseconds that must be known before a speed is told. */
const ENOUGH = 1_500;

export function createSpeedMeter(): SpeedMeter {
  let samples: { readonly bytes: number; readonly at: number }[] = [];
  return {
    note(bytes, now) {
      samples.push({ bytes, at: now });
      const first = samples.findIndex(({ at }) => at >= now - WINDOW);
      // The sample before the window is its beginning.
      samples = samples.slice(Math.max(0, first - 1));
    },
    speed(now) {
      const [first] = samples;
      const last = samples.at(-1);
      if (first === undefined || last === undefined || now - first.at < ENOUGH) return null;
      // A part that has to be sent again takes bytes back.
      return Math.max(0, ((last.bytes - first.bytes) / (now - first.at)) * 1000);
    },
    reset() {
      samples = [];
    },
  };
}
