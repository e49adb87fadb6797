import type { Language } from '../../../domain/identity/user.entity.ts';
import type { Contact } from '../../../domain/portals/invites/contact-rule.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';

/** A field of contact information that is asked for. */
export interface AskedField {
  readonly field: keyof Contact;
  readonly required: boolean;
  /** What was entered before. */
  readonly value?: string;
  /** What is wrong with it, in the reader's words. */
  readonly fault?: string | null;
}

/** What browsers need to know of each field to help: keyboards, and what they can fill in themselves. */
const INPUTS: Readonly<
  Record<
    keyof Contact,
    { readonly type: string; readonly autocomplete: string; readonly length: number }
  >
> = {
  firstName: { type: 'text', autocomplete: 'given-name', length: 100 },
  lastName: { type: 'text', autocomplete: 'family-name', length: 100 },
  email: { type: 'email', autocomplete: 'email', length: 254 },
  phone: { type: 'tel', autocomplete: 'tel', length: 40 },
  dateOfBirth: { type: 'date', autocomplete: 'bday', length: 10 },
};

/** One field with its label, its hint, and what is wrong with it. */
export function contactInput(
  language: Language,
  { field, required, value = '', fault = null }: AskedField,
): Html {
  const { contact } = MESSAGES[language].invites;
  const { type, autocomplete, length } = INPUTS[field];
  const hint =
    field === 'phone' &&
    html`<span class="field-hint" id="${field}-hint">${contact.phoneHint}</span>`;
  const described = [...(field === 'phone' ? [`${field}-hint`] : []), `${field}-fault`].join(' ');
  return html`<div class="field field-${field}">
<label for="${field}">${contact[field]} <span class="field-rule">${required ? contact.required : contact.optional}</span></label>
${hint}
<input id="${field}" name="${field}" type="${type}" autocomplete="${autocomplete}" maxlength="${length}" value="${value}" aria-describedby="${described}"${required && html` required`}${fault !== null && html` aria-invalid="true"`}>
<p class="field-fault" id="${field}-fault"${fault === null && html` hidden`}>${fault}</p>
</div>
`;
}
