import type { OrganizationId } from '../ids.ts';
import type { LifeRef } from '../lifecycle/wake.ts';

/** The one life that looks after the retention of an organization's evidence. */
export function retentionLifeOf(organizationId: OrganizationId): LifeRef {
  return { kind: 'retention', entityId: organizationId, organizationId, caseId: null };
}
