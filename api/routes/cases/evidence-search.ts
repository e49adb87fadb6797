import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { requireCase } from '../../../domain/cases/visibility.ts';
import { isOwnCase, requirePermissions, type Staff } from '../../../domain/identity/staff.ts';
import type { CaseId } from '../../../domain/ids.ts';
import { evidenceShared } from '../../../domain/sharing/shared-search.ts';
import { allOf, type Condition } from '../../../domain/sql.ts';
import { countRows } from '../../list.ts';
import { containsWords, hasValue } from '../../search.ts';
import { CASE_EVIDENCE } from '../evidence/presenter.ts';
import { asksForRetention, byRetention } from '../evidence/retention-filters.ts';
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
    { sql: 'ce.case_id = ? and not ce.destroyed', values: [caseId] },
    evidenceShared(staff.organization.id, sharedFilters(filters, staff, now)),
    hasValue('e.state', filters.status),
    byRetention(filters, staff),
    containsWords(filters.query, [
      'e.evidence_number',
      'e.title',
      'e.description',
      'e.file_name',
      `array_to_string(e.tags, ' ')`,
    ]),
  );
}

/**
 * How much evidence a search finds.
 * @param selected what `searchEvidence` made of these filters
 */
export async function countEvidence(
  em: EntityManager,
  filters: z.output<typeof evidenceFilters>,
  selected: Condition,
): Promise<number> {
  const asksOfEvidence =
    filters.query !== undefined || filters.status !== undefined || asksForRetention(filters);
  return countRows(em, asksOfEvidence ? CASE_EVIDENCE : { from: 'case_evidence ce' }, selected);
}
