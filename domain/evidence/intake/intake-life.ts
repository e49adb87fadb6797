import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import type { OrganizationId, UploadId } from '../../ids.ts';
import { defineLife } from '../../lifecycle/definition.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { instantOf, type SqlInstant } from '../../sql.ts';
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
  tidy_at: SqlInstant;
  idle_since: SqlInstant;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const workflowId = workflowIdOf('evidence-intake', entityId);
  if (!(await lockEntity(em, entityId))) return null;
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

/**
 * Whose uploads an intake takes care of: those to a case, those to an organization without a case, those
 * through an upload request, or those through an invite. Other rows may go on referring to it.
 */
const ENTITIES = ['cases', 'organizations', 'upload_requests', 'invites'] as const;

async function lockEntity(em: EntityManager, entityId: string): Promise<boolean> {
  for (const table of ENTITIES) {
    const found = await em.execute<unknown[]>(
      `select 1 from ${table} where id = ? for no key update`,
      [entityId],
    );
    if (found.length > 0) return true;
  }
  return false;
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
    {
      id: UploadId;
      organization_id: OrganizationId;
      case_id: string | null;
      upload_request_id: string | null;
      invite_id: string | null;
    }[]
  >(
    `update uploads set state = 'aborted', settled_at = ?, tidy_at = ?
     where workflow_id = ? and state = 'uploading' and last_active_at <= ?
     returning id, organization_id, case_id, upload_request_id, invite_id`,
    [now, now, workflowId, new Date(now.getTime() - ABANDONED_AFTER)],
  );
  const [one] = abandoned;
  if (one === undefined) return;
  const about = [one.case_id, one.upload_request_id, one.invite_id].filter((id) => id !== null);
  for (let first = 0; first < abandoned.length; first += UPLOADS_PER_EVENT) {
    const uploads = abandoned.slice(first, first + UPLOADS_PER_EVENT);
    act.audit({
      organizationId: one.organization_id,
      action: 'upload.abandoned',
      objects: [...uploads.map(({ id }) => id), ...about],
      data: { count: uploads.length },
    });
  }
}

function stateOf(facts: Facts): string {
  if (facts.verifying > 0) return 'verifying';
  if (facts.idleSince !== null) return 'receiving';
  return facts.tidyAt === null ? 'settled' : 'tidying';
}

/** The life of an intake: one for all uploads of a case, an upload request or an invite. */
export const evidenceIntakeLife = defineLife<Facts, IntakeStep>({
  kind: 'evidence-intake',
  load,
  nextStep: nextIntakeStep,
  perform,
  stateOf,
});
