import type { TestApi } from './api.ts';
import { buildGuest, buildRequest, guestSend, type TestRequest } from './requests.ts';

/** What became of one round. */
export type Round = 'kept' | 'refused' | { readonly fault: string };

/**
 * Closes a request while an upload of it is completed, at once: either the file is in the case and in the
 * log, or it was refused and is nowhere.
 */
export async function closeAgainstComplete(
  api: TestApi,
  by: Pick<TestRequest, 'sender' | 'inCase'>,
  delay: number,
): Promise<Round> {
  const request = await buildRequest(api, { ...by, fields: [] });
  const guest = await buildGuest(api, request);
  const id = await guestSend(guest, Buffer.from(request.id));
  const late = async <T>(wait: number, what: () => Promise<T>): Promise<T> => {
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    return what();
  };
  const [closed, completed] = await Promise.all([
    late(delay, () => api.post(`/upload-requests/${request.id}/close`, request.sender)),
    late(-delay, () => guest.post(`/uploads/${id}/complete`)),
  ]);
  const [row] = await api.database.em.fork().execute<Outcome[]>(
    `select u.state, exists (select from case_evidence ce where ce.evidence_id = u.evidence_id) as in_case,
       exists (select from audit_events e where e.action = 'evidence.uploaded'
         and e.objects @> array[u.id] and e.objects @> array[u.upload_request_id]) as in_log
     from uploads u where u.id = ?`,
    [id],
  );
  const outcome = JSON.stringify({ closed: closed.status, completed: completed.status, ...row });
  if (closed.status !== 200 || row === undefined) return { fault: outcome };
  if (completed.status === 202) {
    const isKept = row.state === 'verifying' && row.in_case && row.in_log;
    return isKept ? 'kept' : { fault: outcome };
  }
  const isGone = row.state === 'aborted' && !row.in_case && !row.in_log;
  return completed.status === 410 && isGone ? 'refused' : { fault: outcome };
}

interface Outcome {
  readonly state: string;
  readonly in_case: boolean;
  readonly in_log: boolean;
}
