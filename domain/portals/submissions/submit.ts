/** Handing in what was sent through an invite: at once, and once. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { linkEvidence } from '../../cases/case-evidence.ts';
import { databaseNow } from '../../clock.ts';
import { DomainError, invalid } from '../../errors.ts';
import {
  type CategoryId,
  type EvidenceId,
  newId,
  type SubmissionId,
  type UploadId,
} from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import { recalculateRetention } from '../../retention/recalculate.ts';
import { recordAdded } from '../../sharing/shared-facts.ts';
import { uuids } from '../../sql.ts';
import type { ContactSettings } from '../invite-settings.ts';
import { readContact, storeContact } from '../invites/contact.ts';
import { type CommunityMember, contactFaults } from '../invites/contact-rule.ts';
import { Invite } from '../invites/invite.entity.ts';
import { requireMayFinish } from '../invites/invite-party.ts';
import { entryOfInvite, inviteLife, portalLife } from '../invites/invite-place.ts';
import { type InviteGrant, lockInvite } from '../invites/invite-session.ts';
import { Portal } from '../portal.entity.ts';
import { readPortalRules } from '../portal-rules.ts';
import type { AcceptedTerms } from './terms.ts';

/** What somebody hands in besides the files. */
export interface HandedIn {
  /** What is said of oneself; of what was known before only what changes. */
  readonly communityMember: CommunityMember;
  /** Null where the organization has no terms. */
  readonly terms: AcceptedTerms | null;
}

interface SentFile {
  readonly id: UploadId;
  readonly state: 'uploading' | 'verifying' | 'verified';
  readonly evidence_id: EvidenceId | null;
  readonly caption: string | null;
}

/**
 * Hands in every file of the invite: from now on they are evidence, active where submissions are accepted
 * by themselves, else waiting for triage, and the invite is spent. All of it happens, or nothing.
 * @throws DomainError `link-dead`; `wrong-state` while files are being sent or verified, or where there are
 *   none; `validation-failed` for contact details that are missing or not taken
 */
export async function submitFiles(
  act: Act,
  keys: LinkKeys,
  grant: InviteGrant,
  { communityMember, terms }: HandedIn,
): Promise<SubmissionId> {
  const { em } = act;
  requireMayFinish(await lockInvite(em, grant));
  const files = await lockFiles(em, grant);
  const portal = await em.findOneOrFail(Portal, { id: grant.portalId });
  const invite = await em.findOneOrFail(Invite, { id: grant.inviteId });
  const rules = await readPortalRules(em, portal);
  await keepContact(act, grant, { keys, invite, settings: rules.contactInfo }, communityMember);
  const now = await databaseNow(em);
  const id = newId<SubmissionId>();
  const { autoAccept } = rules;
  await em.execute(
    `insert into submissions (id, organization_id, portal_id, invite_id, evidence_owner_id, auto_accepted,
       accepted_terms, submitted_at) values (?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      id,
      portal.organizationId,
      portal.id,
      invite.id,
      portal.evidenceOwnerId,
      autoAccept,
      terms === null ? null : JSON.stringify(terms),
      now,
    ],
  );
  for (const [index, { evidence_id: evidenceId, caption }] of files.entries()) {
    await em.execute(
      `insert into submission_files (submission_id, evidence_id, position, decision, decided_at)
       values (?, ?, ?, ?, ?)`,
      [id, evidenceId, index + 1, autoAccept ? 'accepted' : null, autoAccept ? now : null],
    );
    await em.execute(
      `update evidence set state = ?, owner_id = ?, assignee_id = ?, description = ?, updated_at = ?,
         version = version + 1 where id = ?`,
      [
        autoAccept ? 'active' : 'triage_pending',
        portal.evidenceOwnerId,
        portal.evidenceOwnerId,
        caption,
        now,
        evidenceId,
      ],
    );
  }
  const evidenceIds = files.flatMap(({ evidence_id: found }) => (found === null ? [] : [found]));
  await categorize(em, evidenceIds, rules.categoryIds);
  if (autoAccept && portal.caseId != null) {
    for (const evidenceId of evidenceIds) {
      await linkEvidence(em, { caseId: portal.caseId, evidenceId }, now);
    }
    await recordAdded(em, portal.caseId, evidenceIds, now);
  }
  await recalculateRetention(act, portal.organizationId, { evidence: evidenceIds });
  em.assign(invite, { spentAt: now, updatedAt: now });
  await em.execute('delete from invite_addresses where invite_id = ?', [invite.id]);
  act.wake(inviteLife(grant));
  act.wake(portalLife(grant));
  act.audit({
    ...entryOfInvite(grant, id, ...evidenceIds, ...(portal.caseId == null ? [] : [portal.caseId])),
    action: 'submission.received',
    data: { files: files.length, autoAccepted: autoAccept, terms: terms?.version ?? null },
  });
  return id;
}

/**
 * The files that are handed in, in the order in which they were begun, locked: what is being verified is
 * settled before or after.
 */
async function lockFiles(em: EntityManager, grant: InviteGrant): Promise<readonly SentFile[]> {
  const files = await em.execute<SentFile[]>(
    `select id, state, evidence_id, caption from uploads
     where invite_id = ? and state in ('uploading', 'verifying', 'verified') order by id for update`,
    [grant.inviteId],
  );
  const count = (state: SentFile['state']) => files.filter((file) => file.state === state).length;
  const [uploading, verifying] = [count('uploading'), count('verifying')];
  if (uploading + verifying > 0) {
    throw new DomainError(
      'wrong-state',
      `${uploading} files are still being sent and ${verifying} are being verified. Wait for them, or give them up.`,
      { members: { uploading, verifying } },
    );
  }
  if (files.length === 0) {
    throw new DomainError('wrong-state', 'There is no file to hand in yet.', {
      members: { uploading, verifying },
    });
  }
  return files;
}

/** Adds what is said now to what is known of the community member, as the settings have it. */
async function keepContact(
  act: Act,
  grant: InviteGrant,
  {
    keys,
    invite,
    settings,
  }: { readonly keys: LinkKeys; readonly invite: Invite; readonly settings: ContactSettings },
  given: CommunityMember,
): Promise<void> {
  const known = await readContact(act.em, invite.id, settings);
  const faults = contactFaults(settings, { ...known, ...given }, { delivery: null });
  if (faults.length > 0) throw invalid(...faults);
  const fields = await storeContact(act.em, invite, settings, given, keys);
  if (fields.length === 0) return;
  act.audit({ ...entryOfInvite(grant), action: 'invite.contact_changed', data: { fields } });
}

async function categorize(
  em: EntityManager,
  evidenceIds: readonly EvidenceId[],
  categoryIds: readonly CategoryId[],
): Promise<void> {
  await em.execute(
    `insert into evidence_categories (evidence_id, category_id, automatic)
     select e, c, true from unnest(?::uuid[]) e cross join unnest(?::uuid[]) c on conflict do nothing`,
    [uuids(evidenceIds), uuids(categoryIds)],
  );
}
