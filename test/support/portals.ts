/** Portals, invites and submissions, made as staff and community members would make them. */
import { type Act, act, OPERATOR } from '../../domain/act.ts';
import type { Evidence, EvidenceState } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { type EvidenceId, type InviteId, newId, type PortalId } from '../../domain/ids.ts';
import { entryOfInvite, inviteLife, portalLife } from '../../domain/portals/invite-place.ts';
import { linkToken } from '../../domain/link-token.ts';
import type { TestApi } from './api.ts';
import { buildEvidence, buildUser, unique } from './factories.ts';
import { type Guest, openRequestLink } from './requests.ts';

/** A portal as a test uses it. */
export interface TestPortal {
  readonly id: PortalId;
  readonly owner: User;
  /** `/p/…` of a public one. */
  readonly path: string | null;
}

/** An invite as a test uses it. */
export interface TestInvite {
  readonly id: InviteId;
  /** `/i/` and the token of its first link. */
  readonly path: string;
  readonly email: string;
  readonly expiresAt: string;
}

/** A portal of its owner, who is a new administrator where none is given; individual unless it has a slug. */
export async function buildPortal(
  api: TestApi,
  fields: { readonly owner?: User; readonly slug?: string } & Readonly<
    Record<string, unknown>
  > = {},
): Promise<TestPortal> {
  const { owner: given, ...rest } = fields;
  const owner = given ?? (await buildUser(api));
  const kind = rest.slug === undefined ? 'individual' : 'public';
  const { status, body } = await api.post('/portals', owner, { kind, ...rest });
  if (status !== 201) throw new Error(`no portal was made: ${JSON.stringify(body)}`);
  const path = body.url === null ? null : new URL(body.url).pathname;
  return { id: body.id, owner, path };
}

/** An invite by mail, unless told otherwise, to somebody new. */
export async function buildInvite(
  api: TestApi,
  portal: TestPortal,
  fields: {
    readonly delivery?: 'email' | 'sms' | 'none';
    readonly communityMember?: Readonly<Record<string, unknown>>;
  } = {},
): Promise<TestInvite> {
  const email = `${unique('neighbour')}@example.test`;
  const { status, body } = await api.post(`/portals/${portal.id}/invites`, portal.owner, {
    delivery: 'email',
    communityMember: { email },
    ...fields,
  });
  if (status !== 201) throw new Error(`no invite was made: ${JSON.stringify(body)}`);
  const path = new URL(body.link).pathname;
  return { id: body.id, path, email, expiresAt: body.expiresAt };
}

/** `/i/` and the token of an invite's link of a generation. */
export function invitePath(api: TestApi, id: InviteId, generation = 1): string {
  const [key] = api.config.LINK_KEYS;
  if (key === undefined) throw new Error('no link key is configured');
  return `/i/${linkToken(key, id, generation)}`;
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

/** Changes rows as time or an operator would: `alter(api, 'invites', id, 'expires_at = …')`. */
export async function alter(
  api: TestApi,
  table: 'portals' | 'invites',
  id: string,
  set: string,
): Promise<void> {
  await api.database.em.fork().execute(`update ${table} set ${set} where id = ?`, [id]);
}

/** SQL that lets an invite or a portal have expired just now. */
export const JUST_EXPIRED = `expires_at = clock_timestamp() - interval '1 millisecond'`;

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

/** The actions that the audit has of something, oldest first. */
export async function eventsOf(api: TestApi, id: string): Promise<string[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ action: string }[]>(
      'select action from audit_events where objects @> array[?::uuid] order by organization_id, sequence',
      [id],
    );
  return rows.map(({ action }) => action);
}

/** The calls of whoever opened an invite's link; paths below `/guest/v1/invites/{id}`. */
export async function buildInviteGuest(
  api: TestApi,
  { id, path }: Pick<TestInvite, 'id' | 'path'>,
): Promise<Guest> {
  const cookie = await openRequestLink(api, path);
  const at = (below: string) => `!/guest/v1/invites/${id}${below}`;
  return {
    get: (below = '') => api.get(at(below), null, { Cookie: cookie }),
    post: (below, body = {}, headers = {}) =>
      api.post(at(below), null, body, { Cookie: cookie, ...headers }),
    delete: (below) => api.delete(at(below), null, { Cookie: cookie }),
    cookie,
  };
}
