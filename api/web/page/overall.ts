import { formatDuration } from '../files/duration.ts';
import { createSpeedMeter } from '../files/speed.ts';
import { progressOf, type Summary } from '../files/summary.ts';
import { button, element, setText } from './dom.ts';
import type { Voice } from './voice.ts';

/** Seconds left below which they are not worth telling. */
const SOON = 5;

/** All files together while they are on their way: how much, how fast, how long, and the way to pause. */
export function overallPart(
  voice: Voice,
  actions: {
    readonly pause: () => void;
    readonly resume: () => void;
    readonly relieve: () => void;
  },
) {
  const { words, size, number, language } = voice;
  const meter = createSpeedMeter();
  const heading = element(
    'h3',
    { id: 'uploader-overall', attributes: { tabindex: '-1' } },
    words.overall,
  );
  const bar = element('progress', { attributes: { 'aria-labelledby': 'uploader-overall' } });
  bar.max = 1;
  const sent = element('span', { class: 'strong' });
  const pace = element('span');
  const done = element('p', { class: 'quiet' });
  const trouble = element('p', { class: 'alarm', hidden: true });
  const elsewhere = element('p', { class: 'beside', hidden: true }, words.elsewhere);
  const pause = button(words.pause, actions.pause, 'button second');
  const resume = button(words.resume, actions.resume);
  const tryNow = button(words.tryNow, actions.relieve, 'button second');
  const paused = element('p', { hidden: true }, words.paused);
  const keepOpen = element('p', { class: 'quiet' }, words.keepOpen);
  const node = element(
    'div',
    { class: 'overall' },
    heading,
    bar,
    element('p', { class: 'overall-figures' }, sent, pace),
    done,
    trouble,
    elsewhere,
    paused,
    element('div', { class: 'actions' }, pause, resume, tryNow),
    keepOpen,
  );

  function paceText(summary: Summary, now: number): string {
    const speed = meter.speed(now);
    if (speed === null || speed < 1) return '';
    const left = (summary.wanted.bytes - summary.sentBytes) / speed;
    const time = left < SOON ? words.soon : words.left(formatDuration(left, language));
    return `${words.speed(size(speed))}, ${time}`;
  }

  return {
    node,
    heading,
    update(summary: Summary, state: { readonly isPaused: boolean; readonly isOffline: boolean }) {
      const { wanted, sentBytes, doneCount, verifyingCount, unsentCount, isTroubled } = summary;
      const now = performance.now();
      const isMoving = unsentCount > 0 && !state.isPaused;
      if (isMoving) meter.note(sentBytes, now);
      else meter.reset();
      bar.value = progressOf(summary);
      setText(sent, words.sentOf(size(sentBytes), size(wanted.bytes)));
      setText(pace, isMoving && !isTroubled && !state.isOffline ? paceText(summary, now) : '');
      const checking =
        verifyingCount > 0 ? words.checking(verifyingCount, number(verifyingCount)) : '';
      const isOne = wanted.count === 1;
      const files = isOne ? '' : `${words.filesDone(number(doneCount), number(wanted.count))}.`;
      setText(done, `${files} ${checking}`.trim());
      const isStuck = isMoving && (isTroubled || state.isOffline);
      trouble.hidden = !isStuck;
      setText(trouble, state.isOffline ? words.offline : words.trouble);
      tryNow.hidden = !isStuck;
      elsewhere.hidden = summary.elsewhereCount === 0;
      keepOpen.hidden = unsentCount + verifyingCount === 0;
      paused.hidden = !state.isPaused;
      swap(state.isPaused ? resume : pause, state.isPaused ? pause : resume);
      if (unsentCount === 0) pause.hidden = true;
    },
  };
}

/** Shows one button in the place of another, the focus included. */
function swap(shown: HTMLElement, hidden: HTMLElement): void {
  const hadFocus = document.activeElement === hidden;
  shown.hidden = false;
  hidden.hidden = true;
  if (hadFocus) shown.focus();
}
