/** Starts the uploader in a section of a page that says by its `data-` attributes what takes the files. */
import { factsOf, type SendingFacts } from '../contract.ts';
import { pauseAfter } from '../engine/backoff.ts';
import { createEngine } from '../engine/engine.ts';
import type { EngineClock } from '../engine/ports.ts';
import { troubleOf } from '../engine/trouble.ts';
import { uploadMemory } from '../memory/upload-memory.ts';
import { type Call, callsBelow, uploadCalls } from '../upload-calls.ts';
import { browserClaims } from './browser-claims.ts';
import { browserRecords } from './browser-records.ts';
import { element } from './dom.ts';
import { shutNotice } from './notices.ts';
import type { Conclusion } from './results.ts';
import { sendPart } from './send-part.ts';
import { showUploader } from './uploader.ts';
import { type Voice, voiceOf } from './voice.ts';

const clock: EngineClock = {
  now: () => performance.now(),
  after(milliseconds, work) {
    const timer = setTimeout(work, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  newKey: () =>
    Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
      byte.toString(16).padStart(2, '0'),
    ).join(''),
};

/**
 * Asks for the facts, and fills the section.
 * - `data-calls`: the address below which the calls are; what the browser remembers belongs to it
 * - `data-log`: the address of the activity log, where there is one
 * @param options.concludes what the page has people do once every file has ended
 * @param options.wordsOf the uploader's words on this page
 */
export async function startUploader(
  section: HTMLElement,
  options: {
    readonly concludes?: (voice: Voice, call: Call) => Conclusion;
    readonly wordsOf?: Parameters<typeof voiceOf>[1];
  } = {},
): Promise<void> {
  const voice = voiceOf(document.documentElement.lang, options.wordsOf);
  const { calls = '', log = null } = section.dataset;
  showLocalTimes(voice);
  const call = callsBelow(calls);
  const facts = await readFacts(call, (error) => {
    const trouble = troubleOf(error);
    section.append(
      trouble.type === 'shut'
        ? shutNotice(voice, trouble.reason)
        : element('p', { class: 'alarm' }, voice.words.notAvailable),
    );
  });
  if (facts === null) return;
  const engine = createEngine({
    api: uploadCalls(call),
    sendPart,
    memory: uploadMemory(calls, browserRecords()),
    claims: browserClaims(calls),
    clock,
  });
  const conclusion = options.concludes?.(voice, call) ?? null;
  showUploader(section, { engine, facts, voice, logPath: log, conclusion });
}

/** What is asked for until somebody answers; null where the answer does not let us in. */
async function readFacts(
  call: Call,
  refused: (error: unknown) => void,
): Promise<SendingFacts | null> {
  for (let tries = 1; ; tries += 1) {
    try {
      return factsOf(await call('GET', ''));
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.type !== 'again') {
        refused(error);
        return null;
      }
      const pause = pauseAfter(tries, trouble.after, clock.random());
      await new Promise<void>((resolve) => clock.after(pause, resolve));
    }
  }
}

/** Instants on the page that the server wrote for another time zone, as the reader's clock has them. */
function showLocalTimes(voice: Voice): void {
  for (const time of document.querySelectorAll('time')) {
    const at = new Date(time.dateTime);
    if (!Number.isNaN(at.getTime())) time.textContent = voice.instant(at);
  }
}
