/** Uploads that their intake should have given up, or tidied, long ago. */
import { ABANDONED_AFTER } from '../evidence/intake/intake-rule.ts';
import type { WorkflowId } from '../lifecycle/life.ts';
import { wakeAgain } from '../lifecycle/wake.ts';
import type { Look, ReconcilingDeps, Step } from './check.ts';

/** Uploads that one step reads. */
const ROWS = 500;

/** Milliseconds that an intake may be late. */
const LATE_AFTER = 3_600_000;

interface Row {
  id: string;
  workflow_id: WorkflowId;
  organization_id: string;
  state: string;
}

/** Finds rows of uploads that nobody looks after. Repair: their intake is woken, and does what is due. */
export async function checkUploads(
  deps: ReconcilingDeps,
  after: string | null,
  look: Look,
): Promise<Step> {
  const em = deps.database.em.fork();
  const late = look.now.getTime() - LATE_AFTER;
  const rows = await em.execute<Row[]>(
    `select id, workflow_id, organization_id, state from uploads
     where (?::uuid is null or id > ?)
       and ((state = 'uploading' and last_active_at < ?) or tidy_at < ?)
     order by id limit ${ROWS}`,
    [after, after, new Date(late - ABANDONED_AFTER), new Date(late)],
  );
  if (look.repair && rows.length > 0) {
    await wakeAgain(deps, [...new Set(rows.map((row) => row.workflow_id))]);
  }
  return {
    next: rows.length < ROWS ? null : (rows.at(-1)?.id ?? null),
    checked: rows.length,
    findings: rows.map((row) => ({
      kind: 'upload-not-tidied',
      subject: row.id,
      organizationId: row.organization_id,
      detail: `${row.state === 'uploading' ? 'idle' : row.state}, of ${row.workflow_id}`,
      repaired: look.repair,
    })),
  };
}
