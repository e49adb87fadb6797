import type { Act } from '../../act.ts';
import { lockCase } from '../../cases/commands.ts';
import { changedAfter } from '../../change.ts';
import { daysAfter } from '../../clock.ts';
import { DomainError, type Fault, invalid } from '../../errors.ts';
import { gatherFaults } from '../../gather-faults.ts';
import { Organization } from '../../identity/organization.entity.ts';
import type { Principal } from '../../identity/principals.ts';
import type { Staff } from '../../identity/staff.ts';
import type { EvidenceId, ShareId } from '../../ids.ts';
import { lockShare, shareMethod } from '../lock-share.ts';
import { requireEvidenceShareable, requirePartner } from '../partner-prerequisites.ts';
import { type ReplacedRecipients, replaceRecipients, requireRecipients } from '../recipients.ts';
import {
  readSelection,
  replaceSelection,
  requireShareable,
  type ScopeChoice,
} from '../selection.ts';
import { recordShared } from '../shared-facts.ts';
import { ACCESS_STATE, type AccessState } from './access-grant.ts';
import { type AskedTerms, grantedDays, termFaults } from './access-terms.ts';
import { type RecipientsChoice, wakeAccess } from './create-partner-access.ts';
import { type AccessLevel, PartnerAccess } from './partner-access.entity.ts';

/** What may be changed of partner access; what is absent stays. */
export interface PartnerAccessChange {
  /** Counted from now. */
  readonly durationDays?: number | undefined;
  readonly scope?: ScopeChoice | undefined;
  readonly access?: AccessLevel | undefined;
  /** All of them: who is not named has no access any more. */
  readonly recipients?: RecipientsChoice | undefined;
}

/**
 * Changes partner access, by its creator or somebody with `case.share: any`; it takes effect when this
 * commits. Whatever gives more than before needs what giving it anew would need of the partner, and of
 * evidence that was not in it.
 * @param check is called with the share's version before anything changes
 * @throws DomainError `wrong-state` for access that is revoked, or has expired and is given no time anew;
 *   `validation-failed` with every fault of the change
 */
export async function changePartnerAccess(
  act: Act,
  staff: Staff,
  shareId: ShareId,
  change: PartnerAccessChange,
  check: (version: number) => void,
): Promise<PartnerAccess> {
  const { em } = act;
  // The case before the share: what it holds must not change while it is being shared.
  const { caseId } = await shareMethod(em, staff, shareId);
  await lockCase(em, staff, caseId);
  const { share, now } = await lockShare(em, PartnerAccess, staff, shareId);
  check(share.version);
  const state = await requireChangeable(act, share, change);
  const organization = await em.findOneOrFail(Organization, staff.organization.id);

  const selected = share.scope === 'selected' ? await readSelection(em, share.id) : null;
  const asked = termsAfter(share, change);
  const faults: Fault[] = termFaults(asked, organization);
  const recipients = await gatherFaults(faults, async () => recipientsAfter(act, share, change));
  const evidence = await gatherFaults(faults, async () =>
    evidenceAfter(act, share, change, selected),
  );
  if (recipients === undefined || evidence === undefined || faults.length > 0) {
    throw invalid(...faults);
  }
  if (evidence.added.length > 0) await requireEvidenceShareable(em, staff, evidence.added);

  const before = { access: share.access, entireOrganization: share.entireOrganization };
  const ended = setEnd(share, asked, { change, organization, now });
  share.access = asked.access;
  share.entireOrganization = asked.entireOrganization;
  if (!share.entireOrganization) share.organizationInvitedAt = null;
  const rescoped =
    change.scope !== undefined && (await setScope(act, share, change.scope, evidence.all));
  const { added, removed } =
    recipients === null ? NOBODY : await replaceRecipients(em, share.id, recipients, now);
  const becomesOrganization = share.entireOrganization && !before.entireOrganization;
  const names =
    added.length > 0 ||
    removed.length > 0 ||
    share.entireOrganization !== before.entireOrganization;

  const fields = {
    ...(ended && { durationDays: share.durationDays ?? null, to: share.expiresAt ?? null }),
    ...(share.access !== before.access && { access: share.access }),
    ...(rescoped && { scope: share.scope, files: evidence.all.length }),
    ...(names && {
      recipients: share.entireOrganization ? 'entire_organization' : { added, removed },
    }),
  };
  if (Object.keys(fields).length === 0) return share;
  const gives =
    change.durationDays !== undefined ||
    (share.access === 'view_and_download' && before.access === 'view') ||
    evidence.added.length > 0 ||
    (rescoped && share.scope === 'entire_case') ||
    added.length > 0 ||
    becomesOrganization;
  if (gives) await requirePartner(em, staff, 'partner_access', share.partnerOrganizationId);

  share.updatedAt = changedAfter(share.updatedAt);
  await em.flush();
  if (evidence.added.length > 0 || state === 'expired') {
    await recordShared(em, {
      shareId: share.id,
      at: now,
      evidence: evidence.all.map((id) => ({ id })),
    });
  }
  record(act, share, fields);
  wakeAccess(act, share);
  return share;
}

