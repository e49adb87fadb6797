import type { EntityManager } from '@mikro-orm/postgresql';
import type { z } from 'zod';
import { notFound } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId } from '../../../domain/ids.ts';
import { COPIES_OUT_OF_DATE } from '../../../domain/sharing/case-copy/copy-state.ts';
import { CASE_SHARING, type SharingColumns } from '../../../domain/sharing/sharing-columns.ts';
import { utc } from '../../../domain/sql.ts';
import { readOne, type ViewSql } from '../../list.ts';
import type { caseView } from './schema.ts';

export type CaseView = z.input<typeof caseView>;

/** Cases, as clients see them. */
export const CASES: ViewSql = {
  from: 'cases c',
  alias: 'c',
  view: /* sql */ `json_build_object(
    'id', c.id, 'caseNumber', c.case_number, 'title', c.title, 'description', c.description,
    'status', c.status, 'tags', to_json(c.tags), 'policeNumber', c.police_number, 'accused', c.accused,
    'courtNumber', c.court_number,
    'owner', (select json_build_object('id', u.id, 'name', u.name, 'email', u.email) from users u where u.id = c.owner_id),
    'members', coalesce((select json_agg(json_build_object('type', m.principal_type, 'id', m.principal_id)
      order by m.principal_type, m.principal_id) from case_members m where m.case_id = c.id), '[]'),
    'retentionPolicy', c.retention_policy,
    'evidenceCount', (select count(*) from case_evidence ce where ce.case_id = c.id and not ce.destroyed),
    'sharedWithOrganizations', (select count(distinct s.partner_organization_id) from shared_cases s
      where s.case_id = c.id and s.source_organization_id = c.organization_id), 'copiesOutOfDate', ${COPIES_OUT_OF_DATE},
    'receivedFrom', c.received_from,
    'createdAt', ${utc('c.created_at')}, 'updatedAt', ${utc('c.updated_at')},
    'warnings', case when exists (select 1 from cases d where d.organization_id = c.organization_id
      and lower(d.case_number) = lower(c.case_number) and d.id <> c.id)
      then '["duplicate-case-number"]'::json else '[]'::json end
  )`,
};

/** @throws DomainError `not-found`, also for a case of another organization */
export async function readCase(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
): Promise<{ body: CaseView; version: number }> {
  const found = await readOne<CaseView>(em, CASES, {
    sql: 'c.id = ? and c.organization_id = ?',
    values: [caseId, staff.organization.id],
  });
  if (found === null) throw notFound('case');
  return found;
}

/** A case with what exports say of sharing. */
export interface ExportedCase {
  readonly view: CaseView;
  readonly sharing: SharingColumns;
}

/** The JSON of an export's row. */
export const EXPORTED_CASE = `json_build_object('view', ${CASES.view}, 'sharing', ${CASE_SHARING})`;
