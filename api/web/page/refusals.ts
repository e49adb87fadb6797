import type { SendingLimits } from '../contract.ts';
import type { Refusal, RefusedFile } from '../files/admission.ts';
import { button, element, nameElement } from './dom.ts';
import type { Voice } from './voice.ts';

/** Files of which not a byte is sent, each with its reason; at most so many by name. */
const SHOWN = 100;

/** What was chosen and cannot be taken. */
export function refusalsPart(voice: Voice, limits: SendingLimits) {
  const { words, number, size } = voice;
  const node = element('div', { class: 'alarm refused', hidden: true });
  let all: readonly RefusedFile[] = [];

  function reasonOf(refusal: Refusal): string {
    switch (refusal.type) {
      case 'type':
        return words.refusals.type(refusal.extension);
      case 'size':
        return words.refusals.size(size(refusal.size), size(limits.fileSize));
      case 'count':
        return words.refusals.count(number(limits.files));
      case 'name':
      case 'unreadable':
        return words.refusals[refusal.type];
      default:
        return refusal satisfies never;
    }
  }

  function show(): void {
    node.hidden = all.length === 0;
    const more = all.length - SHOWN;
    node.replaceChildren(
      element(
        'h3',
        { attributes: { tabindex: '-1' } },
        words.refused(all.length, number(all.length)),
      ),
      element(
        'ul',
        { class: 'files' },
        ...all
          .slice(0, SHOWN)
          .map(({ path, refusal }) =>
            element(
              'li',
              {},
              nameElement(path),
              element('span', { class: 'file-facts' }, reasonOf(refusal)),
            ),
          ),
      ),
      element('p', {}, more > 0 ? words.andMore(number(more)) : words.refusedNote),
      button(words.dismiss, dismiss, 'button second'),
    );
  }

  function dismiss(): void {
    all = [];
    show();
    document.getElementById('uploader-title')?.focus();
  }

  return {
    node,
    add(refused: readonly RefusedFile[]): void {
      if (refused.length === 0) return;
      const paths = new Set(refused.map(({ path }) => path));
      all = [...all.filter(({ path }) => !paths.has(path)), ...refused];
      show();
    },
  };
}
