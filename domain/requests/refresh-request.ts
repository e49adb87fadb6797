/** What somebody outside may ask for with any link of a request: only ever mailed to the address on file. */
import { LockMode } from '@mikro-orm/core';
import type { Act } from '../act.ts';
import { databaseNow, daysAfter } from '../clock.ts';
import type { LinkKeys } from '../link-token.ts';
import {
  type FoundRequestLink,
  insertLogLink,
  insertRequestLink,
  requestToken,
} from './request-links.ts';
import { entryOfRequest, requestLife } from './request-place.ts';
import { LINK_DAYS } from './request-state.ts';
import { UploadRequest } from './upload-request.entity.ts';

/** Minutes in which one mail at most is asked for from outside. */
const MAIL_EVERY_MINUTES = 10;

/**
 * Mails the link that works now: the same one while it lives, else a new one. It does nothing for a
 * request that is closed, or one that was asked for within ten minutes; nobody is told which.
 */
export async function refreshAccess(
  act: Act,
  keys: LinkKeys,
  link: FoundRequestLink,
): Promise<void> {
  if (!(await takeTurn(act, link, 'refreshed_at', 'r.closed_at is null'))) return;
  const request = await act.em.findOneOrFail(
    UploadRequest,
    { id: link.requestId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true },
  );
  await renewLink(act, keys, request, await databaseNow(act.em));
  act.audit({
    ...entryOfRequest(link),
    action: 'request.refreshed',
    data: { generation: request.linkGeneration },
  });
}

/** Mails a link to the activity log of a closed request; once in ten minutes, as above. */
export async function askForLog(act: Act, keys: LinkKeys, link: FoundRequestLink): Promise<void> {
  if (!(await takeTurn(act, link, 'log_asked_at', 'r.closed_at is not null'))) return;
  const live = await act.em.execute<unknown[]>(
    `select 1 from activity_log_links
     where request_id = ? and expires_at > clock_timestamp() + interval '1 day'`,
    [link.requestId],
  );
  if (live.length === 0) {
    await insertLogLink(act.em, keys, link.requestId, await databaseNow(act.em));
  }
  await act.em.execute(
    'update upload_requests set log_mails_wanted = log_mails_wanted + 1 where id = ?',
    [link.requestId],
  );
  act.wake(requestLife(link));
  act.audit({ ...entryOfRequest(link), action: 'request.log_asked' });
}

/**
 * Makes the link of a request that is locked one that works, and has it mailed: a live link stays as it
 * is; another is replaced by a new one, and the sessions that it opened end.
 */
export async function renewLink(
  act: Act,
  keys: LinkKeys,
  request: UploadRequest,
  now: Date,
): Promise<void> {
  const { id: requestId, organizationId, caseId, linkGeneration } = request;
  const works =
    request.expiresAt > now &&
    (await requestToken(act.em, keys, requestId, linkGeneration)) !== null;
  if (!works) {
    const generation = linkGeneration + 1;
    await insertRequestLink(act.em, keys, { requestId, generation, at: now });
    act.em.assign(request, { linkGeneration: generation, expiresAt: daysAfter(now, LINK_DAYS) });
  }
  act.em.assign(request, { sending: request.sending + 1, updatedAt: now });
  act.wake(requestLife({ requestId, organizationId, caseId }));
}

/** Takes the request's lock; says whether it is in that state and nothing was asked for lately. */
async function takeTurn(
  act: Act,
  link: FoundRequestLink,
  column: 'refreshed_at' | 'log_asked_at',
  condition: string,
): Promise<boolean> {
  const taken = await act.em.execute<unknown[]>(
    `update upload_requests r set ${column} = clock_timestamp()
     where r.id = ? and ${condition} and (r.${column} is null
       or r.${column} <= clock_timestamp() - interval '${MAIL_EVERY_MINUTES} minutes')
     returning 1`,
    [link.requestId],
  );
  return taken.length > 0;
}
