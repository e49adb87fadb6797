/** The two phases of a deletion, as its row says: queued, which can be taken back, and destroyed, which cannot. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { changedAfter } from '../change.ts';
import { entryOf } from '../evidence/commands.ts';
import type { Evidence } from '../evidence/evidence.entity.ts';
import type { EvidenceId } from '../ids.ts';
import { recalculateRetention } from './recalculate.ts';

const DAY = 24 * 3600 * 1000;

/** Product rules, section 9: how long queued evidence can be restored, in milliseconds. */
const RESTORABLE_FOR = 7 * DAY;

/** How long what is due and kept on some ground is left alone before it is looked at again; milliseconds. */
export const LOOK_AGAIN_AFTER = DAY;

/** The states from which evidence is deleted. Of what waits for a decision that decision comes first. */
export const DELETABLE = ['active', 'declined', 'quarantined'] as const;
export type StateBefore = (typeof DELETABLE)[number];

/** A deletion that was begun; its evidence is locked by whoever reads it to decide by it. */
export interface Deletion {
  readonly queuedBy: 'rule' | 'hand';
  readonly stateBefore: StateBefore;
  readonly queuedAt: Date;
  readonly destroyAfter: Date;
}

interface DeletionRow {
  queued_by: Deletion['queuedBy'];
  state_before: StateBefore;
  queued_at: Date | string;
  destroy_after: Date | string;
}

/** The deletion of evidence that is queued. */
export async function readDeletion(em: EntityManager, evidenceId: EvidenceId): Promise<Deletion> {
  const [row] = await em.execute<DeletionRow[]>('select * from deletions where evidence_id = ?', [
    evidenceId,
  ]);
  if (row === undefined) throw new Error('evidence is queued for deletion without its deletion');
  return {
    queuedBy: row.queued_by,
    stateBefore: row.state_before,
    queuedAt: new Date(row.queued_at),
    destroyAfter: new Date(row.destroy_after),
  };
}

/** The first phase: from here on nobody is given its file anew, and it can be restored for 7 days. */
export async function queueForDeletion(
  act: Act,
  evidence: Evidence,
  queuedBy: Deletion['queuedBy'],
  now: Date,
): Promise<void> {
  const { em } = act;
  const destroyAfter = new Date(now.getTime() + RESTORABLE_FOR);
  await em.execute(
    `insert into deletions (evidence_id, organization_id, queued_by, state_before, queued_at, destroy_after)
     values (?, ?, ?, ?, ?, ?)
     on conflict (evidence_id) do update set queued_by = excluded.queued_by,
       state_before = excluded.state_before, queued_at = excluded.queued_at,
       destroy_after = excluded.destroy_after, restored_at = null`,
    [evidence.id, evidence.organizationId, queuedBy, evidence.state, now, destroyAfter],
  );
  em.assign(evidence, {
    state: 'queued_for_deletion',
    updatedAt: changedAfter(evidence.updatedAt),
    ...(queuedBy === 'hand' ? { queuedForDeletionOn: now } : {}),
  });
  await em.flush();
  await em.execute('update evidence set retention_look_at = ? where id = ?', [
    destroyAfter,
    evidence.id,
  ]);
  act.audit({
    ...entryOf(evidence),
    action: 'evidence.queued_for_deletion',
    data: { by: queuedBy, destroyAfter: destroyAfter.toISOString() },
  });
}

/**
 * Takes a deletion back: the evidence is what it was, and kept for 30 days more at least where somebody
 * restored it; where the rule itself keeps it longer than when it was queued, the rule says how long.
 */
export async function restoreQueued(
  act: Act,
  evidence: Evidence,
  by: 'hand' | 'rule',
  now: Date,
): Promise<void> {
  const { em } = act;
  const { stateBefore } = await readDeletion(em, evidence.id);
  await em.execute(
    by === 'hand'
      ? 'update deletions set restored_at = ? where evidence_id = ?'
      : 'delete from deletions where ?::timestamptz is not null and evidence_id = ?',
    [now, evidence.id],
  );
  em.assign(evidence, {
    state: stateBefore,
    queuedForDeletionOn: null,
    updatedAt: changedAfter(evidence.updatedAt),
  });
  await em.flush();
  await em.execute('update evidence set retention_look_at = null where id = ?', [evidence.id]);
  await recalculateRetention(act, evidence.organizationId, { evidence: [evidence.id] });
  act.audit({ ...entryOf(evidence), action: 'evidence.restored', data: { by } });
}
