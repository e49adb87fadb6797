import { button, element, setText } from './dom.ts';
import type { Voice } from './voice.ts';

/** The files that are chosen and not sent: how many, and the button that sends them. */
export function readyPart(
  { words, number, size }: Voice,
  actions: { readonly upload: () => void; readonly removeAll: () => void },
) {
  const figures = element('p', { class: 'strong' });
  const note = element('p', { class: 'quiet', hidden: true });
  const send = button('', actions.upload);
  const part = element(
    'div',
    { class: 'ready' },
    figures,
    element('p', { class: 'quiet' }, words.notSentYet),
    element(
      'div',
      { class: 'actions' },
      send,
      button(words.removeAll, actions.removeAll, 'button second'),
    ),
  );
  return {
    node: element('div', {}, note, part),
    /** What else there is to say of the last choice; '' for nothing. */
    note(text: string): void {
      note.hidden = text === '';
      setText(note, text);
    },
    update({ count, bytes }: { readonly count: number; readonly bytes: number }): void {
      part.hidden = count === 0;
      setText(figures, words.ready(count, number(count), size(bytes)));
      setText(send, words.upload(count, number(count)));
    },
  };
}
