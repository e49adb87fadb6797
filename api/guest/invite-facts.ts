import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { daysAfter } from '../../domain/clock.ts';
import type { Language } from '../../domain/identity/user.entity.ts';
import {
  CONTACT_FIELDS,
  contactSettingsOf,
  incidentInfoOf,
} from '../../domain/portals/invite-settings.ts';
import { readContact } from '../../domain/portals/invites/contact.ts';
import { CONTACT_KEYS, contactRules } from '../../domain/portals/invites/contact-rule.ts';
import { inviteParty } from '../../domain/portals/invites/invite-party.ts';
import type { InviteGrant } from '../../domain/portals/invites/invite-session.ts';
import { FINISHING_DAYS } from '../../domain/portals/invites/invite-state.ts';
import { limitsOf, MOST_FILES } from '../../domain/portals/limits.ts';
import { Portal } from '../../domain/portals/portal.entity.ts';
import { readSettings } from '../../domain/portals/settings.ts';
import { readTerms } from '../../domain/portals/submissions/terms.ts';
import type { Condition } from '../../domain/sql.ts';
import { readSent } from './guest-uploads.ts';
import { CAPTION_LENGTH, type inviteFacts } from './invite-schema.ts';

/** SQL over a row called `u` of `uploads`: those of an invite. */
export function uploadsOfInvite({ inviteId }: Pick<InviteGrant, 'inviteId'>): Condition {
  return { sql: 'u.invite_id = ?', values: [inviteId] };
}

/**
 * What an invite tells the community member. What the settings hide is not in it, and of what is on file
 * only that it is: whoever was passed the link learns nothing of whom it was sent to.
 */
export async function readInviteFacts(
  em: EntityManager,
  grant: InviteGrant & { readonly state: 'open' | 'expired' },
  language: Language,
): Promise<z.input<typeof inviteFacts>> {
  const { inviteId, organization, expiresAt } = grant;
  const party = inviteParty(grant);
  const portal = await em.findOneOrFail(Portal, { id: grant.portalId });
  const settings = await readSettings(em, organization.id);
  const contact = contactSettingsOf(settings, portal.kind);
  const incident = incidentInfoOf(settings, portal.kind);
  const known = await readContact(em, inviteId, contact);
  const rules = contactRules(contact, null);
  const terms = await readTerms(em, organization.id, language);
  return {
    id: inviteId,
    state: grant.state,
    organization: { name: organization.name, timeZone: organization.timeZone },
    portal: {
      title: portal.title ?? null,
      description: incident.description === 'hidden' ? null : (portal.description ?? null),
      reportId: incident.id === 'hidden' ? null : (portal.reportId ?? null),
    },
    expiresAt: expiresAt.toISOString(),
    finishBy: daysAfter(expiresAt, FINISHING_DAYS).toISOString(),
    limits: {
      fileSize: party.largestFile,
      files: MOST_FILES,
      total: limitsOf(portal.kind).total,
      captionLength: CAPTION_LENGTH,
    },
    supportedExtensions: [...((await party.extensions(em)) ?? [])],
    contact: CONTACT_FIELDS.filter((field) => rules[field] !== 'hidden').map((field) => ({
      field: CONTACT_KEYS[field],
      required: rules[field] === 'required',
      known: (known?.[CONTACT_KEYS[field]] ?? null) !== null,
    })),
    terms,
    ...(await readSent(em, uploadsOfInvite(grant))),
  };
}
