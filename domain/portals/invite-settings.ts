/** What an organization sets for its individual invites and its public portals (product rules, section 5). */
import type { PortalKind } from './portal.entity.ts';

/** Fields of a community member that may be required wherever contact information is stored. */
export const CONTACT_FIELDS = [
  'first_name',
  'last_name',
  'email',
  'phone',
  'date_of_birth',
] as const;
export type ContactField = (typeof CONTACT_FIELDS)[number];

/** A field is asked for and must be there, is asked for, or is not shown at all. */
export const FIELD_RULES = ['required', 'optional', 'hidden'] as const;
export type FieldRule = (typeof FIELD_RULES)[number];

/** Fields of an incident that a portal's maker may have to fill in. */
export type IncidentInfo = Readonly<Record<'id' | 'categories' | 'description', FieldRule>>;

/** What is asked of a community member, and whether it is stored. */
export interface ContactSettings {
  /** Without it an address is kept sealed, for delivery only, and nothing else is taken. */
  readonly store: boolean;
  /** Which are required where contact information is stored; date of birth has a rule of its own. */
  readonly required: readonly Exclude<ContactField, 'date_of_birth'>[];
  readonly dateOfBirth: FieldRule;
}

/** Settings of individual invites; those of incident reports too, where these have no own. */
export interface IndividualSettings {
  readonly incidentInfo: IncidentInfo;
  readonly contactInfo: ContactSettings;
  readonly autoAccept: boolean;
  /** Cannot be switched on in the regions `eu-legacy` and `us-federal`. */
  readonly reminders: boolean;
}

/** Settings of public portals. */
export interface PublicSettings {
  readonly contactInfo: ContactSettings;
  readonly autoAccept: boolean;
}

/** All settings of an organization's invites. */
export interface InviteSettings {
  readonly individual: IndividualSettings;
  readonly public: PublicSettings;
}

/** What holds for contact information at a kind of portal: incident reports use what individual ones do. */
export function contactSettingsOf(settings: InviteSettings, kind: PortalKind): ContactSettings {
  return kind === 'public' ? settings.public.contactInfo : settings.individual.contactInfo;
}

/** What holds for the incident's fields at a kind of portal; a public one has no such settings. */
export function incidentInfoOf(settings: InviteSettings, kind: PortalKind): IncidentInfo {
  return kind === 'public' ? NO_RULES : settings.individual.incidentInfo;
}

const NO_RULES: IncidentInfo = { id: 'optional', categories: 'optional', description: 'optional' };

/** What holds until an administrator sets something else: everything may be left out, nothing is accepted unseen. */
export const DEFAULT_INDIVIDUAL: IndividualSettings = {
  incidentInfo: NO_RULES,
  contactInfo: { store: true, required: [], dateOfBirth: 'optional' },
  autoAccept: false,
  reminders: false,
};
export const DEFAULT_PUBLIC: PublicSettings = {
  contactInfo: { store: true, required: [], dateOfBirth: 'optional' },
  autoAccept: false,
};
