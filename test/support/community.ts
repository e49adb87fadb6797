/** Portals and invites as a community member meets them. */
import { act, unpoked } from '../../domain/act.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { InviteId, OrganizationId } from '../../domain/ids.ts';
import { createInvite, type InviteChoice } from '../../domain/portals/create-invite.ts';
import { createPortal, type NewPortal } from '../../domain/portals/create-portal.ts';
import type { IndividualSettings, PublicSettings } from '../../domain/portals/invite-settings.ts';
import type { Portal } from '../../domain/portals/portal.entity.ts';
import type { TestApi } from './api.ts';
import { buildUser, staffOf, unique } from './factories.ts';
import type { Guest } from './requests.ts';

/** A portal with whoever made it, who owns what comes in. */
export interface TestPortal {
  readonly portal: Portal;
  readonly owner: User;
}

/** An individual portal, unless it is told otherwise, of an organization of its own. */
export async function buildPortal(
  api: TestApi,
  options: {
    readonly owner?: User;
    readonly organization?: Pick<Organization, 'id'>;
  } & Partial<NewPortal> = {},
): Promise<TestPortal> {
  const { owner: given, organization, ...fields } = options;
  const owner = given ?? (await buildUser(api, organization === undefined ? {} : { organization }));
  const staff = await staffOf(api, owner);
  const portal = await act(unpoked(api.database), { actor: staff.actor }, (acting) =>
    createPortal(
      acting,
      { type: 'staff', staff },
      {
        ...{ kind: 'individual', caseId: null, reportId: null, title: null, description: null },
        ...{ categoryIds: [], ownerId: null, evidenceOwnerId: null, durationDays: null },
        slug: fields.kind === 'public' ? unique('slug') : null,
        ...fields,
      },
    ),
  );
  return { portal, owner };
}

/** An invite to a portal with `/i/` and its token. */
export interface TestInvite extends TestPortal {
  readonly id: InviteId;
  readonly path: string;
}

/** An invite that is passed on by hand, unless it is told otherwise. */
export async function buildInvite(
  api: TestApi,
  options: Partial<InviteChoice> & { readonly to?: TestPortal } & Parameters<
      typeof buildPortal
    >[1] = {},
): Promise<TestInvite> {
  const { to, member = null, delivery = 'none', language = 'en', ...portalFields } = options;
  const { portal, owner } = to ?? (await buildPortal(api, portalFields));
  const staff = await staffOf(api, owner);
  const { invite, token } = await act(unpoked(api.database), { actor: staff.actor }, (acting) =>
    createInvite(
      acting,
      { type: 'staff', staff },
      portal,
      { member, delivery, language },
      api.linkKeys,
    ),
  );
  return { portal, owner, id: invite.id, path: `/i/${token}` };
}

/** Opens an invite's link as a browser does; gives the cookie to send. */
export async function openInviteLink(api: TestApi, path: string): Promise<string> {
  const response = await fetch(`${api.origin}${path}`, { method: 'POST', redirect: 'manual' });
  await response.body?.cancel();
  if (response.status !== 303) throw new Error(`the link was not opened: ${response.status}`);
  return (response.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
}

/** The calls of whoever holds a session of an invite; paths below `/guest/v1/invites/{id}`. */
export function memberWith(api: TestApi, id: InviteId, cookie: string): Guest {
  const at = (path: string) => `!/guest/v1/invites/${id}${path}`;
  return {
    get: (path = '') => api.get(at(path), null, { Cookie: cookie }),
    post: (path, body = {}, headers = {}) =>
      api.post(at(path), null, body, { Cookie: cookie, ...headers }),
    delete: (path) => api.delete(at(path), null, { Cookie: cookie }),
    cookie,
  };
}

/** Opens an invite, and gives whoever did. */
export async function openMember(
  api: TestApi,
  { id, path }: Pick<TestInvite, 'id' | 'path'>,
): Promise<Guest> {
  return memberWith(api, id, await openInviteLink(api, path));
}

/** Sets an organization's settings as an administrator would, without one. */
export async function setInvites(
  api: TestApi,
  organizationId: OrganizationId,
  settings:
    | { readonly kind: 'individual'; readonly settings: IndividualSettings }
    | { readonly kind: 'public'; readonly settings: PublicSettings },
): Promise<void> {
  await api.database.em.fork().execute(
    `insert into invite_settings (organization_id, kind, settings, updated_at)
     values (?, ?, ?::jsonb, clock_timestamp())
     on conflict (organization_id, kind) do update set settings = excluded.settings`,
    [organizationId, settings.kind, JSON.stringify(settings.settings)],
  );
}

/** Changes an invite's row as time or an operator would. */
export async function alterInvite(api: TestApi, id: InviteId, set: string): Promise<void> {
  await api.database.em.fork().execute(`update invites set ${set} where id = ?`, [id]);
}

/** Its link has expired just now. */
export const LINK_EXPIRED = 'expires_at = clock_timestamp()';
