import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { OrganizationId, UploadId } from '../ids.ts';
import { defineLife } from '../lifecycle/definition.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import {
  ABANDONED_AFTER,
  type IntakeFacts,
  type IntakeStep,
  nextIntakeStep,
} from './intake-rule.ts';

interface Facts extends IntakeFacts {
  readonly workflowId: string;
}

interface FactsRow {
  verifying: number;
  tidy_at: Date | string | null;
  idle_since: Date | string | null;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const workflowId = workflowIdOf('evidence-intake', entityId);
  // The case, or the organization for uploads without one; other rows may go on referring to it.
  const entity = await em.execute<unknown[]>(`select 1 from cases where id = ? for no key update`, [
    entityId,
  ]);
  if (entity.length === 0) {
    const owner = await em.execute<unknown[]>(
      `select 1 from organizations where id = ? for no key update`,
      [entityId],
    );
    if (owner.length === 0) return null;
  }
  const [row] = await em.execute<FactsRow[]>(
    `select count(*) filter (where state = 'verifying')::int as verifying, min(tidy_at) as tidy_at,
       min(last_active_at) filter (where state = 'uploading') as idle_since
     from uploads
     where workflow_id = ? and (state in ('uploading', 'verifying') or tidy_at is not null)`,
    [workflowId],
  );
  return {
    workflowId,
    verifying: row?.verifying ?? 0,
    tidyAt: instantOf(row?.tidy_at),
    idleSince: instantOf(row?.idle_since),
  };
}

function instantOf(value: Date | string | null | undefined): Date | null {
  return value == null ? null : new Date(value);
}

/** Uploads that one audit event names. */
const UPLOADS_PER_EVENT = 500;

async function perform(act: Act, facts: Facts, step: IntakeStep, now: Date): Promise<void> {
  switch (step) {
    case 'abandon':
      return abandon(act, facts.workflowId, now);
    default:
      return step satisfies never;
  }
}

async function abandon(act: Act, workflowId: string, now: Date): Promise<void> {
  const abandoned = await act.em.execute<
    { id: UploadId; organization_id: OrganizationId; case_id: string | null }[]
  >(
    `update uploads set state = 'aborted', settled_at = ?, tidy_at = ?
     where workflow_id = ? and state = 'uploading' and last_active_at <= ?
     returning id, organization_id, case_id`,
    [now, now, workflowId, new Date(now.getTime() - ABANDONED_AFTER)],
  );
  const [one] = abandoned;
  if (one === undefined) return;
  for (let first = 0; first < abandoned.length; first += UPLOADS_PER_EVENT) {
    const uploads = abandoned.slice(first, first + UPLOADS_PER_EVENT);
    act.audit({
      organizationId: one.organization_id,
      action: 'upload.abandoned',
      objects: [...uploads.map(({ id }) => id), ...(one.case_id === null ? [] : [one.case_id])],
      data: { count: uploads.length },
    });
  }
}

function stateOf(facts: Facts): string {
  if (facts.verifying > 0) return 'verifying';
  if (facts.idleSince !== null) return 'receiving';
  return facts.tidyAt === null ? 'settled' : 'tidying';
}

/** The life of an intake: one for all uploads of a case. */
export const evidenceIntakeLife = defineLife<Facts, IntakeStep>({
  kind: 'evidence-intake',
  load,
  nextStep: nextIntakeStep,
  perform,
  stateOf,
});
