/**
 * Incident-report portals, as an external system makes, changes and invites to them by its API client
 * (product rules, section 5). Commands hold the client first: see `holdClient`.
 */
import type { Act } from '../act.ts';
import { DomainError, type Fault, invalid } from '../errors.ts';
import { gatherFaults } from '../gather-faults.ts';
import type { PortalId, UserId } from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { changePortal, closePortal, type PortalFields } from '../portals/change-portal.ts';
import { createPortal } from '../portals/create-portal.ts';
import { contactSettingsOf } from '../portals/invite-settings.ts';
import { type CommunityMember, contactFaults } from '../portals/invites/contact-rule.ts';
import { createInvite, type MadeInvite } from '../portals/invites/create-invite.ts';
import type { Delivery } from '../portals/invites/invite.entity.ts';
import type { Portal } from '../portals/portal.entity.ts';
import { lockPortal } from '../portals/portal-policy.ts';
import { readSettings } from '../portals/settings.ts';
import type { ApiClientGrant } from './client-grant.ts';
import { findCategories, findOwner, requireActiveOwners } from './report-names.ts';
import { requireIntegration } from './settings.ts';

/** Whom an invite is for, as an external system says it. */
export interface ReportInvite {
  readonly communityMember: CommunityMember;
  /** Whether we send the link; else whoever asks passes it on. */
  readonly sendInvite: boolean;
}

/** What an external system says of a new portal. */
export interface NewIncidentReport {
  /** Its own id, unique for its client. */
  readonly id: string | null;
  readonly title: string | null;
  readonly description: string | null;
  /** Names or ids; none for the integration's default. */
  readonly categories: readonly string[];
  /** E-mail addresses of staff; null for the integration's. */
  readonly requestOwner: string | null;
  readonly evidenceOwner: string | null;
  readonly invite: ReportInvite | null;
}

/**
 * Makes a portal, and an invite where a community member is named.
 * @throws DomainError `validation-failed` with every fault; `already-exists` with the `portalId` that the
 *   client's own id has; `wrong-state` while the integration has no owners, or theirs are disabled
 */
export async function createIncidentReport(
  act: Act,
  client: ApiClientGrant,
  report: NewIncidentReport,
  keys: LinkKeys,
): Promise<{ readonly portal: Portal; readonly made: MadeInvite | null }> {
  const { em } = act;
  const by = { type: 'api_client', client } as const;
  const { id: organizationId } = client.organization;
  const settings = await requireIntegration(em, organizationId);
  const faults: Fault[] = [];
  const named = {
    ownerId: await findOwner(em, organizationId, report.requestOwner, '/requestOwner', faults),
    evidenceOwnerId: await findOwner(
      em,
      organizationId,
      report.evidenceOwner,
      '/evidenceOwner',
      faults,
    ),
    categoryIds: await findCategories(em, organizationId, report.categories, faults),
  };
  if (report.invite !== null) faults.push(...(await inviteFaults(act, client, report.invite)));
  await requireActiveOwners(em, [
    ...(named.ownerId === null ? [settings.requestOwnerId] : []),
    ...(named.evidenceOwnerId === null ? [settings.evidenceOwnerId] : []),
  ]);
  const portal = await gatherFaults(faults, () =>
    createPortal(act, by, {
      ...{ kind: 'incident_report', caseId: null, slug: null, durationDays: null },
      ...{ reportId: report.id, title: report.title, description: report.description },
      ...named,
    }),
  );
  if (faults.length > 0 || portal === undefined) throw invalid(...faults);
  const made =
    report.invite === null ? null : await invite(act, client, portal, report.invite, keys);
  return { portal, made };
}

/** What an external system may change of its portal. */
export interface IncidentReportChange {
  readonly title?: string | null | undefined;
  readonly description?: string | null | undefined;
  readonly categories?: readonly string[] | undefined;
  readonly requestOwner?: string | undefined;
  readonly evidenceOwner?: string | undefined;
  /** Closes it: nothing more is taken. */
  readonly status?: 'closed' | undefined;
}

