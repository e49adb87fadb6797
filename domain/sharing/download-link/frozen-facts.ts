/** What a link's archive says of case and evidence, frozen when the link is made. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { SharingFacts } from '../../archive/description.ts';
import { auditPosition } from '../../audit/position.ts';
import type { Case } from '../../cases/case.entity.ts';
import type { Staff } from '../../identity/staff.ts';
import { utc } from '../../sql.ts';
import type { FrozenCase } from './download-link.entity.ts';

/**
 * SQL for the `EvidenceFacts` of a row of `evidence`. What is not here stays with the organization, see
 * `docs/decisions/0007-what-a-recipient-is-told.md`.
 */
export function evidenceFacts(row: string): string {
  return `jsonb_build_object(
    'evidenceNumber', ${row}.evidence_number, 'title', ${row}.title, 'description', ${row}.description,
    'tags', to_jsonb(${row}.tags), 'contentType', ${row}.content_type,
    'recordedAt', ${utc(`${row}.recorded_at`)}, 'uploadedAt', ${utc(`${row}.uploaded_at`)},
    'sensitiveContentWarning', ${row}.sensitive_content_warning,
    'source', jsonb_build_object('model', ${row}.source->'model', 'serialNumber', ${row}.source->'serialNumber'),
    'location', case when jsonb_typeof(${row}.location) = 'object' then jsonb_build_object(
      'latitude', ${row}.location->'latitude', 'longitude', ${row}.location->'longitude',
      'address', ${row}.location->'address') end,
    'multicamGroup', ${row}.multicam_group,
    'fleet', case when jsonb_typeof(${row}.fleet) = 'object' then jsonb_build_object(
      'generation', ${row}.fleet->'generation', 'vehicleId', ${row}.fleet->'vehicleId',
      'serialNumber', ${row}.fleet->'serialNumber', 'model', ${row}.fleet->'model',
      'cameraMountPosition', ${row}.fleet->'cameraMountPosition') end
  )`;
}

/** The case, who shares it, and where the organization's audit is now. */
export async function frozenCase(
  em: EntityManager,
  staff: Staff,
  shared: Case,
  scope: SharingFacts['scope'],
): Promise<FrozenCase> {
  return {
    organization: staff.organization.name,
    caseNumber: shared.caseNumber,
    title: shared.title,
    sharing: {
      sharedBy: { name: staff.name },
      scope,
      caseDescription: shared.description ?? null,
      caseTags: shared.tags,
      audit: await auditPosition(em, staff.organization.id),
    },
  };
}
