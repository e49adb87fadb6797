import type { EntityManager } from '@mikro-orm/postgresql';
import { Organization } from '../identity/organization.entity.ts';
import { User } from '../identity/user.entity.ts';
import { incidentInfoOf } from './invite-settings.ts';
import type { Portal } from './portal.entity.ts';
import { readSettings } from './settings.ts';

/** What the messages about a portal are written from; fields that are hidden are null in it. */
export interface PortalLetter {
  readonly portal: Portal;
  readonly organization: Organization;
  readonly owner: User;
  readonly evidenceOwner: User;
  readonly title: string | null;
  readonly reportId: string | null;
  readonly description: string | null;
  /** The names of its categories. */
  readonly categories: readonly string[];
  /** Files that wait for a decision. */
  readonly pending: number;
}

/** Reads all that a message about a portal may say, by the settings of now. */
export async function readPortalLetter(em: EntityManager, portal: Portal): Promise<PortalLetter> {
  const rules = incidentInfoOf(await readSettings(em, portal.organizationId), portal.kind);
  const categories = await em.execute<{ name: string }[]>(
    `select k.name from portal_categories pc join categories k on k.id = pc.category_id
     where pc.portal_id = ? order by k.name, k.id`,
    [portal.id],
  );
  const [count] = await em.execute<{ pending: number }[]>(
    `select count(*)::int as pending from submissions s
     join submission_files f on f.submission_id = s.id
     where s.portal_id = ? and f.decision is null`,
    [portal.id],
  );
  return {
    portal,
    organization: await em.findOneOrFail(Organization, portal.organizationId),
    owner: await em.findOneOrFail(User, portal.ownerId),
    evidenceOwner: await em.findOneOrFail(User, portal.evidenceOwnerId),
    title: portal.title ?? null,
    reportId: rules.id === 'hidden' ? null : (portal.reportId ?? null),
    description: rules.description === 'hidden' ? null : (portal.description ?? null),
    categories: rules.categories === 'hidden' ? [] : categories.map(({ name }) => name),
    pending: count?.pending ?? 0,
  };
}