/** Sets when the access ends, where the change is about that; says whether it is. */
function setEnd(
  share: PartnerAccess,
  asked: AskedTerms,
  {
    change,
    organization,
    now,
  }: { change: PartnerAccessChange; organization: Organization; now: Date },
): boolean {
  const switches = share.entireOrganization !== asked.entireOrganization;
  if (change.durationDays === undefined && !switches) return false;
  const durationDays = grantedDays(asked, organization);
  share.durationDays = durationDays;
  share.expiresAt = durationDays === null ? null : daysAfter(now, durationDays);
  return true;
}

/**
 * Revokes partner access: from the moment this commits nothing of it is given out. Again is no error; the
 * first revoker and time stay.
 */
export async function revokePartnerAccess(
  act: Act,
  staff: Staff,
  shareId: ShareId,
): Promise<PartnerAccess> {
  const { share, now } = await lockShare(act.em, PartnerAccess, staff, shareId);
  if (share.revokedAt != null) return share;
  share.revokedAt = now;
  share.revokedBy = staff.id;
  share.updatedAt = now;
  for (const entry of [
    { organizationId: share.organizationId, objects: [share.id, share.caseId] },
    { organizationId: share.partnerOrganizationId, objects: [share.id] },
  ]) {
    act.audit({ ...entry, action: 'share.revoked' });
  }
  wakeAccess(act, share);
  return share;
}

const NOBODY: ReplacedRecipients = { added: [], removed: [] };

async function requireChangeable(
  { em }: Act,
  share: PartnerAccess,
  change: PartnerAccessChange,
): Promise<AccessState> {
  const [row] = await em.execute<{ state: AccessState }[]>(
    `select ${ACCESS_STATE} as state from shares where id = ?`,
    [share.id],
  );
  const state = row?.state ?? 'revoked';
  if (state === 'revoked') {
    throw new DomainError(
      'wrong-state',
      'This access is revoked and stays so. Share the case anew.',
    );
  }
  if (state === 'expired' && !givesTime(change)) {
    throw new DomainError(
      'wrong-state',
      'This access has expired. Give it days again with durationDays, or give it to the entire organization, with or without other changes.',
    );
  }
  return state;
}

/** Whether the access lasts longer by it, for days or without end. */
function givesTime({ durationDays, recipients }: PartnerAccessChange): boolean {
  return durationDays !== undefined || recipients === 'entire_organization';
}

function termsAfter(share: PartnerAccess, change: PartnerAccessChange): AskedTerms {
  return {
    entireOrganization:
      change.recipients === undefined
        ? share.entireOrganization
        : change.recipients === 'entire_organization',
    access: change.access ?? share.access,
    durationDays: change.durationDays,
  };
}

/** All recipients as they shall be; null where they stay. */
async function recipientsAfter(
  { em }: Act,
  share: PartnerAccess,
  { recipients }: PartnerAccessChange,
): Promise<readonly Principal[] | null> {
  if (recipients === undefined) return null;
  if (recipients === 'entire_organization') return [];
  return requireRecipients(em, share.partnerOrganizationId, recipients);
}

interface EvidenceAfter {
  readonly all: readonly EvidenceId[];
  /** What was not in the share before. */
  readonly added: readonly EvidenceId[];
}

async function evidenceAfter(
  { em }: Act,
  share: PartnerAccess,
  change: PartnerAccessChange,
  before: readonly EvidenceId[] | null,
): Promise<EvidenceAfter> {
  const { scope } = change;
  if (scope === undefined && (before !== null || !givesTime(change))) {
    return { all: before ?? [], added: [] };
  }
  const all = await requireShareable(em, share.caseId, scope ?? { type: 'entire_case' });
  const had = new Set(before ?? all);
  return { all, added: all.filter((id) => !had.has(id)) };
}

/** Says whether it was another scope, or another selection, before. */
async function setScope(
  { em }: Act,
  share: PartnerAccess,
  scope: ScopeChoice,
  evidence: readonly EvidenceId[],
): Promise<boolean> {
  const isOther = scope.type !== share.scope;
  share.scope = scope.type;
  const selection = scope.type === 'selected' ? evidence : [];
  const selectsOther = await replaceSelection(em, share.id, selection);
  return isOther || selectsOther;
}

function record(act: Act, share: PartnerAccess, data: Readonly<Record<string, unknown>>): void {
  act.audit({
    organizationId: share.organizationId,
    action: 'share.changed',
    objects: [share.id, share.caseId],
    data,
  });
  act.audit({
    organizationId: share.partnerOrganizationId,
    action: 'share.changed',
    objects: [share.id],
    data: { fields: Object.keys(data).sort() },
  });
}
