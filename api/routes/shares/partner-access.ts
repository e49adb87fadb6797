/** Partner access, as the API takes and shows it. */
import { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, OrganizationId } from '../../../domain/ids.ts';
import {
  ACCESS_STATE,
  ACCESS_STATES,
  SHOWS_EVIDENCE,
} from '../../../domain/sharing/partner-access/access-grant.ts';
import { createPartnerAccess } from '../../../domain/sharing/partner-access/create-partner-access.ts';
import { ACCESS_LEVELS } from '../../../domain/sharing/partner-access/partner-access.entity.ts';
import { utc } from '../../../domain/sql.ts';
import { id } from '../../validation.ts';
import {
  attentionField,
  COMMON_FIELDS,
  commonView,
  durationDays,
  message,
  PARTNER_FIELDS,
  partnerView,
  progressView,
  RECIPIENTS,
  recipientList,
  recipientView,
  scope,
  scopeField,
} from './fields.ts';
import type { NewlyShared } from './newly-shared.ts';

/** Whom access is given: users and groups of the partner, or all of it. */
export const accessRecipients = z.union([z.literal('entire_organization'), recipientList]);
export const access = z
  .enum(ACCESS_LEVELS)
  .describe('an entire organization is given view_and_download');

export const newPartnerAccess = z
  .strictObject({
    method: z.literal('partner_access'),
    partnerOrganizationId: id<OrganizationId>(),
    recipients: accessRecipients,
    scope,
    access: access.default('view_and_download'),
    durationDays: durationDays
      .optional()
      .describe("the organization's default if not given; never for an entire organization"),
    message: message.nullable().default(null),
  })
  .meta({ id: 'NewPartnerAccess' });

export const partnerAccessView = z
  .object({
    ...commonView,
    ...partnerView,
    method: z.literal('partner_access'),
    state: z.enum(ACCESS_STATES),
    recipients: z.union([z.literal('entire_organization'), z.array(recipientView)]),
    access: z.enum(ACCESS_LEVELS),
    durationDays: z.int().nullable().describe('null where it lasts until it is revoked'),
    progress: progressView.describe('evidence that recipients see now'),
  })
  .meta({ id: 'PartnerAccess' });

const SHOWN = /* sql */ `(select count(*) from evidence e
  where e.id in (select ce.evidence_id from case_evidence ce where ce.case_id = shares.case_id)
    and ${SHOWS_EVIDENCE})`;

/** SQL over a row called `shares`: partner access as JSON. The end of a partnership revokes it. */
export const PARTNER_ACCESS_VIEW = /* sql */ `json_build_object(${COMMON_FIELDS},
  ${scopeField('share_selection')}, ${PARTNER_FIELDS}, 'state', ${ACCESS_STATE},
  'recipients', case when shares.entire_organization then '"entire_organization"'::json else ${RECIPIENTS} end,
  'access', shares.access, 'durationDays', shares.duration_days,
  'expiresAt', ${utc('shares.expires_at')},
  'revokedAt', ${utc('coalesce(shares.revoked_at, (select p.ended_at from partners p where p.id = shares.partnership_id))')},
  'failure', null,
  'progress', json_build_object('done', ${SHOWN}, 'total', ${SHOWN}, 'unit', 'files'),
  ${attentionField('partner-access')})`;

/** Gives a partner access to a case. */
export async function shareAccess(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  body: z.output<typeof newPartnerAccess>,
): Promise<NewlyShared> {
  const share = await createPartnerAccess(act, staff, caseId, body);
  return { id: share.id };
}
