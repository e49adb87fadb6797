import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, notFound } from '../errors.ts';
import { acceptedExtensions } from '../evidence/uploads/accepted-types.ts';
import { LARGEST_FILE } from '../evidence/uploads/part-plan.ts';
import type { UploadingParty } from '../evidence/uploads/uploading-party.ts';
import { requestIntake, requestLife } from './request-place.ts';
import { lockRequestRow, type RequestGrant } from './request-session.ts';
import { linkStateSql, MAY_FINISH, type RequestLinkState } from './request-state.ts';

/** Files that one request takes, those that were given up or refused not counted. */
export const MOST_FILES = 10_000;

/**
 * Whoever holds a session of a request: may send files to it and go on with them, while its link lets
 * it. What decides is asked again under the request's lock, which closing it takes too.
 */
export function requestParty(grant: RequestGrant): UploadingParty {
  const { requestId, organization, trustedUser } = grant;
  return {
    organization,
    whose: { uploadRequestId: requestId },
    uploadedBy: { type: 'trusted_user', ...trustedUser },
    evidenceOwner: grant.sender.id,
    about: [requestId],
    largestFile: LARGEST_FILE,
    intake: () => requestIntake(grant),
    extensions: (em) => acceptedExtensions(em, organization.id, 'outside'),
    async requireMayBegin(em) {
      const { state } = await lockedState(em, grant);
      if (state !== 'open') throw linkDead(state);
      await requireRoom(em, grant);
    },
    async requireMayGoOn(em) {
      const { state, mayFinish } = await lockedState(em, grant);
      if (state === 'open' || (state === 'expired' && mayFinish)) return;
      throw linkDead(state);
    },
    async requireMaySee(em, _uploadId, lock) {
      const { state } = lock ? await lockedState(em, grant) : await stateNow(em, grant);
      if (state === 'closed' || state === 'superseded') throw linkDead(state);
    },
    requireOwn(upload) {
      if (upload.uploadRequestId !== requestId) throw notFound('upload');
    },
    async completed(act) {
      const first = await act.em.execute<unknown[]>(
        `update upload_requests set first_completed_at = clock_timestamp()
         where id = ? and first_completed_at is null returning 1`,
        [requestId],
      );
      if (first.length > 0) act.wake(requestLife(grant));
    },
  };
}

/** The request after its lock, by PostgreSQL's clock. */
async function lockedState(em: EntityManager, grant: RequestGrant) {
  await lockRequestRow(em, grant.requestId);
  return stateNow(em, grant);
}

async function stateNow(em: EntityManager, grant: RequestGrant) {
  const [row] = await em.execute<{ state: RequestLinkState; may_finish: boolean }[]>(
    `select ${linkStateSql('?::int')} as state, ${MAY_FINISH} as may_finish
     from upload_requests r where r.id = ?`,
    [grant.generation, grant.requestId],
  );
  if (row === undefined) throw new Error('a request that was authorised is gone');
  return { state: row.state, mayFinish: row.may_finish };
}

const REASONS: Readonly<Record<RequestLinkState | 'log_expired', string>> = {
  open: 'The link works.',
  expired: 'The link has expired: nothing new can be begun. Ask for access again.',
  superseded: 'A newer link has replaced this one. Open the link of the latest message.',
  closed: 'The request is closed: nothing more is taken.',
  log_expired: 'The link to the activity log has expired.',
};

/** The refusal of a link that does not let in what was asked for. */
export function linkDead(state: RequestLinkState | 'log_expired'): DomainError {
  return new DomainError('link-dead', REASONS[state], { members: { reason: state } });
}

async function requireRoom(em: EntityManager, grant: RequestGrant): Promise<void> {
  const [count] = await em.execute<{ files: string }[]>(
    `select count(*) as files from uploads
     where upload_request_id = ? and state not in ('aborted', 'failed')`,
    [grant.requestId],
  );
  if (Number(count?.files ?? 0) < MOST_FILES) return;
  throw new DomainError(
    'too-many-files',
    `One request takes ${MOST_FILES} files. Put files together in an archive, or ask ${grant.sender.name} for another request.`,
    { members: { limit: MOST_FILES } },
  );
}
