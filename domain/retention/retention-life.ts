import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { OrganizationId } from '../ids.ts';
import { defineLife } from '../lifecycle/definition.ts';
import { instantOf, type SqlInstant } from '../sql.ts';
import { tellOfDeletions } from './deletion-notices.ts';
import {
  nextRetentionStep,
  type RetentionLifeFacts,
  type RetentionStep,
} from './retention-rule.ts';

interface Facts extends RetentionLifeFacts {
  readonly organizationId: OrganizationId;
  readonly notices: number;
  readonly failed: number;
  readonly findings: number;
}

interface ProgressRow {
  notice_at: Date | string;
  notices: number;
  inventory_at: Date | string;
}

interface FactsRow {
  recalculates: boolean;
  look_at: SqlInstant;
  destroy_at: SqlInstant;
  failed: number;
  findings: number;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const organizationId = entityId as OrganizationId;
  const [progress] = await em.execute<ProgressRow[]>(
    'select * from retention_progress where organization_id = ? for update',
    [organizationId],
  );
  if (progress === undefined) return null;
  const [row] = await em.execute<FactsRow[]>(
    `select exists (select from retention_recalculations where organization_id = ?) as recalculates,
       (select min(retention_look_at) from evidence where organization_id = ?) as look_at,
       (select min(next_attempt_at) from deletions where organization_id = ?) as destroy_at,
       (select count(*)::int from deletions
         where organization_id = ? and next_attempt_at is not null and attempts > 0) as failed,
       (select count(*)::int from inventory_findings where organization_id = ?) as findings`,
    [organizationId, organizationId, organizationId, organizationId, organizationId],
  );
  if (row === undefined) throw new Error('the facts of retention could not be read');
  return {
    organizationId,
    notices: progress.notices,
    noticeAt: new Date(progress.notice_at),
    inventoryAt: new Date(progress.inventory_at),
    recalculates: row.recalculates,
    lookAt: instantOf(row.look_at),
    destroyAt: instantOf(row.destroy_at),
    failed: row.failed,
    findings: row.findings,
  };
}

async function perform(act: Act, facts: Facts, step: RetentionStep, now: Date): Promise<void> {
  switch (step) {
    case 'tell':
      return tellOfDeletions(act, facts.organizationId, facts.notices, now);
    default:
      return step satisfies never;
  }
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.destroyAt !== null && facts.destroyAt <= now) return 'destroying';
  if (facts.lookAt !== null && facts.lookAt <= now) return 'looking';
  return facts.recalculates ? 'recalculating' : 'waiting';
}

/** What somebody has to look at: objects that cannot be destroyed, and a store that is not what it should be. */
function attentionOf({ failed, findings }: Facts): string | null {
  const reasons = [
    ...(failed > 0 ? [`${failed} pieces of evidence could not be destroyed yet`] : []),
    ...(findings > 0 ? [`the inventory found ${findings} differences`] : []),
  ];
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** The life that looks after an organization's retention: one for all of its evidence, without an end. */
export const retentionLife = defineLife<Facts, RetentionStep>({
  kind: 'retention',
  load,
  nextStep: nextRetentionStep,
  perform,
  stateOf,
  attentionOf,
});
