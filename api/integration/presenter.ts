import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../domain/errors.ts';
import type { InviteId, PortalId } from '../../domain/ids.ts';
import type { ApiClientGrant } from '../../domain/integration/client-grant.ts';
import type { MadeInvite } from '../../domain/portals/invites/create-invite.ts';
import { inviteAddress, inviteToken } from '../../domain/portals/invites/invite-links.ts';
import { PORTAL_STATUS } from '../../domain/portals/portal-state.ts';
import { readSettings } from '../../domain/portals/settings.ts';
import { utc } from '../../domain/sql.ts';
import type { ApiDeps } from '../deps.ts';
import { readOne, type ViewSql } from '../list.ts';
import type { incidentReportView } from './schema.ts';

type ReportView = z.input<typeof incidentReportView>;

const REPORTS: ViewSql = {
  from: `portals p join users ro on ro.id = p.owner_id join users eo on eo.id = p.evidence_owner_id`,
  alias: 'p',
  view: /* sql */ `json_build_object('portalId', p.id, 'status', ${PORTAL_STATUS}, 'id', p.report_id,
    'title', p.title, 'description', p.description,
    'categories', coalesce((select json_agg(json_build_object('id', c.id, 'name', c.name) order by c.id)
      from portal_categories pc join categories c on c.id = pc.category_id where pc.portal_id = p.id), '[]'::json),
    'requestOwner', ro.email, 'evidenceOwner', eo.email,
    'createdAt', ${utc('p.created_at')}, 'updatedAt', ${utc('p.updated_at')})`,
};

/**
 * A portal as the client that made it sees it, without what the organization hides.
 * @throws DomainError `not-found`, also for another client's
 */
export async function readReport(em: EntityManager, client: ApiClientGrant, portalId: PortalId) {
  const found = await readOne<ReportView>(em, REPORTS, {
    sql: 'p.id = ? and p.api_client_id = ?',
    values: [portalId, client.clientId],
  });
  if (found === null) throw notFound('portal');
  const { incidentInfo } = (await readSettings(em, client.organization.id)).individual;
  const { id, description, categories, ...rest } = found.body;
  const body = {
    ...rest,
    ...(incidentInfo.id === 'hidden' ? {} : { id }),
    ...(incidentInfo.description === 'hidden' ? {} : { description }),
    ...(incidentInfo.categories === 'hidden' ? {} : { categories }),
  };
  return { body, version: found.version };
}

/** An invite with its link, in the answer that made it. */
export function presentInvite({ config }: ApiDeps, { invite, token }: MadeInvite) {
  return {
    inviteId: invite.id,
    inviteLink: inviteAddress(config.CASEBRIDGE_PUBLIC_URL, token),
    expiresAt: invite.expiresAt.toISOString(),
  };
}

/** An answer that is given again, with its invite's link, which was not kept, unless that was replaced. */
export async function withLink<Kept extends { readonly inviteId?: string | undefined }>(
  { database, linkKeys, config }: ApiDeps,
  kept: Kept,
): Promise<Kept & { readonly inviteLink?: string }> {
  if (kept.inviteId === undefined) return kept;
  const em = database.em.fork();
  const token = await inviteToken(em, linkKeys, kept.inviteId as InviteId, 1);
  if (token === null) return kept;
  return { ...kept, inviteLink: inviteAddress(config.CASEBRIDGE_PUBLIC_URL, token) };
}
