import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import type { UploadRequestId } from '../ids.ts';
import { defineLife } from '../lifecycle/definition.ts';
import { instantOf, type SqlInstant } from '../sql.ts';
import { endUploads } from './close-request.ts';
import { readLetter } from './request-letter.ts';
import type { RequestPlace } from './request-links.ts';
import {
  notifyClosed,
  notifyInvited,
  notifyLog,
  notifyReceived,
  notifyReminded,
} from './request-notices.ts';
import { entryOfRequest } from './request-place.ts';
import {
  nextUploadRequestStep,
  REMINDERS,
  type Reminder,
  reminders,
  type UploadRequestFacts,
  type UploadRequestStep,
} from './upload-request-rule.ts';

interface Facts extends UploadRequestFacts {
  readonly place: RequestPlace;
  readonly receivedNotices: number;
}

interface FactsRow {
  organization_id: RequestPlace['organizationId'];
  case_id: RequestPlace['caseId'];
  closed_at: SqlInstant;
  expires_at: Date | string;
  sending: number;
  completed: boolean;
  log_mails_wanted: number;
  invited_sending: number;
  invited_at: SqlInstant;
  last_mail_at: SqlInstant;
  reminders_used: Reminder[];
  expiry_handled_for: SqlInstant;
  received_notices: number;
  closing_told_at: SqlInstant;
  log_mails_written: number;
  unfinished: number;
  verifying: number;
  unreported_since: SqlInstant;
}

async function load(em: EntityManager, entityId: string): Promise<Facts | null> {
  const requestId = entityId as UploadRequestId;
  const locked = await em.execute<unknown[]>(
    'select 1 from upload_requests where id = ? for no key update',
    [requestId],
  );
  if (locked.length === 0) return null;
  const [row] = await em.execute<FactsRow[]>(
    `select r.organization_id, r.case_id, r.closed_at, r.expires_at, r.sending, r.log_mails_wanted,
       r.first_completed_at is not null as completed,
       p.invited_sending, p.invited_at, p.last_mail_at, to_json(p.reminders_used) as reminders_used,
       p.expiry_handled_for, p.received_notices, p.closing_told_at, p.log_mails_written, u.*
     from upload_requests r join upload_request_progress p on p.request_id = r.id
     cross join lateral (
       select count(*) filter (where state = 'uploading')::int as unfinished,
         count(*) filter (where state = 'verifying')::int as verifying,
         min(settled_at) filter (where state = 'verified' and reported_in is null) as unreported_since
       from uploads where upload_request_id = r.id) u
     where r.id = ?`,
    [requestId],
  );
  if (row === undefined) throw new Error('a request has no progress');
  return {
    place: { requestId, organizationId: row.organization_id, caseId: row.case_id },
    closedAt: instantOf(row.closed_at),
    expiresAt: new Date(row.expires_at),
    sending: row.sending,
    invitedSending: row.invited_sending,
    invitedAt: instantOf(row.invited_at),
    lastMailAt: instantOf(row.last_mail_at),
    remindersUsed: row.reminders_used,
    hasCompleted: row.completed,
    expiryHandledFor: instantOf(row.expiry_handled_for),
    unfinished: row.unfinished,
    verifying: row.verifying,
    unreportedSince: instantOf(row.unreported_since),
    closingToldAt: instantOf(row.closing_told_at),
    logMailsWanted: row.log_mails_wanted,
    logMailsWritten: row.log_mails_written,
    receivedNotices: row.received_notices,
  };
}

async function perform(act: Act, facts: Facts, step: UploadRequestStep, now: Date): Promise<void> {
  const { place } = facts;
  const note = async (changes: string, ...values: readonly unknown[]) =>
    act.em.execute(`update upload_request_progress set ${changes} where request_id = ?`, [
      ...values,
      place.requestId,
    ]);
  const letter = () => readLetter(act.em, place.requestId);
  switch (step) {
    case 'invite':
      await note(
        `invited_sending = ?, invited_at = ?, last_mail_at = ?, reminders_used = '{}'`,
        facts.sending,
        now,
        now,
      );
      await notifyInvited(act, await letter(), now);
      return act.audit({ ...entryOfRequest(place), action: 'request.invited' });
    case 'remind':
    case 'skip reminders': {
      const { due } = reminders(facts, now);
      await note(
        'reminders_used = reminders_used || ?::text[]',
        `{${due.map((reminder) => `"${reminder}"`).join(',')}}`,
      );
      const last = due.at(-1);
      if (step === 'skip reminders' || last === undefined) return;
      await note('last_mail_at = ?', now);
      await notifyReminded(act, await letter(), REMINDERS.indexOf(last), now);
      return act.audit({ ...entryOfRequest(place), action: 'request.reminded' });
    }
    case 'handle expiry':
      await note('expiry_handled_for = ?', facts.expiresAt);
      return act.audit({ ...entryOfRequest(place), action: 'request.expired' });
    case 'end late uploads':
      return endUploads(act, place, now, 'too-late');
    case 'tell of files':
      return tellOfFiles(act, facts, now);
    case 'tell of closing':
      await note('closing_told_at = ?', now);
      return notifyClosed(act, await letter(), now);
    case 'mail the log':
      await note('log_mails_written = ?', facts.logMailsWanted);
      return notifyLog(act, await letter(), facts.logMailsWanted, now);
    default:
      return step satisfies never;
  }
}

/** Tells the sender of the files that it was not told of; a file that is settled later joins the next. */
async function tellOfFiles(act: Act, { place, receivedNotices }: Facts, now: Date): Promise<void> {
  const notice = receivedNotices + 1;
  const files = await act.em.execute<unknown[]>(
    `update uploads set reported_in = ?
     where upload_request_id = ? and state = 'verified' and reported_in is null returning 1`,
    [notice, place.requestId],
  );
  await act.em.execute(
    'update upload_request_progress set received_notices = ? where request_id = ?',
    [notice, place.requestId],
  );
  const letter = await readLetter(act.em, place.requestId);
  await notifyReceived(act, letter, { notice, files: files.length }, now);
}

function stateOf(facts: Facts, now: Date): string {
  if (facts.closedAt !== null) return 'closed';
  if (facts.expiresAt <= now) return 'expired';
  return facts.hasCompleted ? 'uploading' : 'sent';
}

/** The life of an upload request. */
export const uploadRequestLife = defineLife<Facts, UploadRequestStep>({
  kind: 'upload-request',
  load,
  nextStep: nextUploadRequestStep,
  perform,
  stateOf,
});
