import type { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { ContactField, InviteSettings } from '../../../domain/portals/invite-settings.ts';
import { CONTACT_KEYS, visibleContact } from '../../../domain/portals/invites/contact-rule.ts';
import { requireSeesPortals } from '../../../domain/portals/portal-policy.ts';
import { readSettings } from '../../../domain/portals/settings.ts';
import type { Database } from '../../../platform/database.ts';
import { csvAnswer } from '../../csv.ts';
import { readBatches } from '../../list.ts';
import type { Answer } from '../../route.ts';
import { submissionsSeen, submissionsSql } from './presenter.ts';
import type { submissionFilters, submissionView } from './schema.ts';

type Exported = Answer<{ 200: { description: string; contentType: string } }>;
type SubmissionView = z.input<typeof submissionView>;

const HEADERS: Readonly<Record<ContactField, string>> = {
  first_name: 'First Name',
  last_name: 'Last Name',
  email: 'E-mail',
  phone: 'Phone',
  date_of_birth: 'Date Of Birth',
};

/** The columns: of contact information those that any kind of portal shows. */
function columnsOf({ individual, public: ofPublic }: InviteSettings) {
  const shown = new Set([
    ...visibleContact(individual.contactInfo),
    ...visibleContact(ofPublic.contactInfo),
  ]);
  return [
    { key: 'id', header: 'Submission' },
    { key: 'submittedAt', header: 'Submitted At' },
    { key: 'portal', header: 'Portal' },
    { key: 'kind', header: 'Kind' },
    // Public portals show theirs whatever is set.
    { key: 'reportId', header: 'ID' },
    { key: 'title', header: 'Title' },
    ...[...shown].map((field) => ({ key: CONTACT_KEYS[field], header: HEADERS[field] })),
    { key: 'evidenceNumber', header: 'Evidence Number' },
    { key: 'fileName', header: 'File Name' },
    { key: 'size', header: 'Size' },
    { key: 'sha256', header: 'SHA-256' },
    { key: 'caption', header: 'Caption' },
    { key: 'state', header: 'State' },
    { key: 'decision', header: 'Decision' },
    { key: 'decidedBy', header: 'Decided By' },
    { key: 'decidedAt', header: 'Decided At' },
  ];
}

/**
 * Exports submissions as CSV, a row for each file. The export is recorded before the first of them is
 * read.
 */
export async function exportSubmissions(
  {
    deps,
    staff,
    command,
  }: {
    readonly deps: { readonly database: Database };
    readonly staff: Staff;
    command(work: (act: Act) => Promise<Exported>): Promise<Exported>;
  },
  filters: z.output<typeof submissionFilters>,
): Promise<Exported> {
  requireSeesPortals(staff);
  await command(async (act) => {
    act.audit({
      organizationId: staff.organization.id,
      action: 'submission.exported',
      objects: [
        staff.organization.id,
        ...(filters.portalId === undefined ? [] : [filters.portalId]),
      ],
      data: { state: filters.state ?? null },
    });
    return { status: 200 };
  });
  const em = deps.database.em.fork();
  const settings = await readSettings(em, staff.organization.id);
  const found = readBatches<SubmissionView>(
    em,
    submissionsSql(settings),
    submissionsSeen(staff, filters),
    'newest first',
  );
  return csvAnswer('submissions.csv', columnsOf(settings), rowsOf(found));
}

async function* rowsOf(submissions: AsyncIterable<SubmissionView>): AsyncGenerator<object> {
  for await (const { id, submittedAt, portal, communityMember, files } of submissions) {
    for (const file of files) {
      yield {
        ...communityMember,
        ...{ id, submittedAt, portal: portal.id, kind: portal.kind, title: portal.title },
        ...(portal.reportId === undefined ? {} : { reportId: portal.reportId }),
        ...{ evidenceNumber: file.evidenceNumber, fileName: file.fileName, size: file.size },
        ...{ sha256: file.sha256, caption: file.caption, state: file.state },
        ...{ decision: file.decision, decidedBy: file.decidedBy?.name, decidedAt: file.decidedAt },
      };
    }
  }
}
