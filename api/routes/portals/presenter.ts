import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { InviteId, PortalId } from '../../../domain/ids.ts';
import type { IncidentInfo, InviteSettings } from '../../../domain/portals/invite-settings.ts';
import { contactJson } from '../../../domain/portals/invites/contact.ts';
import { inviteAddress, inviteToken } from '../../../domain/portals/invites/invite-links.ts';
import { INVITE_EXPIRES_AT } from '../../../domain/portals/invites/invite-state.ts';
import { visiblePortals } from '../../../domain/portals/portal-policy.ts';
import { INVITE_STATUS, PORTAL_STATUS } from '../../../domain/portals/portal-state.ts';
import { readSettings } from '../../../domain/portals/settings.ts';
import { allOf, utc } from '../../../domain/sql.ts';
import type { ApiDeps } from '../../deps.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { containsWords, hasValue } from '../../search.ts';
import type { inviteQuery, inviteView, madeInvite, portalQuery, portalView } from './schema.ts';

const CATEGORIES = /* sql */ `coalesce((select jsonb_agg(jsonb_build_object('id', k.id, 'name', k.name)
  order by k.name, k.id) from portal_categories pc join categories k on k.id = pc.category_id
  where pc.portal_id = p.id), '[]')`;

/** SQL over a row called `p`: the incident's fields that the settings show, as JSON. */
function incidentJson({ individual }: InviteSettings): string {
  const fields: Readonly<Record<keyof IncidentInfo, string>> = {
    id: `'reportId', p.report_id`,
    description: `'description', p.description`,
    categories: `'categories', ${CATEGORIES}`,
  };
  const shown = Object.entries(fields).filter(
    ([field]) => individual.incidentInfo[field as keyof IncidentInfo] !== 'hidden',
  );
  const objectOf = (named: readonly (readonly [string, string])[]) =>
    `jsonb_build_object(${named.map(([, sql]) => sql).join(', ')})`;
  return `(case p.kind when 'public' then ${objectOf(Object.entries(fields))} else ${objectOf(shown)} end)`;
}

const FILES = `submissions cs join submission_files cf on cf.submission_id = cs.id where cs.portal_id = p.id`;

function portalsSql(settings: InviteSettings): ViewSql {
  return {
    from: `portals p join organizations o on o.id = p.organization_id
      join users ow on ow.id = p.owner_id join users eo on eo.id = p.evidence_owner_id
      left join api_clients ac on ac.id = p.api_client_id`,
    alias: 'p',
    view: /* sql */ `jsonb_build_object('id', p.id, 'kind', p.kind, 'status', ${PORTAL_STATUS},
      'caseId', p.case_id, 'title', p.title, 'slug', p.slug, 'url', '/p/' || o.slug || '/' || p.slug,
      'owner', jsonb_build_object('id', ow.id, 'name', ow.name),
      'evidenceOwner', jsonb_build_object('id', eo.id, 'name', eo.name),
      'apiClient', case when ac.id is not null then jsonb_build_object('id', ac.id, 'name', ac.name) end,
      'inviteCount', (select count(*) from invites ci where ci.portal_id = p.id),
      'submissionCount', (select count(*) from submissions cs where cs.portal_id = p.id),
      'pendingFiles', (select count(*) from ${FILES} and cf.decision is null),
      'expiresAt', ${utc('p.expires_at')}, 'closedAt', ${utc('p.closed_at')}, 'seenAt', ${utc('p.seen_at')},
      'createdAt', ${utc('p.created_at')}, 'updatedAt', ${utc('p.updated_at')})
      || ${incidentJson(settings)}`,
  };
}

type PortalView = z.input<typeof portalView>;

/** Its address is below the origin that everything is. */
function withOrigin(deps: ApiDeps, view: PortalView): PortalView {
  if (view.url === null) return view;
  return { ...view, url: `${deps.config.CASEBRIDGE_PUBLIC_URL}${view.url}` };
}

/** A portal; whether it may be seen was decided before. */
export async function readPortal(em: EntityManager, deps: ApiDeps, staff: Staff, id: PortalId) {
  const sql = portalsSql(await readSettings(em, staff.organization.id));
  const found = await readOne<PortalView>(em, sql, {
    sql: 'p.id = ? and p.organization_id = ?',
    values: [id, staff.organization.id],
  });
  if (found === null) throw notFound('portal');
  return { ...found, body: withOrigin(deps, found.body) };
}

/** A page of the portals that a user may see, newest first. */
export async function listPortals(
  em: EntityManager,
  deps: ApiDeps,
  staff: Staff,
  asked: z.output<typeof portalQuery>,
) {
  const settings = await readSettings(em, staff.organization.id);
  const { id, description } = settings.individual.incidentInfo;
  // What is hidden is not found by either.
  const searched = (column: string, rule: IncidentInfo['id']) =>
    rule === 'hidden' ? `(case p.kind when 'public' then ${column} end)` : column;
  const condition = allOf(
    visiblePortals(staff),
    hasValue('p.kind', asked.kind),
    hasValue(PORTAL_STATUS, asked.status),
    containsWords(asked.query, [
      'p.title',
      'p.slug',
      searched('p.report_id', id),
      searched('p.description', description),
    ]),
  );
  const found = await readPage<PortalView>(em, portalsSql(settings), condition, asked, {
    order: 'newest first',
  });
  return { ...found, data: found.data.map((view) => withOrigin(deps, view)) };
}

function invitesSql(settings: InviteSettings): ViewSql {
  return {
    from: `invites i join portals p on p.id = i.portal_id
      join invite_progress ip on ip.invite_id = i.id`,
    alias: 'i',
    view: /* sql */ `jsonb_build_object('id', i.id, 'portalId', i.portal_id, 'status', ${INVITE_STATUS},
      'delivery', i.delivery, 'language', i.language, 'communityMember', ${contactJson(settings)},
      'expiresAt', ${utc(INVITE_EXPIRES_AT)},
      'sentAt', case when i.delivery <> 'none' then ${utc('ip.invited_at')} end,
      'submittedAt', ${utc('i.spent_at')}, 'createdAt', ${utc('i.created_at')})`,
  };
}

/** A page of a portal's invites, newest first; whether the portal may be seen was decided before. */
export async function listInvites(
  em: EntityManager,
  staff: Staff,
  portalId: PortalId,
  asked: z.output<typeof inviteQuery>,
) {
  const settings = await readSettings(em, staff.organization.id);
  const condition = allOf(
    { sql: 'i.portal_id = ?', values: [portalId] },
    hasValue(INVITE_STATUS, asked.status),
  );
  return readPage<z.input<typeof inviteView>>(em, invitesSql(settings), condition, asked, {
    order: 'newest first',
  });
}

/** An answer that is given again, with the invite's link, which was not kept, unless that was replaced. */
export async function withLinkAgain(
  { database, linkKeys, config }: ApiDeps,
  kept: z.input<typeof madeInvite>,
): Promise<z.input<typeof madeInvite>> {
  const em = database.em.fork();
  const [invite] = await em.execute<{ link_generation: number; expires_at: Date | string }[]>(
    'select link_generation, expires_at from invites where id = ?',
    [kept.id],
  );
  // A newer link lives longer than the one that this was the answer of.
  if (invite === undefined || new Date(invite.expires_at).toISOString() !== kept.expiresAt) {
    return kept;
  }
  const token = await inviteToken(em, linkKeys, kept.id as InviteId, invite.link_generation);
  if (token === null) return kept;
  return { ...kept, link: inviteAddress(config.CASEBRIDGE_PUBLIC_URL, token) };
}
