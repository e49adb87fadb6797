import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { SubmissionId } from '../../../domain/ids.ts';
import type { InviteSettings } from '../../../domain/portals/invite-settings.ts';
import { contactJson } from '../../../domain/portals/invites/contact.ts';
import { visiblePortals } from '../../../domain/portals/portal-policy.ts';
import { readSettings } from '../../../domain/portals/settings.ts';
import { allOf, type Condition, utc } from '../../../domain/sql.ts';
import { readOne, readPage, type ViewSql } from '../../list.ts';
import { hasValue } from '../../search.ts';
import type {
  submissionFilters,
  submissionQuery,
  submissionView,
  triagedSubmission,
} from './schema.ts';

const STATE = `(case when exists (select from submission_files pf
  where pf.submission_id = s.id and pf.decision is null) then 'triage_pending' else 'triaged' end)`;

const FILES = /* sql */ `(select jsonb_agg(jsonb_build_object('id', e.id, 'evidenceNumber', e.evidence_number,
    'fileName', e.file_name, 'contentType', e.content_type, 'size', e.size, 'sha256', e.sha256,
    'caption', (select u.caption from uploads u where u.evidence_id = e.id and u.invite_id = s.invite_id
      and u.state = 'verified' limit 1),
    'state', e.state, 'decision', f.decision,
    'decidedBy', case when d.id is not null then jsonb_build_object('id', d.id, 'name', d.name) end,
    'decidedAt', ${utc('f.decided_at')}) order by f.position)
  from submission_files f join evidence e on e.id = f.evidence_id left join users d on d.id = f.decided_by
  where f.submission_id = s.id)`;

/** A submission is never changed by itself: its version counts the decisions. */
const VERSIONED = /* sql */ `(select submissions.*, 1 + (select count(*)::int from submission_files vf
  where vf.submission_id = submissions.id and vf.decision is not null) as version from submissions)`;

function triagedSql(settings: InviteSettings): ViewSql {
  const reportId =
    settings.individual.incidentInfo.id === 'hidden'
      ? `case p.kind when 'public' then jsonb_build_object('reportId', p.report_id) else '{}' end`
      : `jsonb_build_object('reportId', p.report_id)`;
  return {
    from: `${VERSIONED} s join portals p on p.id = s.portal_id join invites i on i.id = s.invite_id
      join users eo on eo.id = s.evidence_owner_id`,
    alias: 's',
    view: /* sql */ `jsonb_build_object('id', s.id, 'state', ${STATE},
      'portal', jsonb_build_object('id', p.id, 'kind', p.kind, 'title', p.title) || ${reportId},
      'inviteId', s.invite_id, 'evidenceOwner', jsonb_build_object('id', eo.id, 'name', eo.name),
      'autoAccepted', s.auto_accepted,
      'acceptedTerms', case when s.accepted_terms is not null then s.accepted_terms - 'text' end,
      'submittedAt', ${utc('s.submitted_at')}, 'files', ${FILES})`,
  };
}

/** Submissions with what is shown of who handed them in. */
export function submissionsSql(settings: InviteSettings): ViewSql {
  const { view, ...rest } = triagedSql(settings);
  return {
    ...rest,
    view: `${view} || jsonb_build_object('communityMember', ${contactJson(settings)})`,
  };
}

/** The submissions that a user may see, by filters. */
export function submissionsSeen(
  staff: Staff,
  { state, portalId }: z.output<typeof submissionFilters>,
): Condition {
  return allOf(visiblePortals(staff), hasValue(STATE, state), hasValue('s.portal_id', portalId));
}

/** A page of them, newest first. */
export async function listSubmissions(
  em: EntityManager,
  staff: Staff,
  asked: z.output<typeof submissionQuery>,
) {
  const sql = submissionsSql(await readSettings(em, staff.organization.id));
  return readPage<z.input<typeof submissionView>>(em, sql, submissionsSeen(staff, asked), asked, {
    order: 'newest first',
  });
}

/** A submission; whether it may be seen was decided before. */
export async function readSubmission(em: EntityManager, staff: Staff, id: SubmissionId) {
  const settings = await readSettings(em, staff.organization.id);
  return readFound<z.input<typeof submissionView>>(em, submissionsSql(settings), id);
}

/** The same without what is known of who handed it in: an answer that may be kept. */
export async function readTriaged(em: EntityManager, staff: Staff, id: SubmissionId) {
  const settings = await readSettings(em, staff.organization.id);
  return readFound<z.input<typeof triagedSubmission>>(em, triagedSql(settings), id);
}

async function readFound<View>(em: EntityManager, sql: ViewSql, id: SubmissionId) {
  const found = await readOne<View>(em, sql, { sql: 's.id = ?', values: [id] });
  if (found === null) throw notFound('submission');
  return found;
}
