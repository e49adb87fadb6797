import type { FileView } from '../engine/entry.ts';
import type { Outcome } from '../engine/transfer.ts';
import { captionField } from './caption-field.ts';
import { button, element, nameElement, setText } from './dom.ts';
import type { Voice } from './voice.ts';

/** What a user may do to one file. */
export interface RowActions {
  readonly remove: (file: FileView) => void;
  readonly retry: (file: FileView) => void;
  readonly describe: (file: FileView, caption: string) => void;
  readonly pause: (file: FileView) => void;
  readonly resume: (file: FileView) => void;
}

/** One file of the list. */
export interface FileRow {
  readonly node: HTMLLIElement;
  update(file: FileView, isPaused: boolean): void;
}

/** @param captionLength characters that may be said of the file before it is sent; null for none */
export function fileRow(
  first: FileView,
  voice: Voice,
  captionLength: number | null,
  actions: RowActions,
): FileRow {
  const { words } = voice;
  const { path, size } = first.source;
  const bar = element('progress', { attributes: { 'aria-label': path }, hidden: true });
  bar.max = 1;
  const mark = element('span', { class: 'mark', attributes: { 'aria-hidden': 'true' } });
  const state = element('span', { class: 'file-state' });
  const detail = element('span', { class: 'file-facts', hidden: true });
  let current = first;
  const act = button(
    '',
    () => (isOver(current) ? actions.retry : actions.remove)(current),
    'button link',
  );
  const hold = button(
    '',
    () => (current.isPaused ? actions.resume : actions.pause)(current),
    'button link',
  );
  const caption =
    captionLength === null
      ? null
      : captionField(first, voice, captionLength, (text) => actions.describe(current, text));
  const node = element(
    'li',
    { class: 'upload' },
    element(
      'div',
      { class: 'upload-head' },
      element(
        'div',
        {},
        nameElement(path),
        ' ',
        element('span', { class: 'exact' }, voice.size(size)),
      ),
      element('div', { class: 'upload-acts' }, hold, act),
    ),
    ...(caption === null ? [] : [caption.node]),
    bar,
    element('span', { class: 'file-facts' }, mark, state),
    detail,
  );

  return {
    node,
    update(file, isPaused) {
      current = file;
      const { phase } = file.transfer;
      const outcome = phase.type === 'ended' ? phase.outcome : null;
      node.dataset['state'] = outcome?.type ?? phase.type;
      setText(mark, outcome === null ? '' : MARKS[outcome.type]);
      setText(state, stateText(file, isPaused, voice));
      bar.hidden = size === 0 || (phase.type !== 'sending' && phase.type !== 'completing');
      if (size > 0) bar.value = file.sent / size;
      const explained = outcome?.type === 'failed' ? failureText(outcome.failure, voice) : '';
      detail.hidden = explained === '';
      setText(detail, explained);
      caption?.update(file);
      name(act, offerOf(file));
      name(hold, isPaused ? null : holdOf(file));
    },
  };

  function offerOf({ transfer: { phase } }: FileView): Offered | null {
    if (phase.type === 'listed') return { short: words.removeShort, label: words.remove(path) };
    if (phase.type === 'ended') {
      const isFailed = phase.outcome.type === 'failed';
      return isFailed ? { short: words.retryShort, label: words.retry(path) } : null;
    }
    return phase.type === 'verifying'
      ? null
      : { short: words.cancelShort, label: words.cancel(path) };
  }

  /** While all files are paused, or this one waits for its turn, there is nothing to hold. */
  function holdOf({ isPaused, transfer: { phase } }: FileView): Offered | null {
    if (isPaused) return { short: words.resume, label: words.resumeFile(path) };
    return phase.type === 'sending' ? { short: words.pause, label: words.pauseFile(path) } : null;
  }
}

interface Offered {
  readonly short: string;
  readonly label: string;
}

function name(node: HTMLButtonElement, offered: Offered | null): void {
  node.hidden = offered === null;
  if (offered === null) return;
  setText(node, offered.short);
  if (node.getAttribute('aria-label') !== offered.label) {
    node.setAttribute('aria-label', offered.label);
  }
}

const MARKS: Readonly<Record<Outcome['type'], string>> = {
  verified: '✓',
  unconfirmed: '…',
  duplicate: '=',
  failed: '!',
};

function isOver({ transfer }: FileView): boolean {
  return transfer.phase.type === 'ended';
}

/** Why a file failed and what helps, in our words where we have them. */
export function failureText(
  { code, detail }: { readonly code: string; readonly detail: string },
  { words }: Voice,
): string {
  return words.failures[code] ?? words.failure(detail === '' ? code : detail);
}

function stateText(file: FileView, isPaused: boolean, { words, percent }: Voice): string {
  const { phase, troubles, size } = file.transfer;
  const { states } = words;
  switch (phase.type) {
    case 'waiting':
    case 'opening':
    case 'sending': {
      if (isPaused || file.isPaused) return states.paused;
      if (troubles > 1) return states.troubled;
      if (phase.type !== 'sending') return states[phase.type];
      return size === 0 ? states.opening : states.sending(percent(file.sent / size));
    }
    case 'listed':
    case 'elsewhere':
    case 'completing':
    case 'verifying':
      return states[phase.type];
    case 'ended':
      return states[phase.outcome.type];
    default:
      return phase satisfies never;
  }
}
