/**
 * Sends files: asks the pure rules what comes next, does it, and tells them what happened. Nothing that
 * happens to one file or one part ends another.
 */
import { pauseAfter } from './backoff.ts';
import { createChecks, type Round } from './checks.ts';
import {
  apply,
  breakOff,
  type Entry,
  end,
  type FileId,
  type FileView,
  failedBy,
  letGo,
  newEntry,
  viewOf,
} from './entry.ts';
import { nextSteps, type Step } from './next-steps.ts';
import { seenOf } from './opening.ts';
import { beginningOf, effectOf } from './perform.ts';
import type { EnginePorts, SourceFile } from './ports.ts';
import { type ShutReason, type Trouble, troubleOf } from './trouble.ts';

/** Completions in a row that want parts again, after which a file fails. */
const MOST_REFUSALS = 5;

/** The files of the page on their way. */
export interface Engine {
  add(sources: readonly SourceFile[]): FileId[];
  /** Takes a file out of the list; what was sent of it is given up. */
  remove(id: FileId): void;
  /** Sends everything that is listed. */
  start(): void;
  /** Sends a file that ended once more. */
  retry(id: FileId): void;
  /** What goes along with a file, as long as it is not begun. */
  describe(id: FileId, caption: string): void;
  /** Breaks off one file, and goes on with it; the others are not concerned. */
  pauseFile(id: FileId): void;
  resumeFile(id: FileId): void;
  /** Breaks off what is on its way; what the store has confirmed stays. */
  pause(): void;
  resume(): void;
  /** Tries at once what waits after trouble. */
  relieve(): void;
  readonly isPaused: boolean;
  /** Why nothing is taken any more; null while it is. */
  readonly shut: ShutReason | null;
  /** In the order in which they were added. */
  files(): FileView[];
  /** Calls back after each change, but not for the bytes on their way: look at them now and then. */
  subscribe(listener: () => void): void;
  dispose(): void;
}

