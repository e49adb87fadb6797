/** The filters by retention, for lists of evidence. */
import type { z } from 'zod';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CategoryId } from '../../../domain/ids.ts';
import { instantsOf } from '../../../domain/sharing/shared-on.ts';
import { allOf, type Condition, EVERY } from '../../../domain/sql.ts';
import { day, id, yesOrNo } from '../../validation.ts';

/** Query parameters; days are days of the organization's time zone. */
export const retentionFilters = {
  onHold: yesOrNo.optional().describe('whether it is on hold'),
  categoryId: id<CategoryId>().optional().describe('has this retention category'),
  queuedForDeletionFrom: day.optional().describe('queued for deletion on this day or later'),
  queuedForDeletionTo: day.optional().describe('queued for deletion on this day or earlier'),
};

type Asked = {
  readonly [Name in keyof typeof retentionFilters]?: z.output<(typeof retentionFilters)[Name]>;
};

/** Whether any of them is asked for. */
export function asksForRetention(asked: Asked): boolean {
  return (Object.keys(retentionFilters) as (keyof Asked)[]).some(
    (name) => asked[name] !== undefined,
  );
}

/** Evidence, named `e` in the query, for which all of them hold. */
export function byRetention(asked: Asked, staff: Staff): Condition {
  const { onHold, categoryId, queuedForDeletionFrom, queuedForDeletionTo } = asked;
  const { from, before } = instantsOf(
    { first: queuedForDeletionFrom, last: queuedForDeletionTo },
    staff.organization.timeZone,
  );
  return allOf(
    onHold === undefined
      ? EVERY
      : { sql: onHold ? 'e.hold is not null' : 'e.hold is null', values: [] },
    given(
      'exists (select from evidence_categories ec where ec.evidence_id = e.id and ec.category_id = ?)',
      categoryId ?? null,
    ),
    given('e.queued_for_deletion_on >= ?', from),
    given('e.queued_for_deletion_on < ?', before),
  );
}

function given(sql: string, value: unknown): Condition {
  return value === null ? EVERY : { sql, values: [value] };
}
