/** Portals, invites and submissions, made as staff and community members would make them. */
import { type Act, act, OPERATOR } from '../../domain/act.ts';
import type { Evidence, EvidenceState } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { type EvidenceId, type InviteId, newId, type PortalId } from '../../domain/ids.ts';
import { linkToken } from '../../domain/link-token.ts';
import {
  entryOfInvite,
  inviteLife,
  portalLife,
} from '../../domain/portals/invites/invite-place.ts';
import type { TestApi } from './api.ts';
import { buildEvidence, buildUser, unique } from './factories.ts';
import { type Guest, guestAt } from './guest.ts';
import { openLink } from './links.ts';

/** A portal as a test uses it. */
export interface TestPortal {
  readonly id: PortalId;
  readonly owner: User;
  /** `/p/…` of a public one. */
  readonly path: string | null;
}

/** What a portal is to have: of a new administrator, unless it is told otherwise. */
export interface PortalFields {
  readonly owner?: User;
  /** Individual unless it is told otherwise, or has a slug. */
  readonly kind?: 'individual' | 'public';
  /** Of a public one; something unique unless it is told otherwise. */
  readonly slug?: string;
  readonly title?: string;
  readonly description?: string;
  readonly reportId?: string;
  readonly caseId?: string;
  readonly categoryIds?: readonly string[];
  readonly evidenceOwnerId?: string;
  readonly durationDays?: number;
}

/** An invite as a test uses it. */
export interface TestInvite {
  readonly id: InviteId;
  readonly portal: TestPortal;
  /** Whose the portal is. */
  readonly owner: User;
  /** `/i/` and the token of its first link. */
  readonly path: string;
  readonly email: string;
  readonly expiresAt: string;
}

/** A portal of its owner. */
export async function buildPortal(api: TestApi, fields: PortalFields = {}): Promise<TestPortal> {
  const { owner: given, kind, ...rest } = fields;
  const owner = given ?? (await buildUser(api));
  const isPublic = kind === 'public' || rest.slug !== undefined;
  const { status, body } = await api.post('/portals', owner, {
    ...(isPublic ? { kind: 'public', slug: unique('slug') } : { kind: 'individual' }),
    ...rest,
  });
  if (status !== 201) throw new Error(`no portal was made: ${JSON.stringify(body)}`);
  const path = body.url === null ? null : new URL(body.url).pathname;
  return { id: body.id, owner, path };
}

/** Of an invite that is passed on by hand, and of whose holder nothing is known. */
export const BY_HAND = { delivery: 'none', communityMember: null } as const;

/**
 * An invite by mail, unless told otherwise, to somebody new.
 * @param into the portal, or what one of its own is to have
 */
export async function buildInvite(
  api: TestApi,
  into: TestPortal | PortalFields = {},
  fields: {
    readonly delivery?: 'email' | 'sms' | 'none';
    readonly communityMember?: Readonly<Record<string, unknown>> | null;
  } = {},
): Promise<TestInvite> {
  const portal = 'id' in into ? into : await buildPortal(api, into);
  const { owner } = portal;
  const email = `${unique('neighbour')}@example.test`;
  const { status, body } = await api.post(`/portals/${portal.id}/invites`, owner, {
    delivery: 'email',
    communityMember: { email },
    ...fields,
  });
  if (status !== 201) throw new Error(`no invite was made: ${JSON.stringify(body)}`);
  const path = new URL(body.link).pathname;
  return { id: body.id, portal, owner, path, email, expiresAt: body.expiresAt };
}

/** `/i/` and the token of an invite's link of a generation. */
export function invitePath(api: TestApi, id: InviteId, generation = 1): string {
  return `/i/${linkToken(api.config.LINK_KEYS, id, generation)}`;
}

/** A submission as a test uses it. */
export interface TestSubmission {
  readonly id: string;
  readonly files: readonly EvidenceId[];
}

/**
 * What is there after files were handed in through an invite: they wait for triage, unless they are
 * accepted by themselves.
 */
export async function buildSubmission(
  api: TestApi,
  portal: TestPortal,
  invite: Pick<TestInvite, 'id'>,
  options: { readonly files?: number; readonly accepted?: boolean } = {},
): Promise<TestSubmission> {
  const { files = 1, accepted = false } = options;
  const state: EvidenceState = accepted ? 'active' : 'triage_pending';
  const evidence: Evidence[] = [];
  for (let made = 0; made < files; made += 1) {
    evidence.push(await buildEvidence(api, { owner: portal.owner, fields: { state } }));
  }
  const id = newId();
  const { organizationId } = portal.owner;
  const place = { inviteId: invite.id, portalId: portal.id, organizationId };
  await actOf(api, async (acting) => {
    const { em } = acting;
    await em.execute(
      `insert into submissions (id, organization_id, portal_id, invite_id, evidence_owner_id, auto_accepted,
         submitted_at) select ?, organization_id, id, ?, evidence_owner_id, ?, clock_timestamp()
       from portals where id = ?`,
      [id, invite.id, accepted, portal.id],
    );
    for (const [position, { id: evidenceId }] of evidence.entries()) {
      await em.execute(
        `insert into submission_files (submission_id, evidence_id, position, decision, decided_at)
         values (?, ?, ?, ?, case when ? then clock_timestamp() end)`,
        [id, evidenceId, position + 1, accepted ? 'accepted' : null, accepted],
      );
    }
    await em.execute('update invites set spent_at = clock_timestamp() where id = ?', [invite.id]);
    acting.wake(inviteLife(place));
    acting.wake(portalLife(place));
    acting.audit({ ...entryOfInvite(place, id), action: 'submission.received' });
  });
  return { id, files: evidence.map((file) => file.id) };
}

async function actOf(api: TestApi, work: (acting: Act) => Promise<void>): Promise<void> {
  await act(api, OPERATOR, work);
}

/** Sets the individual invites of a user's organization, over the defaults. */
export async function setIndividual(
  api: TestApi,
  administrator: User,
  settings: {
    readonly incidentInfo?: Readonly<Record<string, string>>;
    readonly contactInfo?: Readonly<Record<string, unknown>>;
    readonly autoAccept?: boolean;
    readonly reminders?: boolean;
  },
): Promise<void> {
  const { incidentInfo, contactInfo, ...rest } = settings;
  const { status, body } = await api.put('/settings/individual-invites', administrator, {
    incidentInfo: {
      id: 'optional',
      categories: 'optional',
      description: 'optional',
      ...incidentInfo,
    },
    contactInfo: { store: true, required: [], dateOfBirth: 'optional', ...contactInfo },
    autoAccept: false,
    reminders: false,
    ...rest,
  });
  if (status !== 200) throw new Error(`not set: ${JSON.stringify(body)}`);
}

/** Sets the public portals of a user's organization, over the defaults. */
export async function setPublic(
  api: TestApi,
  administrator: User,
  settings: {
    readonly contactInfo?: Readonly<Record<string, unknown>>;
    readonly autoAccept?: boolean;
  },
): Promise<void> {
  const { status, body } = await api.put('/settings/public-portals', administrator, {
    contactInfo: { store: true, required: [], dateOfBirth: 'optional', ...settings.contactInfo },
    autoAccept: settings.autoAccept ?? false,
  });
  if (status !== 200) throw new Error(`not set: ${JSON.stringify(body)}`);
}

/** Opens an invite's link, and gives whoever did. */
export async function buildInviteGuest(
  api: TestApi,
  invite: Pick<TestInvite, 'id' | 'path'>,
): Promise<Guest> {
  return guestAt(api, `invites/${invite.id}`, await openLink(api, invite));
}
