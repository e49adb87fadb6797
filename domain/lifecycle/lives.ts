import { evidenceIntakeLife } from '../evidence/intake/intake-life.ts';
import { apiClientLife } from '../integration/api-client-life.ts';
import { portalInviteLife } from '../portals/invites/portal-invite-life.ts';
import { portalLife } from '../portals/portal-life.ts';
import { reconciliationLife } from '../reconciliation/reconciliation-life.ts';
import { uploadRequestLife } from '../requests/upload-request-life.ts';
import { retentionLife } from '../retention/retention-life.ts';
import { caseCopyLife } from '../sharing/case-copy/case-copy-life.ts';
import { downloadLinkLife } from '../sharing/download-link/download-link-life.ts';
import { partnerAccessLife } from '../sharing/partner-access/partner-access-life.ts';
import type { Life } from './definition.ts';
import type { LifeKind } from './life.ts';

/** Every kind of life. */
export const LIVES: Readonly<Record<LifeKind, Life>> = {
  'download-link': downloadLinkLife,
  'evidence-intake': evidenceIntakeLife,
  'upload-request': uploadRequestLife,
  'case-copy': caseCopyLife,
  'partner-access': partnerAccessLife,
  retention: retentionLife,
  'api-client': apiClientLife,
  portal: portalLife,
  'portal-invite': portalInviteLife,
  reconciliation: reconciliationLife,
};