/**
 * Changes a portal of the client's, closes it, or both.
 * @param check is called with the portal's version before anything changes
 * @throws DomainError `not-found`, also for another client's; `wrong-state` where it is closed and something
 *   else is to change; `validation-failed` with every fault
 */
export async function changeIncidentReport(
  act: Act,
  client: ApiClientGrant,
  portalId: PortalId,
  change: IncidentReportChange,
  check: (version: number) => void,
): Promise<void> {
  const { em } = act;
  const by = { type: 'api_client', client } as const;
  check((await lockPortal(em, by, portalId)).version);
  const { status, ...said } = change;
  const fields = await portalFields(act, client, said);
  if (Object.keys(fields).length > 0) {
    await changePortal(act, by, portalId, fields, () => undefined);
    await em.flush();
  }
  if (status === 'closed') await closePortal(act, by, portalId);
}

async function portalFields(
  { em }: Act,
  client: ApiClientGrant,
  said: Omit<IncidentReportChange, 'status'>,
): Promise<Partial<PortalFields>> {
  const { id: organizationId } = client.organization;
  const faults: Fault[] = [];
  const owner = async (email: string | undefined, pointer: string) =>
    (await findOwner(em, organizationId, email ?? null, pointer, faults)) ?? undefined;
  const ownerId: UserId | undefined = await owner(said.requestOwner, '/requestOwner');
  const evidenceOwnerId = await owner(said.evidenceOwner, '/evidenceOwner');
  const categoryIds =
    said.categories === undefined
      ? undefined
      : await findCategories(em, organizationId, said.categories, faults);
  if (faults.length > 0) throw invalid(...faults);
  return {
    ...(said.title === undefined ? {} : { title: said.title }),
    ...(said.description === undefined ? {} : { description: said.description }),
    ...(ownerId === undefined ? {} : { ownerId }),
    ...(evidenceOwnerId === undefined ? {} : { evidenceOwnerId }),
    ...(categoryIds === undefined ? {} : { categoryIds }),
  };
}

/**
 * Makes another invite to a portal of the client's.
 * @throws DomainError `not-found`, also for another client's; `wrong-state` where the portal takes nothing
 *   more; `validation-failed` with every fault
 */
export async function inviteToIncidentReport(
  act: Act,
  client: ApiClientGrant,
  portalId: PortalId,
  asked: ReportInvite,
  keys: LinkKeys,
): Promise<MadeInvite> {
  const portal = await lockPortal(act.em, { type: 'api_client', client }, portalId);
  return invite(act, client, portal, asked, keys);
}

async function invite(
  act: Act,
  client: ApiClientGrant,
  portal: Portal,
  asked: ReportInvite,
  keys: LinkKeys,
): Promise<MadeInvite> {
  const { communityMember: member } = asked;
  const choice = { member, delivery: deliveryOf(asked), language: member.language ?? 'en' };
  try {
    return await createInvite(act, { type: 'api_client', client }, portal, choice, keys);
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'validation-failed') throw error;
    // Who calls says no delivery: it follows from the address.
    throw invalid(
      ...error.faults.map(({ pointer, detail }) => ({
        pointer: pointer === '/delivery' ? '/sendInvite' : pointer,
        detail,
      })),
    );
  }
}

async function inviteFaults(
  { em }: Act,
  client: ApiClientGrant,
  asked: ReportInvite,
): Promise<Fault[]> {
  const settings = await readSettings(em, client.organization.id);
  const contactInfo = contactSettingsOf(settings, 'incident_report');
  return contactFaults(contactInfo, asked.communityMember, { delivery: deliveryOf(asked) });
}

/** By e-mail where there is an address, else by text message. */
function deliveryOf({ communityMember, sendInvite }: ReportInvite): Delivery {
  if (!sendInvite) return 'none';
  return communityMember.email == null && communityMember.phone != null ? 'sms' : 'email';
}
