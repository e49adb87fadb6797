import type { EntityManager } from '@mikro-orm/postgresql';
import type { CategoryId } from '../ids.ts';
import { readIntegration } from '../integration/settings.ts';
import { type ContactSettings, contactSettingsOf } from './invite-settings.ts';
import type { Portal } from './portal.entity.ts';
import { readSettings } from './settings.ts';

/** What holds for what comes in through a portal, by the settings of this moment. */
export interface PortalRules {
  readonly contactInfo: ContactSettings;
  readonly autoAccept: boolean;
  /** Given to the evidence by itself. */
  readonly categoryIds: readonly CategoryId[];
}

/**
 * "Each portal kind uses its own, incident report uses the individual ones" (product rules, section 5),
 * and of the integration what that has: whether submissions are accepted by themselves, and a category for
 * portals without one.
 */
export async function readPortalRules(em: EntityManager, portal: Portal): Promise<PortalRules> {
  const { organizationId, kind } = portal;
  const settings = await readSettings(em, organizationId);
  const contactInfo = contactSettingsOf(settings, kind);
  const rows = await em.execute<{ id: CategoryId }[]>(
    'select category_id as id from portal_categories where portal_id = ? order by category_id',
    [portal.id],
  );
  const categoryIds = rows.map(({ id }) => id);
  switch (kind) {
    case 'individual':
      return { contactInfo, autoAccept: settings.individual.autoAccept, categoryIds };
    case 'public':
      return { contactInfo, autoAccept: settings.public.autoAccept, categoryIds };
    case 'incident_report': {
      const integration = await readIntegration(em, organizationId);
      const usual = integration?.defaultCategoryId ?? null;
      return {
        contactInfo,
        autoAccept: integration?.autoAccept ?? false,
        categoryIds: categoryIds.length > 0 || usual === null ? categoryIds : [usual],
      };
    }
    default:
      return kind satisfies never;
  }
}
