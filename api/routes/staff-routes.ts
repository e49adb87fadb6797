import type { Route } from '../route.ts';
import { apiClientRoutes } from './api-clients/api-clients.ts';
import { auditRoutes } from './audit/audit.ts';
import { caseRoutes } from './cases/cases.ts';
import { evidenceRoutes } from './evidence/evidence.ts';
import { groupRoutes } from './groups/groups.ts';
import { incidentReportIntegrationRoutes } from './incident-report-integration/incident-report-integration.ts';
import { inventoryRoutes } from './inventory/inventory.ts';
import { inviteSettingsRoutes } from './invite-settings/invite-settings.ts';
import { organizationRoutes } from './organization/organization.ts';
import { partnerRoutes } from './partners/partners.ts';
import { portalRoutes } from './portals/portals.ts';
import { retentionCategoryRoutes } from './retention-categories/retention-categories.ts';
import { roleRoutes } from './roles/roles.ts';
import { sharedWithMeRoutes } from './shared-with-me/shared-with-me.ts';
import { shareRoutes } from './shares/shares.ts';
import { updateRoutes } from './shares/updates.ts';
import { submissionRoutes } from './submissions/submissions.ts';
import { trustedUserRoutes } from './trusted-users/trusted-users.ts';
import { uploadRequestRoutes } from './upload-requests/upload-requests.ts';
import { userRoutes } from './users/users.ts';

/** Every route of the staff API, in the order in which the documentation shows them. */
export const STAFF_ROUTES: readonly Route[] = [
  ...caseRoutes,
  ...evidenceRoutes,
  ...shareRoutes,
  ...trustedUserRoutes,
  ...uploadRequestRoutes,
  ...portalRoutes,
  ...submissionRoutes,
  ...inviteSettingsRoutes,
  ...updateRoutes,
  ...sharedWithMeRoutes,
  ...organizationRoutes,
  ...userRoutes,
  ...groupRoutes,
  ...roleRoutes,
  ...retentionCategoryRoutes,
  ...inventoryRoutes,
  ...partnerRoutes,
  ...incidentReportIntegrationRoutes,
  ...apiClientRoutes,
  ...auditRoutes,
];
