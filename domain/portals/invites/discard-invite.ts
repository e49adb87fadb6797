import type { Act } from '../../act.ts';
import type { EvidenceId, UploadId } from '../../ids.ts';
import { uuids } from '../../sql.ts';
import { eraseAddresses } from './contact.ts';
import { entryOfInvite, type InvitePlace, inviteIntake } from './invite-place.ts';

/**
 * Removes what was sent through an invite and never handed in, under the invite's lock: what the store has
 * of it is removed by its intake. Files in quarantine stay for people to decide about.
 */
export async function discardInvite(act: Act, place: InvitePlace, now: Date): Promise<void> {
  const { em } = act;
  const uploads = await em.execute<{ id: UploadId; evidence_id: EvidenceId | null }[]>(
    `select id, evidence_id from uploads
     where invite_id = ? and state in ('uploading', 'verifying', 'verified', 'duplicate')
     order by id for update`,
    [place.inviteId],
  );
  const erased = await eraseAddresses(em, [place.inviteId]);
  if (uploads.length > 0) {
    await em.execute(
      `update uploads set state = 'aborted', settled_at = coalesce(settled_at, ?), evidence_id = null,
         tidy_at = case when state = 'duplicate' then tidy_at else ?::timestamptz end
       where id = any(?::uuid[])`,
      [now, now, uuids(uploads.map(({ id }) => id))],
    );
    const evidence = uploads.flatMap(({ evidence_id: id }) => (id === null ? [] : [id]));
    await em.execute(`delete from evidence where id = any(?::uuid[]) and state = 'verifying'`, [
      uuids(evidence),
    ]);
    act.wake(inviteIntake(place));
  }
  act.audit({
    ...entryOfInvite(place, ...uploads.map(({ id }) => id)),
    action: 'invite.discarded',
    data: { files: uploads.length, addressErased: erased > 0 },
  });
}
