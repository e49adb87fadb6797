/** The page of a public portal: contact details, and the way in which a private link is sent. */
import type { Language } from '../../../domain/identity/user.entity.ts';
import { CONTACT_FIELDS } from '../../../domain/portals/invite-settings.ts';
import type { PublicPortal } from '../../../domain/portals/invites/ask-for-invite.ts';
import {
  CONTACT_KEYS,
  type Contact,
  contactRules,
} from '../../../domain/portals/invites/contact-rule.ts';
import { limitsOf, MOST_FILES } from '../../../domain/portals/limits.ts';
import { INVITE_WORDS } from '../../web/words/invite-words.ts';
import { formatNumber, formatSize } from '../format.ts';
import { type Html, html } from '../html.ts';
import { MESSAGES } from '../messages/messages.ts';
import type { PageContent } from '../page.ts';
import { contactInput } from './contact-inputs.ts';
import { inviteHead } from './invite-head.ts';

/** How a visitor can have its link sent. */
export const VISITOR_DELIVERIES = ['email', 'sms'] as const;
export type VisitorDelivery = (typeof VISITOR_DELIVERIES)[number];

/** A field of the form that something is wrong with, and what. */
export type FieldFault = 'required' | 'other';

/** What a visitor has entered so far. */
export interface VisitorForm {
  readonly values: Readonly<Partial<Record<keyof Contact, string>>>;
  readonly delivery: VisitorDelivery;
  readonly faults: ReadonlyMap<string, FieldFault>;
}

/** Nothing is entered yet. */
export const EMPTY_FORM: VisitorForm = { values: {}, delivery: 'email', faults: new Map() };

/** The page with its form, and in it what was entered and what is wrong with it. */
export function publicPortalPage(
  language: Language,
  portal: PublicPortal,
  form: VisitorForm,
): PageContent {
  const words = MESSAGES[language].invites;
  const page = words.publicPage;
  const heading = portal.title ?? page.title(portal.organization);
  const limits = limitsOf('public');
  const most = page.limits(
    formatNumber(MOST_FILES, language),
    formatSize(limits.file, language),
    formatSize(limits.total, language),
  );
  return {
    title: heading,
    narrow: true,
    head: inviteHead(),
    body: html`<section class="card">
${portal.title !== null && html`<p class="eyebrow">${portal.organization}</p>`}
<h1>${heading}</h1>
${portal.description !== null && html`<p class="words">${portal.description}</p>`}
<p>${page.text}</p>
<p class="limits">${most}</p>
</section>
<form class="card visitor" method="post" novalidate>
<h2>${words.contact.title}</h2>
${form.faults.size > 0 && html`<p class="alarm" role="alert">${words.faultsTitle}</p>`}
${portal.hasSms ? deliveryChoice(language, form.delivery) : html`<input type="hidden" name="delivery" value="email">`}
${inputs(language, portal, form)}
${!portal.contactInfo.store && html`<p class="quiet">${page.notStored}</p>`}
<p><button class="button" type="submit">${page.send}</button></p>
<p class="quiet">${page.note}</p>
</form>`,
  };
}

function deliveryChoice(language: Language, chosen: VisitorDelivery): Html {
  const page = MESSAGES[language].invites.publicPage;
  const labels = { email: page.byEmail, sms: page.bySms };
  return html`<fieldset class="choice">
<legend>${page.delivery}</legend>
${VISITOR_DELIVERIES.map(
  (
    delivery,
  ) => html`<label class="option"><input type="radio" name="delivery" id="by-${delivery}" value="${delivery}"${delivery === chosen && html` checked`}> ${labels[delivery]}</label>
`,
)}</fieldset>`;
}

/**
 * The fields that are asked for either way of delivery. One that is asked for one way alone is hidden
 * by the style sheet while the other is chosen, and ignored then.
 */
function inputs(language: Language, portal: PublicPortal, form: VisitorForm): readonly Html[] {
  const ways: readonly VisitorDelivery[] = portal.hasSms ? VISITOR_DELIVERIES : ['email'];
  const rules = ways.map((way) => contactRules(portal.contactInfo, way));
  return CONTACT_FIELDS.filter((field) => rules.some((rule) => rule[field] !== 'hidden')).map(
    (field) => {
      const key = CONTACT_KEYS[field];
      const only = ways.filter((_, index) => rules[index]?.[field] !== 'hidden');
      const input = contactInput(language, {
        field: key,
        required:
          only.every((way) => rules[ways.indexOf(way)]?.[field] === 'required') ||
          isAddress(field, form),
        value: form.values[key] ?? '',
        fault: faultText(language, key, form),
      });
      return only.length === ways.length
        ? input
        : html`<div class="only-${only[0] ?? 'email'}">${input}</div>`;
    },
  );
}

/** Whether the link goes there. */
function isAddress(field: string, { delivery }: VisitorForm): boolean {
  return field === (delivery === 'email' ? 'email' : 'phone');
}

function faultText(language: Language, key: keyof Contact, form: VisitorForm): string | null {
  const fault = form.faults.get(key);
  if (fault === undefined) return null;
  const words = INVITE_WORDS[language].faults;
  if (fault === 'required') return words.required;
  return key === 'email' || key === 'phone' || key === 'dateOfBirth' ? words[key] : words.other;
}

/** The answer to whoever asked for a link: the same whether one is sent, or enough were. */
export function linkSentPage(language: Language, delivery: VisitorDelivery): PageContent {
  const { sent } = MESSAGES[language].invites;
  return {
    title: sent.title,
    narrow: true,
    head: inviteHead(),
    body: html`<section class="card">
<h1>${sent.title}</h1>
<p>${sent[delivery]}</p>
<p><a class="button second" href="?">${sent.again}</a></p>
</section>`,
  };
}
