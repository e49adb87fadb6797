/** One slice of a retention life: looks at each piece of evidence whose instant has come. */
import { LockMode } from '@mikro-orm/core';
import { type Act, type Acting, act } from '../act.ts';
import { Evidence } from '../evidence/evidence.entity.ts';
import type { EvidenceId } from '../ids.ts';
import { parseWorkflowId, type WorkflowId } from '../lifecycle/life.ts';
import { LOOK_AGAIN_AFTER, queueForDeletion, readDeletion, restoreQueued } from './deletion.ts';
import { decideDestruction } from './destruction.ts';
import { lockForDeletion, protectionOf } from './protection.ts';
import { recalculateRetention } from './recalculate.ts';
import { readRetentionDates } from './retention-facts.ts';

/** Evidence that one slice looks at, each in a transaction of its own. */
const MOST = 200;

/**
 * Looks at what is due at `now`: queues what the rule says, takes back what the rule queued and keeps by
 * now, and decides the destruction of what was queued long enough. Every question is asked in the
 * transaction that acts on the answer; what is kept on some ground is looked at again a day later.
 * @param now the workflow's clock
 * @returns whether anything was due
 */
export async function lookAtDue(
  deps: Acting,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
): Promise<boolean> {
  const { entityId } = parseWorkflowId(workflowId);
  const due = await deps.database.em.fork().execute<{ id: EvidenceId }[]>(
    `select id from evidence where organization_id = ? and retention_look_at <= ?
     order by retention_look_at, id limit ?`,
    [entityId, now, MOST],
  );
  for (const { id } of due) {
    cancelled.throwIfAborted();
    await act(deps, { actor: { kind: 'lifecycle', id: workflowId } }, (acting) =>
      lookAt(acting, id, now),
    );
  }
  return due.length > 0;
}

async function lookAt(acting: Act, evidenceId: EvidenceId, now: Date): Promise<void> {
  const { em } = acting;
  await lockForDeletion(em, evidenceId);
  const evidence = await em.findOneOrFail(
    Evidence,
    { id: evidenceId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  switch (evidence.state) {
    case 'active':
    case 'declined':
      return lookAtKept(acting, evidence, now);
    case 'queued_for_deletion':
      return lookAtQueued(acting, evidence, now);
    case 'verifying':
    case 'triage_pending':
    case 'quarantined':
    case 'destroyed':
      return lookNextAt(acting, evidence, null);
    default:
      return evidence.state satisfies never;
  }
}

async function lookAtKept(acting: Act, evidence: Evidence, now: Date): Promise<void> {
  if (!(await ruleQueues(acting, evidence, now))) {
    // The date that was noted is not the one of now: a recalculation is on its way, and this is its part.
    await recalculateRetention(acting, evidence.organizationId, { evidence: [evidence.id] });
    return;
  }
  const grounds = await protectionOf(acting.em, evidence.id);
  if (grounds.length > 0) return lookNextAt(acting, evidence, later(now));
  await queueForDeletion(acting, evidence, 'rule', now);
}

async function lookAtQueued(acting: Act, evidence: Evidence, now: Date): Promise<void> {
  const { queuedBy, destroyAfter } = await readDeletion(acting.em, evidence.id);
  if (queuedBy === 'rule' && !(await ruleQueues(acting, evidence, now))) {
    return restoreQueued(acting, evidence, 'rule', now);
  }
  if (destroyAfter > now) return lookNextAt(acting, evidence, destroyAfter);
  const grounds = await protectionOf(acting.em, evidence.id);
  if (grounds.length > 0) return lookNextAt(acting, evidence, later(now));
  await decideDestruction(acting, evidence, queuedBy, now);
}

/** Whether the rule says, as things are in this transaction, that its time has come. */
async function ruleQueues({ em }: Act, { id }: Evidence, now: Date): Promise<boolean> {
  const date = (await readRetentionDates(em, [id])).get(id) ?? null;
  return date !== null && date <= now;
}

function later(now: Date): Date {
  return new Date(now.getTime() + LOOK_AGAIN_AFTER);
}

async function lookNextAt({ em }: Act, { id }: Evidence, at: Date | null): Promise<void> {
  await em.execute('update evidence set retention_look_at = ? where id = ?', [at, id]);
}