/** An engine without files; it does nothing before some are added and started. */
export function createEngine(ports: EnginePorts): Engine {
  const { api, memory, clock } = ports;
  const entries = new Map<FileId, Entry>();
  const listeners: (() => void)[] = [];
  let lastId = 0;
  let isPaused = false;
  let shut: ShutReason | null = null;
  let cancelTimer: (() => void) | null = null;
  const life = new AbortController();
  const checks = createChecks(clock, askForChecks);

  function changed(): void {
    for (const entry of entries.values()) if (isSent(entry)) letGo(entry);
    pump();
    checks.wake();
    for (const listener of listeners) listener();
  }

  function pump(): void {
    cancelTimer?.();
    cancelTimer = null;
    if (isPaused || shut !== null) return;
    const transfers = [...entries.values()]
      .filter((entry) => !entry.isPaused)
      .map(({ id, transfer }) => [id, transfer] as const);
    const { steps, askAgainAt } = nextSteps(transfers, clock.now());
    // All of them are under way before the first one asks for addresses.
    const begun = steps.map((step) => ({ step, entry: entries.get(step.id) }));
    for (const { step, entry } of begun) if (entry !== undefined) apply(entry, beginningOf(step));
    for (const { step, entry } of begun) if (entry !== undefined) void perform(step, entry);
    if (askAgainAt !== null) cancelTimer = clock.after(askAgainAt - clock.now(), changed);
  }

  async function perform(step: Step<FileId>, entry: Entry): Promise<void> {
    const { signal } = entry.work;
    try {
      const event = await effectOf(step, entry, ports, signal);
      if (signal.aborted) return;
      apply(entry, event);
    } catch (error) {
      if (signal.aborted) return;
      suffer(entry, step, troubleOf(error));
    }
    changed();
  }

  function suffer(entry: Entry, step: Step<FileId>, trouble: Trouble): void {
    if (step.type === 'send') apply(entry, { type: 'part-lost', number: step.number });
    switch (trouble.type) {
      case 'again':
        return rest(entry, trouble.after);
      case 'sign-again':
        entry.addresses?.forget();
        // The first one has expired, which costs no time; the next one has another reason.
        return rest(entry, entry.transfer.troubles === 0 ? 0 : null);
      case 'send-again':
        entry.refusals += 1;
        if (entry.refusals > MOST_REFUSALS) return end(entry, failedBy('parts-refused'));
        return apply(entry, { type: 'parts-refused', numbers: trouble.numbers });
      case 'doubt':
        breakOff(entry);
        apply(entry, { type: 'doubted' });
        return rest(entry, null);
      case 'fail':
        breakOff(entry);
        return end(entry, { type: 'failed', failure: trouble.failure });
      case 'shut':
        // An expired link begins nothing, and may still finish what was begun.
        if (trouble.reason === 'expired' && step.type === 'open') {
          return end(entry, failedBy('expired'));
        }
        return close(trouble.reason);
      default:
        trouble satisfies never;
    }
  }

  /** One cut of the network is one trouble, however many parts were on their way. */
  function rest(entry: Entry, asked: number | null): void {
    const { troubles, notBefore } = entry.transfer;
    if (notBefore > clock.now()) return;
    const pause = pauseAfter(troubles + 1, asked, clock.random());
    apply(entry, { type: 'troubled', notBefore: clock.now() + pause });
  }

  function close(reason: ShutReason): void {
    if (shut !== null) return;
    shut = reason;
    checks.stop();
    for (const entry of entries.values()) {
      const { type } = entry.transfer.phase;
      breakOff(entry);
      if (type === 'verifying') end(entry, { type: 'unconfirmed' });
      else if (type !== 'listed') end(entry, failedBy(reason));
    }
  }

  function relieve(): void {
    for (const entry of entries.values()) apply(entry, { type: 'relieved' });
    changed();
  }

  /** One question tells which files are still being checked; the others have their answers by now. */
  async function askForChecks(): Promise<Round> {
    const sent = [...entries.values()].filter(isBeingChecked);
    if (sent.length === 0) return 'idle';
    try {
      const open = await api.verifying(life.signal);
      const settled = sent.filter(({ transfer: { phase } }) =>
        phase.type === 'verifying' ? !open.has(phase.plan.uploadId) : false,
      );
      for (const entry of settled) await learn(entry);
      return settled.length > 0 ? 'news' : 'same';
    } catch (error) {
      const trouble = troubleOf(error);
      if (trouble.type === 'shut') close(trouble.reason);
      return 'same';
    }
  }

  /** Learns what became of a file; an answer that makes no sense is asked for anew. */
  async function learn(entry: Entry): Promise<void> {
    const { phase } = entry.transfer;
    if (phase.type !== 'verifying') return;
    const { uploadId, size } = phase.plan;
    try {
      const seen = seenOf(await api.read(uploadId, size, entry.work.signal));
      if (seen.type === 'verifying') return;
      apply(entry, seen.type === 'open' ? { type: 'doubted' } : { type: 'seen', seen });
    } catch (error) {
      if (troubleOf(error).type !== 'doubt') throw error;
      apply(entry, { type: 'doubted' });
    }
    changed();
  }

  return {
    add(sources) {
      const ids = sources.map((source) => {
        const id = ++lastId;
        entries.set(id, newEntry(id, source, clock.newKey()));
        return id;
      });
      changed();
      return ids;
    },
    remove(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      const { phase } = entry.transfer;
      const isOpen = phase.type === 'sending' || phase.type === 'completing';
      entries.delete(id);
      entry.work.abort();
      letGo(entry);
      if (isOpen) {
        void memory.forget(entry.source);
        // Where this fails, the API gives the upload up by itself after some time.
        void api.abort(phase.plan.uploadId).catch(() => undefined);
      }
      changed();
    },
    start() {
      for (const entry of entries.values()) {
        if (entry.transfer.phase.type === 'listed') apply(entry, { type: 'wanted' });
      }
      changed();
    },
    retry(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.key = clock.newKey();
      entry.refusals = 0;
      apply(entry, { type: 'wanted' });
      changed();
    },
    describe(id, caption) {
      const entry = entries.get(id);
      if (entry !== undefined) entry.caption = caption;
    },
    pauseFile(id) {
      const entry = entries.get(id);
      if (entry === undefined || isSent(entry)) return;
      entry.isPaused = true;
      breakOff(entry);
      changed();
    },
    resumeFile(id) {
      const entry = entries.get(id);
      if (entry === undefined) return;
      entry.isPaused = false;
      apply(entry, { type: 'relieved' });
      changed();
    },
    pause() {
      isPaused = true;
      for (const entry of entries.values()) {
        if (entry.transfer.phase.type !== 'verifying') breakOff(entry);
      }
      changed();
    },
    resume() {
      isPaused = false;
      relieve();
    },
    relieve,
    get isPaused() {
      return isPaused;
    },
    get shut() {
      return shut;
    },
    files: () => Array.from(entries.values(), viewOf),
    subscribe: (listener) => void listeners.push(listener),
    dispose() {
      checks.stop();
      cancelTimer?.();
      isPaused = true;
      life.abort();
      for (const entry of entries.values()) {
        entry.work.abort();
        letGo(entry);
      }
    },
  };
}

/** Whether the API has all of it, or will never have. */
function isSent({ transfer: { phase } }: Entry): boolean {
  return phase.type === 'verifying' || phase.type === 'ended';
}

function isBeingChecked({ transfer }: Entry): boolean {
  return transfer.phase.type === 'verifying';
}
