/** Making elements: text is text, never markup. */
import { visible } from '../../pages/visible.ts';

/** What an element is given besides its children. */
export interface Properties {
  readonly class?: string;
  readonly id?: string;
  readonly hidden?: boolean;
  /** Attributes by their names. */
  readonly attributes?: Readonly<Record<string, string>>;
  readonly onClick?: () => void;
}

export type Child = Node | string;

export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  if (properties.class !== undefined) made.className = properties.class;
  if (properties.id !== undefined) made.id = properties.id;
  if (properties.hidden !== undefined) made.hidden = properties.hidden;
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    made.setAttribute(name, value);
  }
  const { onClick } = properties;
  if (onClick !== undefined) made.addEventListener('click', () => onClick());
  made.append(...children);
  return made;
}

export function button(label: string, onClick: () => void, look = 'button'): HTMLButtonElement {
  return element('button', { class: look, attributes: { type: 'button' }, onClick }, label);
}

/** A name as somebody wrote it, in whichever direction, which turns nothing around it. */
export function nameElement(path: string): HTMLElement {
  return element('bdi', { class: 'file-name' }, visible(path));
}

/** Sets a text only where it changed, so that nothing is read out again for no reason. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}
