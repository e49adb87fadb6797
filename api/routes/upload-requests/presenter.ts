import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, UploadRequestId } from '../../../domain/ids.ts';
import { REQUEST_STATE } from '../../../domain/requests/request-state.ts';
import { allOf, utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { hasValue } from '../../search.ts';
import type { uploadRequestDetail, uploadRequestQuery, uploadRequestView } from './schema.ts';

type RequestView = z.input<typeof uploadRequestView>;

/** Uploads that a request's detail shows. */
const SHOWN = 1_000;

const REQUESTS: ViewSql = {
  from: `upload_requests r join trusted_users t on t.id = r.trusted_user_id
    join users s on s.id = r.sender_id`,
  alias: 'r',
  view: /* sql */ `jsonb_build_object('id', r.id, 'caseId', r.case_id, 'state', ${REQUEST_STATE},
    'trustedUser', jsonb_build_object('id', t.id, 'email', t.email, 'name', t.name),
    'sender', jsonb_build_object('id', s.id, 'name', s.name),
    'fields', to_jsonb(r.fields), 'note', r.note, 'earlierRequestId', r.earlier_request_id,
    'expiresAt', ${utc('r.expires_at')}, 'expired', r.expires_at <= clock_timestamp(),
    'closedAt', ${utc('r.closed_at')}, 'createdAt', ${utc('r.created_at')},
    'uploadCount', (select count(*) from uploads u
      where u.upload_request_id = r.id and u.completed_at is not null))`,
};

const DETAILS: ViewSql = {
  ...REQUESTS,
  view: /* sql */ `${REQUESTS.view} || jsonb_build_object('uploads', coalesce((
    select jsonb_agg(jsonb_build_object('id', u.id, 'fileName', u.file_name, 'size', u.size,
      'state', u.state, 'sha256', u.sha256, 'evidenceId', u.evidence_id, 'failure', u.failure,
      'begunAt', ${utc('u.begun_at')}, 'completedAt', ${utc('u.completed_at')},
      'settledAt', ${utc('u.settled_at')}) order by u.id desc)
    from (select * from uploads where upload_request_id = r.id order by id desc limit ${SHOWN}) u), '[]'))`,
};

/** A request with its uploads; whether it may be seen was decided before. */
export async function readRequest(em: EntityManager, id: UploadRequestId) {
  const found = await readOne<z.input<typeof uploadRequestDetail>>(em, DETAILS, {
    sql: 'r.id = ?',
    values: [id],
  });
  if (found === null) throw notFound('upload request');
  return found;
}

/** A page of a case's requests, newest first; whether the case may be read was decided before. */
export async function listRequests(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
  asked: z.output<typeof uploadRequestQuery>,
) {
  const condition = allOf(
    { sql: 'r.organization_id = ? and r.case_id = ?', values: [staff.organization.id, caseId] },
    hasValue(REQUEST_STATE, asked.state),
  );
  return readPage<RequestView>(em, REQUESTS, condition, asked, { order: 'newest first' });
}
