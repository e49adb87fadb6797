import type { Portal } from './portal.entity.ts';

/** What an event about a portal says of it, and of what else the event is about. */
export function entryOfPortal(
  portal: Pick<Portal, 'id' | 'organizationId' | 'caseId'>,
  ...others: readonly string[]
) {
  const about = portal.caseId == null ? [] : [portal.caseId];
  return { organizationId: portal.organizationId, objects: [portal.id, ...about, ...others] };
}
