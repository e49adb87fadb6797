/** Mail that is due and that nobody sends. */
import type { WorkflowId } from '../lifecycle/life.ts';
import { wakeAgain } from '../lifecycle/wake.ts';
import type { Look, ReconcilingDeps, Step } from './check.ts';

/** Mails that one step reads. */
const ROWS = 500;

/** Milliseconds after which a mail that is due, or whose sender's time is over, counts as forgotten. */
const FORGOTTEN_AFTER = 15 * 60_000;

interface Row {
  id: string;
  workflow_id: WorkflowId;
  organization_id: string;
  kind: string;
  state: string;
}

/**
 * Finds mail that waits although nothing keeps it: a mail server that refuses moves the next attempt on.
 * Repair: the life that sends it is woken.
 */
export async function checkMail(
  deps: ReconcilingDeps,
  after: string | null,
  look: Look,
): Promise<Step> {
  const em = deps.database.em.fork();
  const before = new Date(look.now.getTime() - FORGOTTEN_AFTER);
  const rows = await em.execute<Row[]>(
    `select id, workflow_id, organization_id, kind, state from notifications
     where state in ('pending', 'sending') and (?::uuid is null or id > ?)
       and case state when 'sending' then lease_until else next_attempt_at end < ?
     order by id limit ${ROWS}`,
    [after, after, before],
  );
  if (look.repair && rows.length > 0) {
    await wakeAgain(deps, [...new Set(rows.map((row) => row.workflow_id))]);
  }
  return {
    next: rows.length < ROWS ? null : (rows.at(-1)?.id ?? null),
    checked: rows.length,
    findings: rows.map((row) => ({
      kind: 'mail-unsent',
      subject: row.id,
      organizationId: row.organization_id,
      detail: `${row.kind}, ${row.state}, of ${row.workflow_id}`,
      repaired: look.repair,
    })),
  };
}
