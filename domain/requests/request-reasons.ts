/** Whether there still is a reason for a mail about a request, asked under the request's lock. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { UploadRequestId } from '../ids.ts';
import { sendingOf } from './request-notices.ts';

interface Row {
  readonly sending: number;
  readonly closed: boolean;
  readonly completed: boolean;
  readonly expires_at: Date | string;
}

/** An invitation is for the last sending of a request that is open. */
export async function invitationOfRequestStands(
  em: EntityManager,
  requestId: string,
  sequence: number,
): Promise<boolean> {
  const request = await locked(em, requestId);
  return request !== null && !request.closed && request.sending === sequence;
}

/** A reminder is for a link that works, while no upload was completed. */
export async function reminderStands(
  em: EntityManager,
  requestId: string,
  sequence: number,
  now: Date,
): Promise<boolean> {
  const request = await locked(em, requestId);
  if (request === null || request.closed || request.completed) return false;
  return request.sending === sendingOf(sequence) && new Date(request.expires_at) > now;
}

async function locked(em: EntityManager, requestId: string): Promise<Row | null> {
  const [row] = await em.execute<Row[]>(
    `select sending, closed_at is not null as closed, first_completed_at is not null as completed, expires_at
     from upload_requests where id = ? for share`,
    [requestId as UploadRequestId],
  );
  return row ?? null;
}
