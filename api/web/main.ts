/** The uploader's page: loaded by the page of an opened request. */
import { factsOf, type RequestFacts } from './contract.ts';
import { pauseAfter } from './engine/backoff.ts';
import { createEngine } from './engine/engine.ts';
import type { EngineClock } from './engine/ports.ts';
import { troubleOf } from './engine/trouble.ts';
import { uploadMemory } from './memory/upload-memory.ts';
import { browserRecords } from './page/browser-records.ts';
import { element } from './page/dom.ts';
import { shutNotice } from './page/notices.ts';
import { sendPart } from './page/send-part.ts';
import { showUploader } from './page/uploader.ts';
import { type Voice, voiceOf } from './page/voice.ts';
import { type Call, callsBelow, uploadCalls } from './upload-calls.ts';

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

/** What the request says of itself, asked for until somebody answers; null where it does not let us in. */
async function readFacts(
  call: Call,
  refused: (error: unknown) => void,
): Promise<RequestFacts | null> {
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

async function start(section: HTMLElement): Promise<void> {
  const voice = voiceOf(document.documentElement.lang);
  const requestId = section.dataset['request'] ?? '';
  showLocalTimes(voice);
  const call = callsBelow(`/guest/v1/requests/${requestId}`);
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
    memory: uploadMemory(requestId, browserRecords()),
    clock,
  });
  showUploader(section, { engine, facts, voice, logPath: `/requests/${requestId}/activity-log` });
}

const section = document.getElementById('uploader');
if (section !== null) void start(section);
