/** Retention as its life does it, without a worker: turns and slices at instants that a test names. */
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { OrganizationId } from '../../domain/ids.ts';
import { type Plan, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { destroyDue } from '../../domain/retention/destroy-objects.ts';
import { takeInventory } from '../../domain/retention/inventory.ts';
import { lookAtDue } from '../../domain/retention/look.ts';
import { recalculateSlice } from '../../domain/retention/recalculation-requests.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import { type Building, buildCategory, buildEvidence } from './factories.ts';

export const DAY = 24 * 3600 * 1000;

/** An instant so many days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * DAY);
}

/** Whose retention it is, and where its objects are. */
export interface Retaining extends Building {
  readonly store: ObjectStore;
}

const never = new AbortController().signal;
const lifeOf = (organizationId: OrganizationId) => workflowIdOf('retention', organizationId);

/** One turn of the life, as its workflow asks for. */
export async function turnRetention(
  on: Retaining,
  organizationId: OrganizationId,
  now: Date,
): Promise<Plan> {
  return turn(on, LIVES, lifeOf(organizationId), now, []);
}

/** One slice of each kind. */
export const slices = {
  look: (on: Retaining, organizationId: OrganizationId, now: Date) =>
    lookAtDue(on, lifeOf(organizationId), now, never),
  destroy: (on: Retaining, organizationId: OrganizationId, now: Date) =>
    destroyDue(on, lifeOf(organizationId), now, never),
  recalculate: (on: Retaining, organizationId: OrganizationId) =>
    recalculateSlice(on, lifeOf(organizationId), never),
  inventory: (on: Retaining, organizationId: OrganizationId, now: Date) =>
    takeInventory(on, lifeOf(organizationId), now, never),
} as const;

/** Lets the life do all that is due at an instant, the mail aside: until it only waits. */
export async function liveRetention(
  on: Retaining,
  organizationId: OrganizationId,
  now = new Date(),
): Promise<Plan> {
  for (;;) {
    const plan = await turnRetention(on, organizationId, now);
    const [work] = plan.work.filter((name) => name !== 'mail');
    if (work === undefined) return plan;
    const slice = slices[work as keyof typeof slices];
    await slice(on, organizationId, now);
  }
}

/** Evidence whose days are over: recorded 100 days ago, kept for one. */
export async function buildDue(
  on: Retaining,
  owner: User,
  options: { readonly inCase?: Pick<Case, 'id'>; readonly content?: Buffer } = {},
): Promise<Evidence> {
  const category = await buildCategory(on, { id: owner.organizationId }, { retentionDays: 1 });
  const evidence = await buildEvidence(on, {
    ...options,
    owner,
    fields: { recordedAt: inDays(-100) },
  });
  await on.database.em
    .fork()
    .execute('insert into evidence_categories (evidence_id, category_id) values (?, ?)', [
      evidence.id,
      category.id,
    ]);
  await on.database.em
    .fork()
    .execute('update evidence set queued_for_deletion_on = ?, retention_look_at = ? where id = ?', [
      inDays(-99),
      inDays(-99),
      evidence.id,
    ]);
  return evidence;
}

/** What the row of a piece of evidence says of its retention. */
export interface RetentionRow {
  readonly state: string;
  readonly queuedOn: Date | null;
  readonly lookAt: Date | null;
  readonly goneAt: Date | null;
  readonly failure: string | null;
  readonly attempts: number | null;
}

/** Reads it. */
export async function retentionOf(
  { database }: Pick<Retaining, 'database'>,
  evidenceId: string,
): Promise<RetentionRow> {
  const [row] = await database.em.fork().execute<
    {
      state: string;
      queued_on: Date | string | null;
      look_at: Date | string | null;
      gone_at: Date | string | null;
      failure: string | null;
      attempts: number | null;
    }[]
  >(
    `select e.state, e.queued_for_deletion_on as queued_on, e.retention_look_at as look_at, d.gone_at,
       d.failure, d.attempts
     from evidence e left join deletions d on d.evidence_id = e.id where e.id = ?`,
    [evidenceId],
  );
  if (row === undefined) throw new Error('there is no such evidence');
  const instant = (value: Date | string | null) => (value === null ? null : new Date(value));
  return {
    state: row.state,
    queuedOn: instant(row.queued_on),
    lookAt: instant(row.look_at),
    goneAt: instant(row.gone_at),
    failure: row.failure,
    attempts: row.attempts,
  };
}

/** Every version that the store has under a key, markers of deletions too. */
export async function versionsUnder(store: ObjectStore, key: string): Promise<string[]> {
  const found: string[] = [];
  for await (const version of store.versions(key)) found.push(version.versionId ?? 'null');
  return found;
}
