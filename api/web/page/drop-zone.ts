import { button, element } from './dom.ts';
import { type Dropped, filesOfDrop, filesOfInput } from './read-choice.ts';
import type { Voice } from './voice.ts';

/**
 * Where files are dropped or chosen. While one is dragged anywhere over the page, the page takes it:
 * dropped beside the zone it would replace the page.
 */
export function dropZone(
  { words, size }: Voice,
  limits: { readonly fileSize: number },
  onChosen: (chosen: Dropped) => void,
): HTMLElement {
  const files = input((chosen) => onChosen(chosen));
  files.multiple = true;
  const folder = input((chosen) => onChosen(chosen));
  folder.webkitdirectory = true;
  const prompt = element('p', { class: 'drop-prompt' }, words.drop);
  const chooseFiles = button(words.chooseFiles, () => files.click());
  const chooseFolder = button(words.chooseFolder, () => folder.click(), 'button second');
  // Phones have no folders to choose, and nothing is dragged with a thumb.
  const isCoarse = window.matchMedia('(pointer: coarse)').matches;
  chooseFolder.hidden = !('webkitdirectory' in folder) || isCoarse;
  prompt.hidden = isCoarse;
  const zone = element(
    'div',
    { class: 'drop' },
    prompt,
    element('div', { class: 'actions' }, chooseFiles, chooseFolder),
    element('p', { class: 'quiet' }, words.largest(size(limits.fileSize))),
    files,
    folder,
  );

  let depth = 0;
  const shown = (isOver: boolean) => {
    zone.classList.toggle('over', isOver);
    prompt.textContent = isOver ? words.dropNow : words.drop;
  };
  document.addEventListener('dragenter', (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth += 1;
    shown(true);
  });
  document.addEventListener('dragover', (event) => {
    if (hasFiles(event)) event.preventDefault();
  });
  document.addEventListener('dragleave', () => {
    depth = Math.max(0, depth - 1);
    if (depth === 0) shown(false);
  });
  document.addEventListener('drop', (event) => {
    depth = 0;
    shown(false);
    if (!hasFiles(event) || event.dataTransfer === null) return;
    event.preventDefault();
    prompt.textContent = words.reading;
    void filesOfDrop(event.dataTransfer).then((dropped) => {
      shown(false);
      onChosen(dropped);
    });
  });
  return zone;
}

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes('Files') === true;
}

function input(onChosen: (chosen: Dropped) => void): HTMLInputElement {
  const made = element('input', { hidden: true, attributes: { type: 'file', tabindex: '-1' } });
  made.addEventListener('change', () => {
    const chosen = { files: filesOfInput(made), unreadable: [] };
    // The same files may be chosen once more, which is a change only so.
    made.value = '';
    onChosen(chosen);
  });
  return made;
}
