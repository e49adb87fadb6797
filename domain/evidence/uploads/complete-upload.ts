import type { EntityManager } from '@mikro-orm/postgresql';
import {
  type ObjectStore,
  UploadRefusedError,
} from '../../../platform/object-store/object-store.ts';
import type { Act } from '../../act.ts';
import { linkEvidence } from '../../cases/case-evidence.ts';
import { DomainError } from '../../errors.ts';
import { type EvidenceId, newId, type UploadId } from '../../ids.ts';
import { entryOf } from '../commands.ts';
import { Evidence, type Upload, type UploadPart } from '../evidence.entity.ts';
import { evidenceNumber, takeEvidenceNumbers } from '../evidence-number.ts';
import { intakeOfUpload, wakeIntakeFor } from '../intake/intake.ts';
import { baseName } from './file-name.ts';
import { chooseParts } from './part-plan.ts';
import type { UploadingParty } from './uploading-party.ts';
import { requireUpload } from './uploads.ts';

/**
 * The parts that make the file, as the store lists them now; null for an upload that is completed
 * already.
 * @throws DomainError `parts-missing`, `part-ambiguous`, `part-wrong-size`, `wrong-state`
 */
export async function choosePartsInStore(
  em: EntityManager,
  store: ObjectStore,
  party: UploadingParty,
  uploadId: UploadId,
  named: readonly UploadPart[],
): Promise<readonly UploadPart[] | null> {
  const upload = await requireUpload(em, party, uploadId);
  if (upload.state === 'aborted') await refuseAborted(em, party, upload);
  if (upload.state !== 'uploading') return null;
  try {
    const listed = await store.listParts(upload.objectKey, upload.storeUploadId);
    return chooseParts(upload, listed, named).map(({ partNumber, etag }) => ({ partNumber, etag }));
  } catch (error) {
    if (!(error instanceof UploadRefusedError)) throw error;
    // Another request may have completed it while this one asked the store.
    const { state } = await requireUpload(em.fork(), party, uploadId);
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
 * @throws DomainError `not-found`, `wrong-state`, and whatever refuses the party
 */
export async function completeUpload(
  act: Act,
  party: UploadingParty,
  uploadId: UploadId,
  parts: readonly UploadPart[] | null,
): Promise<Upload> {
  const upload = await requireUpload(act.em, party, uploadId, { lock: true });
  if (upload.state === 'aborted') await refuseAborted(act.em, party, upload);
  if (upload.state !== 'uploading' || parts === null) return upload;
  // Who was taken out of the case since the upload began adds nothing to it any more.
  await party.requireMayGoOn(act.em, upload);
  const now = new Date();
  const evidence = act.em.create(Evidence, {
    ...fileOf(upload),
    id: newId<EvidenceId>(),
    organizationId: upload.organizationId,
    evidenceNumber: evidenceNumber(await takeEvidenceNumbers(act.em, upload.organizationId, 1)),
    state: 'verifying',
    classification: 'unrestricted',
    uploadedAt: now,
    uploadedBy: party.uploadedBy,
    ownerId: upload.createdBy ?? party.evidenceOwner,
    assigneeId: upload.createdBy ?? party.evidenceOwner,
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
  await wakeIntakeFor(act, intakeOfUpload(upload), { id: upload.id, state: 'verifying' });
  await party.completed?.(act, upload);
  act.audit({
    ...entryOf(evidence, upload.id, caseId, ...party.about),
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

/** Whoever may send nothing any more is told that, rather than what became of the upload. */
async function refuseAborted(
  em: EntityManager,
  party: UploadingParty,
  upload: Upload,
): Promise<never> {
  await party.requireMayGoOn(em, upload);
  throw new DomainError('wrong-state', 'This upload was given up. Begin a new one.', {
    members: { state: 'aborted' },
  });
}
