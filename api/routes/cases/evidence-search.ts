import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { requireCase } from '../../../domain/cases/visibility.ts';
import { isOwnCase, requirePermissions, type Staff } from '../../../domain/identity/staff.ts';
import type { CaseId } from '../../../domain/ids.ts';
import { evidenceShared } from '../../../domain/sharing/shared-search.ts';
import { allOf, type Condition } from '../../../domain/sql.ts';
import { containsWords, hasValue } from '../../search.ts';
import type { evidenceFilters } from './schema.ts';
import { sharedFilters } from './shared-filters.ts';

/** The evidence of a case that a search finds, for somebody who may see all of it. */
export async function searchEvidence(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
  filters: z.output<typeof evidenceFilters>,
  now: Date,
): Promise<Condition> {
  await requireCase(em, staff, caseId);
  requirePermissions(staff, ['evidence.view'], await isOwnCase(em, staff, caseId));
  return allOf(
    { sql: `ce.case_id = ? and e.state <> 'destroyed'`, values: [caseId] },
    evidenceShared(staff.organization.id, sharedFilters(filters, staff, now)),
    hasValue('e.state', filters.status),
    containsWords(filters.query, [
      'e.evidence_number',
      'e.title',
      'e.description',
      'e.file_name',
      `array_to_string(e.tags, ' ')`,
    ]),
  );
}
