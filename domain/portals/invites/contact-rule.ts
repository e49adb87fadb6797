/** What is asked of a community member (product rules, section 5). Pure. */
import type { Fault } from '../../errors.ts';
import type { Language } from '../../identity/user.entity.ts';
import {
  CONTACT_FIELDS,
  type ContactField,
  type ContactSettings,
  type FieldRule,
} from '../invite-settings.ts';
import type { Delivery } from './invite.entity.ts';

/** Contact information of a community member; null where it is not known. */
export interface Contact {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  /** In E.164: `+` and digits. */
  readonly phone: string | null;
  /** `1990-01-31`. */
  readonly dateOfBirth: string | null;
}

/** What somebody says of a community member. */
export type CommunityMember = {
  readonly [Field in keyof Contact]?: Contact[Field] | undefined;
} & {
  /** That it is written to in. */
  readonly language?: Language | undefined;
};

/** What each field is called where a member is described. */
export const CONTACT_KEYS: Readonly<Record<ContactField, keyof Contact>> = {
  first_name: 'firstName',
  last_name: 'lastName',
  email: 'email',
  phone: 'phone',
  date_of_birth: 'dateOfBirth',
};

/** What a link is delivered to. */
const DELIVERED_TO: Readonly<Record<Delivery, ContactField | null>> = {
  email: 'email',
  sms: 'phone',
  none: null,
};

/** What each field is: asked and required, asked, or not taken. */
export type ContactRules = Readonly<Record<ContactField, FieldRule>>;

/**
 * The rule of each field. Where contact information is not stored, nothing is taken but the address that
 * the link is delivered to.
 * @param delivery null where nothing is delivered any more: at a submission
 */
export function contactRules(settings: ContactSettings, delivery: Delivery | null): ContactRules {
  const rule = (field: ContactField): FieldRule => {
    if (delivery !== null && DELIVERED_TO[delivery] === field) return 'required';
    if (!settings.store) return 'hidden';
    if (field === 'date_of_birth') return settings.dateOfBirth;
    return settings.required.includes(field) ? 'required' : 'optional';
  };
  return Object.fromEntries(CONTACT_FIELDS.map((field) => [field, rule(field)])) as ContactRules;
}

/** The fields that are shown of what was stored. */
export function visibleContact(settings: ContactSettings): readonly ContactField[] {
  const rules = contactRules(settings, null);
  return CONTACT_FIELDS.filter((field) => rules[field] !== 'hidden');
}

/**
 * Every fault of what somebody says of a community member.
 * @param at.pointer where in the request the member stands, `/communityMember` by default
 */
export function contactFaults(
  settings: ContactSettings,
  member: CommunityMember,
  at: { readonly delivery: Delivery | null; readonly pointer?: string },
): Fault[] {
  const { delivery, pointer = '/communityMember' } = at;
  const rules = contactRules(settings, delivery);
  return CONTACT_FIELDS.flatMap((field): Fault[] => {
    const key = CONTACT_KEYS[field];
    const isGiven = (member[key] ?? null) !== null;
    if (rules[field] === 'required' && !isGiven) {
      return [{ pointer: `${pointer}/${key}`, detail: 'It is required.' }];
    }
    if (rules[field] === 'hidden' && isGiven) {
      const detail = settings.store
        ? 'This field is not taken here. Leave it out.'
        : 'Contact information is not stored here. Leave this field out.';
      return [{ pointer: `${pointer}/${key}`, detail }];
    }
    return [];
  });
}
