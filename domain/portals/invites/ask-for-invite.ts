/** Public portals as their visitors find them, and the private link that a visitor asks for. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { DomainError, type Fault } from '../../errors.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { OrganizationId, PortalId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import type { ContactSettings } from '../invite-settings.ts';
import { Portal } from '../portal.entity.ts';
import { readSettings } from '../settings.ts';
import { contactFaults } from './contact-rule.ts';
import { createInvite, type InviteChoice } from './create-invite.ts';

/** What a visitor of a public portal sees, and is asked. */
export interface PublicPortal {
  readonly id: PortalId;
  readonly organizationId: OrganizationId;
  readonly organization: string;
  /** Closed, or past its own end: no link is given out. */
  readonly isOpen: boolean;
  readonly title: string | null;
  readonly description: string | null;
  readonly contactInfo: ContactSettings;
  /** Whether links can be sent as text messages. */
  readonly hasSms: boolean;
}

/** The public portal at an address; null where there is none. */
export async function findPublicPortal(
  em: EntityManager,
  organizationSlug: string,
  slug: string,
): Promise<PublicPortal | null> {
  // PostgreSQL refuses to look for it.
  if (`${organizationSlug}${slug}`.includes('\0')) return null;
  const [row] = await em.execute<{ id: PortalId; is_open: boolean }[]>(
    `select p.id, p.closed_at is null and coalesce(p.expires_at > clock_timestamp(), true) as is_open
     from portals p join organizations o on o.id = p.organization_id
     where o.slug = ? and p.slug = ? and p.kind = 'public' and 'communityRequest' = any(o.features)`,
    [organizationSlug, slug],
  );
  if (row === undefined) return null;
  const portal = await em.findOneOrFail(Portal, { id: row.id });
  const { organizationId } = portal;
  const organization = await em.findOneOrFail(Organization, { id: organizationId });
  const settings = await readSettings(em, organizationId);
  return {
    id: row.id,
    organizationId,
    organization: organization.name,
    isOpen: row.is_open,
    title: portal.title ?? null,
    description: portal.description ?? null,
    contactInfo: settings.public.contactInfo,
    hasSms: organization.smsWebhook != null,
  };
}

/** Every fault of what a visitor left: the settings', and a way of delivery that there is not. */
export function visitorFaults(
  { contactInfo, hasSms }: Pick<PublicPortal, 'contactInfo' | 'hasSms'>,
  { member, delivery }: Pick<InviteChoice, 'member' | 'delivery'>,
): Fault[] {
  const sms = delivery === 'sms' && !hasSms;
  return [
    ...contactFaults(contactInfo, member ?? {}, { delivery }),
    ...(sms ? [{ pointer: '/delivery', detail: 'Text messages cannot be sent here.' }] : []),
  ];
}

/**
 * Makes an invite for a visitor of a public portal, whose link is sent as it chose.
 * @throws DomainError `link-dead` where the portal takes nothing more; `validation-failed`
 */
export async function askForInvite(
  act: Act,
  keys: LinkKeys,
  portalId: PortalId,
  choice: InviteChoice,
): Promise<void> {
  const portal = await act.em.findOneOrFail(Portal, { id: portalId });
  try {
    await createInvite(act, { type: 'visitor' }, portal, choice, keys);
  } catch (error) {
    // Its state alone is wrong for a visitor, and only where it was closed since the page was shown.
    if (!(error instanceof DomainError) || error.code !== 'wrong-state') throw error;
    throw new DomainError('link-dead', 'Nothing more is collected here.', {
      cause: error,
      members: { reason: 'closed' },
    });
  }
}
