import type { EntityManager } from '@mikro-orm/postgresql';
import { type ObjectStore, UploadRefusedError } from '../../platform/object-store/object-store.ts';
import type { Act } from '../act.ts';
import { linkEvidence } from '../cases/case-evidence.ts';
import { DomainError } from '../errors.ts';
import type { Staff } from '../identity/staff.ts';
import { type EvidenceId, newId, type OrganizationId, type UploadId } from '../ids.ts';
import { requireMayAdd } from './begin-upload.ts';
import { entryOf } from './commands.ts';
import { Evidence, type Upload, type UploadPart } from './evidence.entity.ts';
import { baseName } from './file-name.ts';
import { wakeIntakeFor } from './intake.ts';
import { chooseParts } from './part-plan.ts';
import { requireUpload } from './uploads.ts';

/**
 * The parts that make the file, as the store lists them now; null for an upload that is completed
 * already.
 * @throws DomainError `parts-missing`, `part-ambiguous`, `part-wrong-size`, `wrong-state`
 */
export async function choosePartsInStore(
  em: EntityManager,
  store: ObjectStore,
  staff: Staff,
  uploadId: UploadId,
  named: readonly UploadPart[],
): Promise<readonly UploadPart[] | null> {
  const upload = await requireUpload(em, staff, uploadId);
  if (upload.state === 'aborted') throw aborted();
  if (upload.state !== 'uploading') return null;
  try {
    const listed = await store.listParts(upload.objectKey, upload.storeUploadId);
    return chooseParts(upload, listed, named).map(({ partNumber, etag }) => ({ partNumber, etag }));
  } catch (error) {
    if (!(error instanceof UploadRefusedError)) throw error;
    // Another request may have completed it while this one asked the store.
    const { state } = await requireUpload(em.fork(), staff, uploadId);
    if (state !== 'uploading') return null;
    throw new DomainError(
      'wrong-state',
      'The object store has given this upload up. Begin a new one.',
      {
        cause: error,
        members: { state: 'uploading' },
      },
    );
  }
}

/**
 * Takes a file whose parts are all there: from now on it is evidence that is being verified. One that
 * was completed before stays as it is.
 * @throws DomainError `not-found`, `permission-missing`, `wrong-state`
 */
export async function completeUpload(
  act: Act,
  staff: Staff,
  uploadId: UploadId,
  parts: readonly UploadPart[] | null,
): Promise<Upload> {
  const upload = await requireUpload(act.em, staff, uploadId, { lock: true });
  if (upload.state === 'aborted') throw aborted();
  if (upload.state !== 'uploading' || parts === null) return upload;
  // Who was taken out of the case since the upload began adds nothing to it any more.
  await requireMayAdd(act.em, staff, upload.caseId ?? null);
  const now = new Date();
  const evidence = act.em.create(Evidence, {
    ...fileOf(upload),
    id: newId<EvidenceId>(),
    organizationId: upload.organizationId,
    evidenceNumber: await nextEvidenceNumber(act.em, upload.organizationId),
    state: 'verifying',
    classification: 'unrestricted',
    uploadedAt: now,
    uploadedBy: { type: 'user', id: staff.id, name: staff.name },
    ownerId: upload.createdBy,
    assigneeId: upload.createdBy,
    tags: [],
    customMetadata: {},
    sensitiveContentWarning: false,
    source: {},
    createdAt: now,
    updatedAt: now,
  });
  act.em.assign(upload, {
    state: 'verifying',
    parts,
    evidenceId: evidence.id,
    lastActiveAt: now,
    completedAt: now,
  });
  await act.em.flush();
  const caseId = upload.caseId ?? null;
  if (caseId !== null) await linkEvidence(act.em, { caseId, evidenceId: evidence.id }, now);
  const { id, organizationId } = upload;
  await wakeIntakeFor(act, { id, organizationId, caseId, state: 'verifying' });
  act.audit({
    ...entryOf(evidence, upload.id, caseId),
    action: 'evidence.uploaded',
    data: { evidenceNumber: evidence.evidenceNumber, size: upload.size },
  });
  return upload;
}

function fileOf(upload: Upload) {
  const { fileName, contentType, size, objectKey, recordedAt } = upload;
  const title = upload.title ?? baseName(fileName);
  return { fileName, contentType, size, objectKey, recordedAt, title };
}

/** `E-000001`, counted in each organization; a gap stays where verification refused a file. */
async function nextEvidenceNumber(
  em: EntityManager,
  organizationId: OrganizationId,
): Promise<string> {
  const [row] = await em.execute<{ last_number: string }[]>(
    `insert into evidence_counters (organization_id, last_number) values (?, 1)
     on conflict (organization_id) do update set last_number = evidence_counters.last_number + 1
     returning last_number`,
    [organizationId],
  );
  if (row === undefined) throw new Error('the evidence number was not given');
  return `E-${row.last_number.padStart(6, '0')}`;
}

function aborted(): DomainError {
  return new DomainError('wrong-state', 'This upload was given up. Begin a new one.', {
    members: { state: 'aborted' },
  });
}
