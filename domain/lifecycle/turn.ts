import type { EntityManager } from '@mikro-orm/postgresql';
import { type Acting, act } from '../act.ts';
import type { Life, Lived } from './definition.ts';
import {
  type LifeKind,
  LOOK_AGAIN,
  type Plan,
  parseWorkflowId,
  type Troubled,
  type WorkflowId,
  type WorkName,
} from './life.ts';

/** Attempts to send one mail after which somebody should look. */
const MAIL_ATTEMPTS_UNTIL_ATTENTION = 5;

interface LifeRow {
  wanted: string;
  organization_id: string | null;
  case_id: string | null;
}

/**
 * One turn of a life: under the entity's lock, does the short steps that are due at `now` and says
 * what comes next. Doing it again, late, or beside its successor does nothing more: what is due is
 * computed from the facts each time.
 *
 * @param troubled the long work that keeps going wrong, as the workflow knows
 */
export async function turn(
  acting: Acting,
  lives: Readonly<Record<LifeKind, Life>>,
  workflowId: WorkflowId,
  now: Date,
  troubled: readonly Troubled[],
): Promise<Plan> {
  const { kind, entityId } = parseWorkflowId(workflowId);
  return act(acting, { actor: { kind: 'lifecycle', id: workflowId } }, async (acts) => {
    const { em } = acts;
    // Before the facts: a command that commits between the two is then planned for once more.
    const [row] = await em.execute<LifeRow[]>(
      'select wanted, organization_id, case_id from lifecycles where workflow_id = ?',
      [workflowId],
    );
    const lived = row === undefined ? null : await lives[kind].live(acts, entityId, now);
    const mail = await openMail(em, workflowId, now);
    const plan = planOf(lived, mail, { row, troubled, now });
    const wakeAt = plan.wakeAt === null ? null : new Date(plan.wakeAt);
    // Where Temporal's clock is behind PostgreSQL's, the life waits on and is late by its row: the relay
    // must not offer it with every round until that clock is there too.
    await em.execute(
      `update lifecycles set planned = greatest(planned, ?), planned_at = ?, wake_at = ?, waiting_for = ?,
         attention = ?, ended = ?,
         sent_at = case when ?::timestamptz < clock_timestamp() then sent_at end,
         send_attempts = case when ?::timestamptz < clock_timestamp() then send_attempts else 0 end
       where workflow_id = ?`,
      [
        row?.wanted ?? 0,
        now,
        wakeAt,
        plan.shown.waitingFor,
        plan.shown.attention,
        plan.finished,
        wakeAt,
        wakeAt,
        workflowId,
      ],
    );
    return plan;
  });
}

interface OpenMail {
  readonly due: boolean;
  readonly nextAttempt: Date | null;
  readonly attempts: number;
}

async function openMail(em: EntityManager, workflowId: WorkflowId, now: Date): Promise<OpenMail> {
  const [row] = await em.execute<{ next: Date | string | null; attempts: number | null }[]>(
    `select min(case when state = 'sending' then lease_until else next_attempt_at end) as next,
       max(attempts) as attempts
     from notifications where workflow_id = ? and state in ('pending', 'sending')`,
    [workflowId],
  );
  const next = row?.next == null ? null : new Date(row.next);
  const due = next !== null && next <= now;
  return { due, nextAttempt: due ? null : next, attempts: row?.attempts ?? 0 };
}

function planOf(
  lived: Lived | null,
  mail: OpenMail,
  { row, troubled, now }: { row: LifeRow | undefined; troubled: readonly Troubled[]; now: Date },
): Plan {
  const next = lived?.next ?? { type: 'finished' };
  const until = next.type === 'wait' ? next.until : null;
  const work: WorkName[] = [
    ...(next.type === 'wait' ? next.work : []),
    ...(mail.due ? (['mail'] as const) : []),
  ];
  const lookAgain = work.length === 0 ? null : new Date(now.getTime() + LOOK_AGAIN);
  const instants = [until, mail.nextAttempt, lookAgain].filter((instant) => instant !== null);
  const wakeAt = instants.length === 0 ? null : Math.min(...instants.map(Number));
  return {
    finished: next.type === 'finished' && !isOpen(mail),
    wakeAt,
    work,
    shown: {
      state: lived?.state ?? 'gone',
      organizationId: row?.organization_id ?? null,
      caseId: row?.case_id ?? null,
      waitingFor: waitingFor(next, mail, wakeAt),
      nextDeadline: wakeAt === null ? null : new Date(wakeAt).toISOString(),
      attention: attentionOf(
        mail,
        troubled.filter((trouble) => work.includes(trouble.work)),
        lived?.attention ?? null,
      ),
      progress: lived?.progress ?? null,
      steps: lived?.steps ?? [],
    },
  };
}

function isOpen({ due, nextAttempt }: OpenMail): boolean {
  return due || nextAttempt !== null;
}

/** What the instant to wake at is for: operators read both beside each other. */
function waitingFor(next: Lived['next'], mail: OpenMail, wakeAt: number | null): string {
  if (next.type === 'finished' && !isOpen(mail)) return 'nothing';
  if (mail.nextAttempt !== null && mail.nextAttempt.getTime() === wakeAt) {
    return 'the next attempt at a mail';
  }
  if (next.type === 'finished') return 'mail to be sent';
  const isForLook = wakeAt !== next.until?.getTime();
  return mail.due && isForLook && next.work.length === 0 ? 'mail to be sent' : next.for;
}

function attentionOf(
  mail: OpenMail,
  troubled: readonly Troubled[],
  ofFacts: string | null,
): string | null {
  const reasons = troubled.map(({ work, failure }) => `${work} keeps failing (${failure})`);
  if (ofFacts !== null) reasons.push(ofFacts);
  if (mail.attempts >= MAIL_ATTEMPTS_UNTIL_ATTENTION) {
    reasons.push(`a mail could not be sent, ${mail.attempts} attempts`);
  }
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** Notes on the life's row that its turns keep failing; the next good turn clears it. */
export async function noteAttention(
  acting: Acting,
  workflowId: WorkflowId,
  reason: string,
): Promise<void> {
  await acting.database.em
    .fork()
    .execute('update lifecycles set attention = ? where workflow_id = ?', [reason, workflowId]);
}
