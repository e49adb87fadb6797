import type { SendingFacts } from '../contract.ts';
import type { ShutReason } from '../engine/trouble.ts';
import { element, nameElement } from './dom.ts';
import type { Voice } from './voice.ts';

/** Names of unfinished files that are shown. */
const SHOWN = 10;

/** Why nothing is taken any more. */
export function shutNotice({ words }: Voice, reason: ShutReason): HTMLElement {
  const { title, text } = words.shut[reason];
  return element(
    'div',
    { class: 'alarm', attributes: { role: 'alert' } },
    element('h3', {}, title),
    element('p', {}, text),
  );
}

/** Says until when what was begun may be finished, where the page says that nothing new may be begun. */
export function explainExpiry({ words, instant }: Voice, { finishBy }: SendingFacts): void {
  const notice = document.getElementById('request-expired');
  if (notice !== null) notice.textContent = words.expiredNote(instant(finishBy));
}

/** Files that an earlier visit sent in part, except those that are in the list by now. */
export function unfinishedNotice(voice: Voice, facts: SendingFacts) {
  const { words, number } = voice;
  const node = element('div', { class: 'hint', hidden: true });
  let shownFor = '';
  return {
    node,
    update(isChoosing: boolean, listed: ReadonlySet<string>): void {
      const left = facts.unfinished.filter(({ path }) => !listed.has(path));
      const hidden = facts.unfinishedCount - facts.unfinished.length;
      const count = left.length + hidden;
      node.hidden = !isChoosing || count === 0;
      const key = left.map(({ id }) => id).join();
      if (node.hidden || key === shownFor) return;
      shownFor = key;
      const more = count - Math.min(left.length, SHOWN);
      node.replaceChildren(
        element('p', {}, words.unfinished(count, number(count))),
        element(
          'ul',
          {},
          ...left.slice(0, SHOWN).map(({ path }) => element('li', {}, nameElement(path))),
        ),
        ...(more > 0 ? [element('p', { class: 'quiet' }, words.andMore(number(more)))] : []),
      );
    },
  };
}
