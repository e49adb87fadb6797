import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { PortalId } from '../ids.ts';
import { readIntegration } from '../integration/settings.ts';
import { defineLife } from '../lifecycle/definition.ts';
import { instantOf, type SqlInstant } from '../sql.ts';
import { Portal } from './portal.entity.ts';
import { readPortalLetter } from './portal-letter.ts';
import { notifyPortalCreated, notifySubmission } from './portal-notices.ts';
import { entryOfPortal } from './portal-place.ts';
import { nextPortalStep, type PortalFacts, type PortalStep } from './portal-rule.ts';
import { withdrawUnsentNotices } from './portal-unsent.ts';

interface Facts extends PortalFacts {
  readonly portal: Portal;
  readonly submissionNotices: number;
}

interface ProgressRow {
  readonly creation_told: boolean;
  readonly expiry_handled_for: SqlInstant;
  readonly submission_notices: number;
  readonly submission_told: boolean;
  readonly untold: number;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const id = entityId as PortalId;
  // Others may go on referring to it while it is looked at.
  await em.execute('select from portals where id = ? for no key update', [id]);
  const portal = await em.findOne(Portal, { id }, { refresh: true });
  if (portal === null) return null;
  const [row] = await em.execute<ProgressRow[]>(
    `select creation_told_at is not null as creation_told, expiry_handled_for, submission_notices,
       submission_told_at is not null as submission_told,
       (select count(*)::int from submissions s where s.portal_id = pp.portal_id and s.told_in is null)
         as untold
     from portal_progress pp where pp.portal_id = ?`,
    [id],
  );
  if (row === undefined) throw new Error('a portal has no progress');
  return {
    portal,
    closedAt: portal.closedAt ?? null,
    expiresAt: portal.expiresAt ?? null,
    creationTold: row.creation_told,
    expiryHandledFor: instantOf(row.expiry_handled_for),
    submissionNotices: row.submission_notices,
    untold: row.untold,
    waitsForSight: portal.kind === 'public' && row.submission_told,
  };
}

async function perform(act: Act, facts: Facts, step: PortalStep, now: Date): Promise<void> {
  const { portal } = facts;
  const note = async (changes: string, ...values: readonly unknown[]) =>
    act.em.execute(`update portal_progress set ${changes} where portal_id = ?`, [
      ...values,
      portal.id,
    ]);
  switch (step) {
    case 'tell of creation':
      await note('creation_told_at = ?', now);
      if (await tellsOf(act.em, portal, 'creation')) {
        await notifyPortalCreated(act, await readPortalLetter(act.em, portal), now);
      }
      return;
    case 'tell of submissions':
      return tellOfSubmissions(act, facts, now);
    case 'handle expiry':
      await note('expiry_handled_for = ?', facts.expiresAt);
      return act.audit({ ...entryOfPortal(portal), action: 'portal.expired' });
    default:
      return step satisfies never;
  }
}

/** Whether the owner wants to know, by the settings of now; owners of other portals always do. */
async function tellsOf(
  em: EntityManager,
  { kind, organizationId }: Portal,
  what: 'creation' | 'submission',
): Promise<boolean> {
  if (kind !== 'incident_report') return what === 'submission';
  const settings = await readIntegration(em, organizationId);
  if (settings === null) return false;
  return what === 'creation'
    ? settings.notifyRequestOwnerOnPortal
    : settings.notifyEvidenceOwnerOnSubmission;
}

/** One mail tells of all that the owner was not told of, also of what an unsent mail would have told. */
async function tellOfSubmissions(act: Act, facts: Facts, now: Date): Promise<void> {
  const { portal } = facts;
  const notice = facts.submissionNotices + 1;
  const unsent = await withdrawUnsentNotices(act.em, portal.id, now);
  const told = await act.em.execute<unknown[]>(
    `update submissions set told_in = ?
     where portal_id = ? and (told_in is null or told_in = any(?::int[])) returning 1`,
    [notice, portal.id, `{${unsent.join(',')}}`],
  );
  await act.em.execute(
    'update portal_progress set submission_notices = ?, submission_told_at = ? where portal_id = ?',
    [notice, now, portal.id],
  );
  if (!(await tellsOf(act.em, portal, 'submission'))) return;
  const letter = await readPortalLetter(act.em, portal);
  await notifySubmission(act, letter, { notice, submissions: told.length }, now);
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.closedAt !== null) return 'closed';
  return facts.expiresAt !== null && facts.expiresAt <= now ? 'expired' : 'open';
}

/** The life of a portal. */
export const portalLife = defineLife<Facts, PortalStep>({
  kind: 'portal',
  load,
  nextStep: nextPortalStep,
  perform,
  stateOf,
});
