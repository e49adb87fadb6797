/** Copies, as the API takes and shows them. */
import { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, OrganizationId } from '../../../domain/ids.ts';
import { COPY_ATTACHMENTS } from '../../../domain/sharing/case-copy/case-copy.entity.ts';
import {
  COPY_FAILURE,
  COPY_STATE,
  COPY_STATES,
  CURRENT_DELIVERY,
  deliveryProgress,
} from '../../../domain/sharing/case-copy/copy-state.ts';
import { createCaseCopy } from '../../../domain/sharing/case-copy/create-case-copy.ts';
import { utc } from '../../../domain/sql.ts';
import { id } from '../../validation.ts';
import {
  attentionField,
  COMMON_FIELDS,
  commonView,
  message,
  PARTNER_FIELDS,
  partnerView,
  RECIPIENTS,
  recipientList,
  recipientView,
  scope,
  scopeField,
} from './fields.ts';
import type { NewlyShared } from './newly-shared.ts';

export const newCopy = z
  .strictObject({
    method: z.literal('copy'),
    partnerOrganizationId: id<OrganizationId>(),
    recipients: recipientList.describe(
      'the first user, of the first group where only groups are named, is assigned what arrives',
    ),
    scope,
    attachments: z
      .array(z.enum(COPY_ATTACHMENTS))
      .max(COPY_ATTACHMENTS.length)
      .default([])
      .describe('what goes along with the evidence'),
    message: message.nullable().default(null),
  })
  .meta({ id: 'NewCaseCopy' });

/** How far a delivery is. */
export const deliveryProgressView = z
  .object({ done: z.int(), total: z.int(), unit: z.literal('bytes') })
  .describe('bytes that were copied and read back');

export const copyView = z
  .object({
    ...commonView,
    ...partnerView,
    method: z.literal('copy'),
    state: z.enum(COPY_STATES),
    recipients: z.array(recipientView),
    attachments: z.array(z.enum(COPY_ATTACHMENTS)),
    deliveredAt: z.iso.datetime().nullable(),
    progress: deliveryProgressView.describe(
      'bytes copied and read back, of the delivery that is under way or was the last',
    ),
  })
  .meta({ id: 'CaseCopy' });

/** SQL over a row called `shares`: a copy as JSON. The partner's ids are not among it. */
export const COPY_VIEW = /* sql */ `json_build_object(${COMMON_FIELDS},
  ${scopeField('share_selection')}, ${PARTNER_FIELDS}, 'recipients', ${RECIPIENTS},
  'state', ${COPY_STATE},
  'attachments', to_json(shares.attachments), 'deliveredAt', ${utc('shares.delivered_at')},
  'progress', ${deliveryProgress(CURRENT_DELIVERY)},
  'expiresAt', null, 'revokedAt', null, 'failure', ${COPY_FAILURE},
  ${attentionField('case-copy')})`;

/** Begins to copy a case. */
export async function shareCopy(
  act: Act,
  staff: Staff,
  caseId: CaseId,
  body: z.output<typeof newCopy>,
): Promise<NewlyShared> {
  const share = await createCaseCopy(act, staff, caseId, body);
  return { id: share.id };
}
