import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, notFound } from '../../errors.ts';
import { acceptedExtensions } from '../../evidence/uploads/accepted-types.ts';
import type { UploadingParty } from '../../evidence/uploads/uploading-party.ts';
import { limitsOf, MOST_FILES } from '../limits.ts';
import { withdrawFile } from '../submissions/withdraw-file.ts';
import { inviteIntake } from './invite-place.ts';
import { type InviteGrant, type InviteNow, inviteNow, lockInvite } from './invite-session.ts';
import type { InviteLinkState } from './invite-state.ts';

/** What evidence says of who sent it: nothing personal, which is kept in one place only. */
const NAME = 'Community member';

/**
 * Whoever holds a session of an invite: may send files to it and go on with them until something is
 * handed in, while its link lets it. What decides is asked again under the locks of the invite, which
 * handing in and closing the portal take too.
 */
export function inviteParty(grant: InviteGrant): UploadingParty {
  const { inviteId, organization, portal } = grant;
  return {
    organization,
    whose: { inviteId },
    uploadedBy: { type: 'community_member', id: inviteId, name: NAME },
    evidenceOwner: portal.evidenceOwnerId,
    about: [inviteId, grant.portalId],
    largestFile: limitsOf(portal.kind).file,
    intake: () => inviteIntake(grant),
    extensions: (em) => acceptedExtensions(em, organization.id, 'outside'),
    async requireMayBegin(em, { size }) {
      const { state } = await lockInvite(em, grant);
      if (state !== 'open') throw inviteDead(state);
      await requireRoom(em, grant, size);
    },
    async requireMayGoOn(em) {
      requireMayFinish(await lockInvite(em, grant));
    },
    async requireMaySee(em, _uploadId, lock) {
      requireMayFinish(lock ? await lockInvite(em, grant) : await inviteNow(em, grant));
    },
    requireOwn(upload) {
      if (upload.inviteId !== inviteId) throw notFound('upload');
    },
    withdraw: withdrawFile,
  };
}

/**
 * Refuses unless what was begun through the link may be finished, and handed in.
 * @throws DomainError `link-dead`
 */
export function requireMayFinish({ state, mayFinish }: InviteNow): void {
  if (state === 'open' || (state === 'expired' && mayFinish)) return;
  throw inviteDead(state);
}

const REASONS: Readonly<Record<InviteLinkState, string>> = {
  open: 'The link works.',
  superseded: 'A newer link has replaced this one. Open the link of the latest message.',
  used_up: 'Something was handed in through this link, which takes nothing more.',
  closed: 'Nothing more is collected here.',
  expired: 'The link has expired: nothing new can be begun. Ask for a new one.',
};

/** The refusal of a link that does not let in what was asked for. */
export function inviteDead(state: InviteLinkState): DomainError {
  return new DomainError('link-dead', REASONS[state], { members: { reason: state } });
}

/** Counted under the lock of the invite, those that were given up or refused left out. */
async function requireRoom(em: EntityManager, grant: InviteGrant, size: number): Promise<void> {
  const [sent] = await em.execute<{ files: string; bytes: string }[]>(
    `select count(*) as files, coalesce(sum(size), 0) as bytes from uploads
     where invite_id = ? and state in ('uploading', 'verifying', 'verified')`,
    [grant.inviteId],
  );
  const files = Number(sent?.files ?? 0);
  const bytes = Number(sent?.bytes ?? 0);
  const { total } = limitsOf(grant.portal.kind);
  if (files >= MOST_FILES) {
    throw new DomainError('too-many-files', `One submission takes ${MOST_FILES} files.`, {
      members: { limit: MOST_FILES },
    });
  }
  if (bytes + size <= total) return;
  throw new DomainError(
    'too-many-bytes',
    `One submission takes ${total.toLocaleString('en')} bytes in all. ${(total - bytes).toLocaleString('en')} are left.`,
    { members: { limit: total, left: total - bytes } },
  );
}
