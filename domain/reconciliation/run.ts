/** A run of reconciliation: every check, one after the other, in steps that can be done again. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Check, Finding, Look, ReconcilingDeps } from './check.ts';
import { checkChains } from './check-chains.ts';
import { checkLives } from './check-lives.ts';
import { checkMail } from './check-mail.ts';
import { checkUnfinished } from './check-unfinished.ts';
import { checkUploads } from './check-uploads.ts';
import { checkWorkflows } from './check-workflows.ts';

/** Every check, in the order in which a run does them. */
const CHECKS = {
  lives: checkLives,
  workflows: checkWorkflows,
  mail: checkMail,
  uploads: checkUploads,
  'audit chains': checkChains,
  // Last: some stores refuse to list them, and what comes after a check that fails is not reached.
  'unfinished uploads': checkUnfinished,
} as const satisfies Record<string, Check>;
export type CheckName = keyof typeof CHECKS;
const NAMES = Object.keys(CHECKS) as readonly CheckName[];

/** Where a run is. */
export interface Position {
  readonly check: CheckName;
  /** What the next step begins after; null for the first of the check. */
  readonly after: string | null;
}

/** What a run did so far, by check and by kind of finding. */
export interface Totals {
  readonly checked: Readonly<Record<string, number>>;
  readonly found: Readonly<Record<string, number>>;
  readonly repaired: Readonly<Record<string, number>>;
}

/** Where every run begins. */
export const BEGINNING: Position = { check: 'lives', after: null };

/** Of a run that did nothing yet. */
export const NOTHING: Totals = { checked: {}, found: {}, repaired: {} };

/** A run after one more step. */
export interface Advanced {
  /** Null where the run is through. */
  readonly position: Position | null;
  readonly totals: Totals;
  readonly findings: readonly Finding[];
}

/** Does one step, and notes what it found and did not repair. */
export async function advance(
  deps: ReconcilingDeps,
  { position, totals }: { readonly position: Position; readonly totals: Totals },
  look: Look,
): Promise<Advanced> {
  const { check } = position;
  const step = await CHECKS[check](deps, position.after, look);
  await noteStanding(deps.database.em.fork(), step.findings, look.now);
  const following = NAMES[NAMES.indexOf(check) + 1];
  const next = following === undefined ? null : { check: following, after: null };
  return {
    position: step.next === null ? next : { check, after: step.next },
    totals: {
      checked: plus(totals.checked, check, step.checked),
      found: step.findings.reduce((counts, { kind }) => plus(counts, kind, 1), totals.found),
      repaired: step.findings
        .filter(({ repaired }) => repaired)
        .reduce((counts, { kind }) => plus(counts, kind, 1), totals.repaired),
    },
    findings: step.findings,
  };
}

function plus(
  counts: Readonly<Record<string, number>>,
  name: string,
  more: number,
): Record<string, number> {
  return { ...counts, [name]: (counts[name] ?? 0) + more };
}

/**
 * Notes what stands; what was found before keeps the day on which it was found first. A run that began
 * earlier, beside one that found the same later, does not make it older.
 */
async function noteStanding(
  em: EntityManager,
  findings: readonly Finding[],
  now: Date,
): Promise<void> {
  const standing = findings.filter(({ repaired }) => !repaired);
  if (standing.length === 0) return;
  await em.execute(
    `insert into reconciliation_findings (kind, subject, organization_id, detail, first_found_at, last_found_at)
     select distinct on (n.kind, n.subject) n.kind, n.subject, n."organizationId", n.detail,
       ?::timestamptz, ?::timestamptz
     from json_to_recordset(?::json) as n (kind text, subject text, "organizationId" uuid, detail text)
     on conflict (kind, subject) do update set organization_id = excluded.organization_id,
       detail = excluded.detail,
       last_found_at = greatest(reconciliation_findings.last_found_at, excluded.last_found_at)`,
    [now, now, JSON.stringify(standing)],
  );
}

/** Ends a run that began at an instant: what it did not find any more is forgotten. */
export async function endRun(
  em: EntityManager,
  { began, now, totals }: { readonly began: Date; readonly now: Date; readonly totals: Totals },
): Promise<void> {
  await em.execute('delete from reconciliation_findings where last_found_at < ?', [began]);
  await em.execute('update reconciliation set ended_at = ?, last_totals = ?', [
    now,
    JSON.stringify(totals),
  ]);
}
