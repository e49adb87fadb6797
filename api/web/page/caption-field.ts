import type { FileView } from '../engine/entry.ts';
import { element } from './dom.ts';
import type { Voice } from './voice.ts';

/** What may be said of a file before it is sent; from then on it stands as it is. */
export function captionField(
  { source, caption }: FileView,
  { words }: Voice,
  longest: number,
  onChange: (text: string) => void,
) {
  const field = element('input', { attributes: { type: 'text' } });
  field.maxLength = longest;
  field.value = caption;
  field.addEventListener('input', () => onChange(field.value.trim()));
  field.setAttribute('aria-label', words.captionOf(source.path));
  const label = element('label', { class: 'caption' }, words.caption, field);
  const said = element('p', { class: 'caption' });
  const node = element('div', {}, label, said);
  return {
    node,
    update({ caption: text, transfer }: FileView): void {
      const isOpen = transfer.phase.type === 'listed';
      label.hidden = !isOpen;
      said.hidden = isOpen || text === '';
      said.textContent = text;
    },
  };
}
