import type { FileView } from '../engine/entry.ts';
import type { Summary } from '../files/summary.ts';
import { button, element, nameElement } from './dom.ts';
import { failureText } from './file-row.ts';
import type { Voice } from './voice.ts';

/** Names of a list of results that are shown; the activity log has all. */
const SHOWN = 200;

/** What people do on a page once every file has ended, besides reading what became of them. */
export interface Conclusion {
  readonly node: HTMLElement;
  /** Called whenever every file has ended anew, before it is shown. */
  update(ended: Summary['ended']): void;
  /** Called with every picture of the page, in whatever situation. */
  watch?(summary: Summary): void;
}

/** What became of the files, once every one of them has ended. */
export function resultsPart(
  voice: Voice,
  {
    logPath,
    conclusion,
  }: { readonly logPath: string | null; readonly conclusion: Conclusion | null },
  actions: { readonly back: () => void },
) {
  const { words, number } = voice;
  const node = element('div', { class: 'results', hidden: true });
  let shownFor = '';
  let completedAt = new Date();

  function build({ ended }: Summary, isShut: boolean): HTMLElement {
    const { failed, duplicate } = ended;
    const isWell = failed.length === 0;
    const heading = headingOf(ended);
    const affected: Node[] = [];
    if (!isWell) {
      const said = words.results.failed(failed.length, number(failed.length));
      affected.push(disclosure(said, failed, (file) => reasonOf(file, voice)));
      if (!isShut) affected.push(adviceList(voice));
    }
    if (duplicate.length > 0) {
      const said = words.results.duplicate(duplicate.length, number(duplicate.length));
      const list = disclosure(said, duplicate, () => '');
      list.append(element('p', { class: 'quiet' }, words.results.duplicateNote));
      affected.push(list);
    }
    const more = button(words.results.more, actions.back, 'button second');
    const back = button(words.results.back, actions.back);
    // What ended the page's session keeps the log from it too.
    const log = isShut ? null : logPath;
    conclusion?.update(ended);
    node.replaceChildren(
      heading,
      ...receivedLines(ended),
      ...affected,
      ...(conclusion === null ? [] : [conclusion.node]),
      element(
        'div',
        { class: 'actions' },
        ...(isShut ? [] : [isWell ? more : back]),
        ...(log === null ? [] : [logLink(log)]),
      ),
      ...(log === null ? [] : [element('p', {}, csvLink(log))]),
    );
    return heading;
  }

  function logLink(href: string): HTMLElement {
    return element('a', { class: 'button second', attributes: { href } }, words.results.log);
  }

  function csvLink(path: string): HTMLElement {
    return element('a', { attributes: { href: `${path}.csv`, download: '' } }, words.results.csv);
  }

  function headingOf({ verified, duplicate, failed, unconfirmed }: Summary['ended']): HTMLElement {
    const isWell = failed.length === 0;
    // The green mark means that files were read back, and nothing less.
    const isChecked = verified.length + duplicate.length > 0;
    const look = isWell ? (isChecked ? 'tick' : 'pending') : 'cross';
    const mark = element(
      'span',
      { class: look, attributes: { 'aria-hidden': 'true' } },
      { tick: '✓', pending: '…', cross: '!' }[look],
    );
    const received = words.results.done(verified.length, number(verified.length));
    const known = words.results.duplicate(duplicate.length, number(duplicate.length));
    const wellText =
      verified.length > 0 ? received : duplicate.length > 0 ? known : words.states.unconfirmed;
    const isNone = verified.length + duplicate.length + unconfirmed.length === 0;
    return element(
      'h3',
      { class: 'result-heading', attributes: { tabindex: '-1' } },
      mark,
      isWell ? wellText : isNone ? words.results.none : words.results.some,
    );
  }

  /** What arrived, where the heading does not say it, and when all this was. */
  function receivedLines({ verified, failed, unconfirmed }: Summary['ended']): HTMLElement[] {
    const lines: HTMLElement[] = [];
    if (failed.length > 0 && verified.length > 0) {
      lines.push(element('p', {}, words.results.done(verified.length, number(verified.length))));
    }
    if (unconfirmed.length > 0) {
      const said = words.results.unconfirmed(unconfirmed.length, number(unconfirmed.length));
      lines.push(element('p', {}, said));
    }
    lines.push(element('p', { class: 'quiet' }, words.results.at(voice.instant(completedAt))));
    return lines;
  }

  return {
    node,
    /** Shows them; gives the heading where they are new, so that it can be told of. */
    update(summary: Summary, isShut: boolean): HTMLElement | null {
      node.hidden = summary.situation !== 'ended';
      const key = node.hidden
        ? ''
        : Object.values(summary.ended)
            .map((files) => files.map(({ id }) => id).join())
            .join(';');
      if (key === shownFor) return null;
      shownFor = key;
      if (node.hidden) return null;
      completedAt = new Date();
      return build(summary, isShut);
    },
  };
}

/** A number of files that opens to their names. */
function disclosure(
  summary: string,
  files: readonly FileView[],
  reason: (file: FileView) => string,
): HTMLElement {
  return element(
    'details',
    { class: 'affected' },
    element('summary', {}, summary),
    element(
      'ul',
      { class: 'files' },
      ...files
        .slice(0, SHOWN)
        .map((file) =>
          element(
            'li',
            {},
            nameElement(file.source.path),
            element('span', { class: 'file-facts' }, reason(file)),
          ),
        ),
    ),
  );
}

function reasonOf({ transfer: { phase } }: FileView, voice: Voice): string {
  const isFailed = phase.type === 'ended' && phase.outcome.type === 'failed';
  return isFailed ? failureText(phase.outcome.failure, voice) : '';
}

function adviceList({ words }: Voice): HTMLElement {
  return element(
    'div',
    {},
    element('h4', {}, words.results.adviceTitle),
    element(
      'ul',
      { class: 'advice' },
      ...words.results.advice.map((said) => element('li', {}, said)),
    ),
  );
}
