import type { Act } from '../act.ts';
import type { OrganizationId } from '../ids.ts';
import { retentionLifeOf } from './retention-life-ref.ts';

/** Begins the life that looks after a new organization's retention; it has one as long as it exists. */
export async function beginRetention(
  act: Act,
  organizationId: OrganizationId,
  now: Date,
): Promise<void> {
  await act.em.execute(
    'insert into retention_progress (organization_id, notice_at, inventory_at) values (?, ?, ?)',
    [organizationId, now, now],
  );
  act.wake(retentionLifeOf(organizationId));
}
