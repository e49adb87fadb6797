/** The uploader on its page: puts the parts together, and lets them show what the engine does. */
import type { SendingFacts } from '../contract.ts';
import type { Engine } from '../engine/engine.ts';
import type { FileView } from '../engine/entry.ts';
import { admit } from '../files/admission.ts';
import { summaryOf } from '../files/summary.ts';
import { announcer } from './announcer.ts';
import { dropZone } from './drop-zone.ts';
import { fileList } from './file-list.ts';
import { leavingGuard } from './leaving.ts';
import { explainExpiry, shutNotice, unfinishedNotice } from './notices.ts';
import { overallPart } from './overall.ts';
import type { Dropped } from './read-choice.ts';
import { readyPart } from './ready.ts';
import { refusalsPart } from './refusals.ts';
import { type Conclusion, resultsPart } from './results.ts';
import type { Voice } from './voice.ts';

/** Milliseconds between two looks at the bytes on their way, and between two pictures at least. */
const LOOK_EVERY = 500;
const PICTURE_EVERY = 150;

/** Failures for which the same bytes, sent again, would fail again. */
const NOT_AGAIN: ReadonlySet<string> = new Set([
  'file-unreadable',
  'file-too-large',
  'file-type-not-supported',
  'content-not-supported',
  'validation-failed',
  'quarantined',
]);

export interface Uploading {
  readonly engine: Engine;
  readonly facts: SendingFacts;
  readonly voice: Voice;
  /** Address of the activity log; null where there is none to read. */
  readonly logPath: string | null;
  readonly conclusion: Conclusion | null;
}

/** Fills the section of the page; from then on it works by itself. */
export function showUploader(
  section: HTMLElement,
  { engine, facts, voice, logPath, conclusion }: Uploading,
): void {
  const { words, number } = voice;
  const title = document.getElementById('uploader-title');
  const told = announcer(voice);
  const refusals = refusalsPart(voice, facts.limits);
  const zone = dropZone(voice, facts.limits, choose);
  const unfinished = unfinishedNotice(voice, facts);
  const results = resultsPart(voice, { logPath, conclusion }, { back: goBack });
  const overall = overallPart(voice, {
    pause: () => engine.pause(),
    resume: () => engine.resume(),
    relieve: () => engine.relieve(),
  });
  const ready = readyPart(voice, { upload, removeAll });
  const list = fileList(voice, facts.limits, {
    remove(file) {
      engine.remove(file.id);
      refresh();
      told.say(words.removed(file.source.path));
    },
    retry: ({ id }) => engine.retry(id),
    describe: ({ id }, caption) => engine.describe(id, caption),
    pause: ({ id }) => engine.pauseFile(id),
    resume: ({ id }) => engine.resumeFile(id),
  });
  const guard = leavingGuard();
  explainExpiry(voice, facts);
  section.append(
    results.node,
    overall.node,
    unfinished.node,
    zone,
    refusals.node,
    ready.node,
    list.node,
    told.node,
  );

  function choose({ files, unreadable }: Dropped): void {
    if (engine.shut !== null) return;
    const admission = admit(
      files,
      facts,
      engine.files().map(({ source }) => source),
    );
    const broken = unreadable.map((path) => ({ path, refusal: { type: 'unreadable' as const } }));
    const refused = [...admission.refused, ...broken];
    if (admission.taken.length > 0) clearEnded();
    engine.add(admission.taken);
    refusals.add(refused);
    const count = admission.taken.length;
    const others = [
      admission.listed > 0 ? words.alreadyListed(admission.listed, number(admission.listed)) : '',
      admission.leftOut > 0 ? words.leftOut(admission.leftOut, number(admission.leftOut)) : '',
      files.length + broken.length === 0 ? words.nothingFound : '',
    ].filter((text) => text !== '');
    ready.note(others.join(' '));
    const added = count > 0 ? [`${words.added(count, number(count))}.`] : [];
    const left =
      refused.length > 0 ? [`${words.refused(refused.length, number(refused.length))}.`] : [];
    told.say([...added, ...left, ...others].join(' '));
    refresh();
  }

  function upload(): void {
    const { listed } = summaryOf(engine.files());
    engine.start();
    refresh();
    overall.heading.focus();
    told.say(words.announce.started(listed.count, number(listed.count)));
  }

  function removeAll(): void {
    for (const { id, transfer } of engine.files()) {
      if (transfer.phase.type === 'listed') engine.remove(id);
    }
    refresh();
    title?.focus();
  }

  /** What has ended well leaves the list, once something new begins. */
  function clearEnded(): void {
    if (summaryOf(engine.files()).situation === 'ended') goBack();
  }

  /** Back to the list: what failed and may go better is in it again, not sent yet. */
  function goBack(): void {
    const again: FileView[] = [];
    for (const file of engine.files()) {
      const { phase } = file.transfer;
      if (phase.type !== 'ended') continue;
      engine.remove(file.id);
      if (phase.outcome.type !== 'failed') continue;
      const { code } = phase.outcome.failure;
      if (!NOT_AGAIN.has(code)) again.push(file);
      else if (code === 'file-unreadable') {
        refusals.add([{ path: file.source.path, refusal: { type: 'unreadable' } }]);
      }
    }
    engine.add(again.map(({ source }) => source)).forEach((id, index) => {
      engine.describe(id, again[index]?.caption ?? '');
    });
    refresh();
    title?.focus();
  }

  let wasShut = false;
  function refresh(): void {
    const files = engine.files();
    const summary = summaryOf(files);
    const { situation } = summary;
    const { isPaused, shut } = engine;
    const isOffline = !navigator.onLine;
    if (shut !== null && !wasShut) section.insertBefore(shutNotice(voice, shut), results.node);
    wasShut = shut !== null;
    zone.hidden = wasShut || situation === 'ended';
    place(situation === 'choosing' ? 'first' : 'last');
    overall.node.hidden = situation !== 'sending';
    if (situation === 'sending') overall.update(summary, { isPaused, isOffline });
    ready.update(wasShut ? { count: 0, bytes: 0 } : summary.listed);
    list.update(situation === 'ended' ? [] : files, isPaused);
    unfinished.update(
      situation === 'choosing' && !wasShut,
      new Set(files.map(({ source }) => source.path)),
    );
    told.update(summary, isOffline);
    const heading = results.update(summary, wasShut);
    if (heading !== null) endTold(heading);
    guard.update(summary.unsentCount > 0);
    conclusion?.watch?.(summary);
  }

  function endTold(heading: HTMLElement): void {
    told.say(heading.textContent ?? '');
    // The element that had the focus has gone with the progress.
    const { activeElement } = document;
    if (activeElement === null || activeElement === document.body || !isShown(activeElement)) {
      heading.focus();
    }
  }

  /** Choosing comes before the list, and behind it while there is more important to see. */
  function place(wanted: 'first' | 'last'): void {
    const isFirst = zone.nextElementSibling !== told.node;
    if ((wanted === 'first') === isFirst) return;
    section.insertBefore(zone, isFirst ? told.node : refusals.node);
    zone.classList.toggle('small', isFirst);
  }

  let planned: ReturnType<typeof setTimeout> | null = null;
  engine.subscribe(() => {
    planned ??= setTimeout(() => {
      planned = null;
      refresh();
    }, PICTURE_EVERY);
  });
  setInterval(() => {
    if (!overall.node.hidden) refresh();
  }, LOOK_EVERY);
  window.addEventListener('online', () => engine.relieve());
  window.addEventListener('offline', refresh);
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') engine.relieve();
  });
  refresh();
}

function isShown(node: Element): boolean {
  return node.getClientRects().length > 0;
}
