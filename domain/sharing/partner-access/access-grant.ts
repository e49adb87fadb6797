/**
 * What partner access gives, to whom, at this moment: SQL that everything uses which authorises, lists or
 * counts. PostgreSQL's clock decides (product rules, "One clock decides"), and all of it is looked up
 * anew each time: the partnership with both directions, the group's members, what the case holds now.
 * Features are asked for when access is given, not while it lasts.
 */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CutCause } from '../../audit/event.ts';
import type { EvidenceId, ShareId, UserId, UserSessionId } from '../../ids.ts';
import type { AccessLevel } from './partner-access.entity.ts';

/** The states that partner access is read in. */
export const ACCESS_STATES = ['active', 'expired', 'revoked'] as const;
export type AccessState = (typeof ACCESS_STATES)[number];

/** SQL over rows called `shares` and `p`, the partnership: the partner may be sent to and receives. */
const DIRECTIONS_OPEN = /* sql */ `(p.state = 'active' and case when p.inviter_id = shares.organization_id
    then p.inviter_may_send and p.invitee_may_receive
    else p.invitee_may_send and p.inviter_may_receive end)`;

/**
 * SQL over a row called `shares`: partner access that is open, whoever asks. It hangs on the partnership
 * that it was given under: what ended with that does not come back with another.
 */
export const ACCESS_OPEN = /* sql */ `(shares.method = 'partner_access' and shares.revoked_at is null
  and (shares.entire_organization or shares.expires_at > clock_timestamp())
  and exists (select from partners p where p.id = shares.partnership_id and ${DIRECTIONS_OPEN}))`;

/** SQL over a row called `shares`: its `AccessState`. The end of the partnership revokes. */
export const ACCESS_STATE = /* sql */ `(case
  when shares.revoked_at is not null
    or exists (select from partners p where p.id = shares.partnership_id and p.state = 'ended') then 'revoked'
  when shares.entire_organization or shares.expires_at > clock_timestamp() then 'active'
  else 'expired' end)`;

/**
 * SQL over rows called `shares` and `u`, a user: the share names the user, by itself, by a group that it
 * is in now, or by naming its whole organization; and the user is not disabled.
 */
export const IS_RECIPIENT = /* sql */ `(u.disabled_at is null
  and u.organization_id = shares.partner_organization_id
  and (shares.entire_organization or exists (
    select from share_recipients r where r.share_id = shares.id and r.removed_at is null and (
      (r.principal_type = 'user' and r.principal_id = u.id)
      or (r.principal_type = 'group' and exists (
        select from group_members gm where gm.group_id = r.principal_id and gm.user_id = u.id))))))`;

/** SQL over rows called `shares` and `e`, evidence: the share shows it as the case is now. */
export const SHOWS_EVIDENCE = /* sql */ `(e.state = 'active' and exists (
    select from case_evidence ce where ce.case_id = shares.case_id and ce.evidence_id = e.id)
  and (shares.scope = 'entire_case' or exists (
    select from share_selection s where s.share_id = shares.id and s.evidence_id = e.id)))`;

/** SQL over rows called `shares` and `e`: evidence that is shown to recipients right now. */
export const SHOWN_NOW = `(${ACCESS_OPEN} and ${SHOWS_EVIDENCE})`;

/** SQL over rows called `asked` and `e`: nothing sensitive is shown before that was accepted. */
const ACCEPTED = /* sql */ `(asked."acceptedIn" is null or not e.sensitive_content_warning
  or exists (select from sensitive_acceptances a
    where a.user_session_id = asked."acceptedIn" and a.evidence_id = e.id))`;

/** What somebody wants of a piece of evidence: to view it, or to have the file. */
export interface AccessKey {
  readonly userId: UserId;
  readonly shareId: ShareId;
  readonly evidenceId: EvidenceId;
  /** What must be granted: `view` is also granted by `view_and_download`. */
  readonly needs: AccessLevel;
  /** The browser session in which whatever is sensitive must have been accepted; without one it is not asked. */
  readonly acceptedIn?: UserSessionId | null | undefined;
}

interface AskedRow {
  position: number;
  granted: boolean;
  accepted: boolean;
  state: AccessState;
}

/**
 * Asks for many at once whether each may have what it wants, in one query.
 * @returns by position: null for what is granted, else why it is not
 */
export async function askAccess(
  em: EntityManager,
  keys: readonly AccessKey[],
): Promise<(CutCause | null)[]> {
  const rows = await em.execute<AskedRow[]>(
    `select asked.position, ${ACCESS_STATE} as state,
       ${SHOWN_NOW} and ${IS_RECIPIENT}
         and (asked.needs = 'view' or shares.access = 'view_and_download') as granted,
       ${ACCEPTED} as accepted
     from json_to_recordset(?::json) as asked
       (position int, "userId" uuid, "shareId" uuid, "evidenceId" uuid, needs text, "acceptedIn" uuid)
     join shares on shares.id = asked."shareId" and shares.method = 'partner_access'
     join users u on u.id = asked."userId"
     join evidence e on e.id = asked."evidenceId"`,
    [JSON.stringify(keys.map((key, position) => ({ ...key, position })))],
  );
  const answers: (CutCause | null)[] = keys.map(() => 'not_permitted');
  for (const { position, ...row } of rows) answers[position] = causeIn(row);
  return answers;
}

function causeIn({ granted, accepted, state }: Omit<AskedRow, 'position'>): CutCause | null {
  if (granted) return accepted ? null : 'not_accepted';
  return state === 'active' ? 'not_permitted' : state;
}
