import type { SentFile } from '../files/sent-files.ts';
import type { InviteWords } from '../words/invite-words.ts';
import { button, element, nameElement } from './dom.ts';
import type { Voice } from './voice.ts';

/** The files of an invite as they would be handed in. */
export function sentList(
  { size, number, words: uploader }: Voice,
  words: InviteWords,
  remove: (file: SentFile) => void,
) {
  const heading = element('h3', { attributes: { tabindex: '-1' } }, words.list);
  const list = element('ul', { class: 'files' });
  const total = element('p', { class: 'strong' });
  const node = element('div', { hidden: true }, heading, list, total);
  let shownFor = '';

  return {
    node,
    heading,
    update(files: readonly SentFile[]): void {
      node.hidden = files.length === 0;
      const key = JSON.stringify(files);
      if (key === shownFor) return;
      shownFor = key;
      list.replaceChildren(...files.map(row));
      const bytes = files.reduce((sum, file) => sum + file.size, 0);
      total.textContent = words.total(files.length, number(files.length), size(bytes));
    },
  };

  function row(file: SentFile): HTMLLIElement {
    const act = button(uploader.removeShort, () => remove(file), 'button link');
    act.setAttribute('aria-label', words.removing(file.path));
    act.hidden = file.state === 'verifying';
    const isDone = file.state === 'verified';
    const marks = isDone
      ? [element('span', { class: 'mark', attributes: { 'aria-hidden': 'true' } }, '✓')]
      : [];
    const state = file.state === 'uploading' ? words.inPart : uploader.states[file.state];
    return element(
      'li',
      { class: 'upload', attributes: { 'data-state': file.state } },
      element(
        'div',
        { class: 'upload-head' },
        element(
          'div',
          {},
          nameElement(file.path),
          ' ',
          element('span', { class: 'exact' }, size(file.size)),
        ),
        act,
      ),
      ...(file.caption === '' ? [] : [element('p', { class: 'caption' }, file.caption)]),
      element(
        'span',
        { class: 'file-facts' },
        ...marks,
        element('span', { class: 'file-state' }, state),
      ),
    );
  }
}
