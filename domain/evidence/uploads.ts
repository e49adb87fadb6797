/** An upload on its way: who may touch it, addresses for its parts, giving it up. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { DomainError, invalid, notFound } from '../errors.ts';
import { requirePermissions, type Staff } from '../identity/staff.ts';
import type { UploadId } from '../ids.ts';
import { requireMayAdd } from './begin-upload.ts';
import { Upload } from './evidence.entity.ts';
import { intakeOf } from './intake.ts';
import { outOfRange } from './part-plan.ts';

/**
 * An upload that the user began, or may see because it edits any evidence.
 * @throws DomainError `not-found`, also for another organization's; `permission-missing`
 */
export async function requireUpload(
  em: EntityManager,
  staff: Staff,
  uploadId: UploadId,
  options: { readonly lock?: boolean } = {},
): Promise<Upload> {
  const upload = await em.findOne(
    Upload,
    { id: uploadId, organizationId: staff.organization.id },
    options.lock ? { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } : {},
  );
  if (upload === null) throw notFound('upload');
  requirePermissions(staff, ['evidence.edit'], upload.createdBy === staff.id);
  return upload;
}

/** @throws DomainError `wrong-state` unless parts are still taken */
export function requireUploading(upload: Upload): void {
  if (upload.state === 'uploading') return;
  throw new DomainError('wrong-state', `This upload is ${upload.state}: it takes no parts.`, {
    members: { state: upload.state },
  });
}

/**
 * Notes activity on an upload that takes parts, which keeps it from being given up: part addresses may
 * be signed in the moment after.
 * @throws DomainError `permission-missing`, also where the user may not add to the case any more;
 *   `validation-failed` for part numbers beyond the plan, `wrong-state`
 */
export async function touchUpload(
  em: EntityManager,
  staff: Staff,
  uploadId: UploadId,
  partNumbers: readonly number[],
): Promise<Upload> {
  const upload = await requireUpload(em, staff, uploadId);
  await requireMayAdd(em, staff, upload.caseId ?? null);
  const beyond = partNumbers.flatMap((number, index) =>
    number > upload.partCount
      ? [{ pointer: `/partNumbers/${index}`, detail: outOfRange(upload) }]
      : [],
  );
  if (beyond.length > 0) throw invalid(...beyond);
  const touched = await em.execute<unknown[]>(
    `update uploads set last_active_at = clock_timestamp() where id = ? and state = 'uploading' returning 1`,
    [uploadId],
  );
  if (touched.length === 0) requireUploading(await requireUpload(em.fork(), staff, uploadId));
  return upload;
}

/** Gives an upload up: what the store has of it is removed. One that is given up already stays so. */
export async function abortUpload(act: Act, staff: Staff, uploadId: UploadId): Promise<void> {
  const upload = await requireUpload(act.em, staff, uploadId, { lock: true });
  if (upload.state === 'aborted') return;
  requireUploading(upload);
  const now = new Date();
  act.em.assign(upload, { state: 'aborted', settledAt: now, tidyAt: now });
  const caseId = upload.caseId ?? null;
  act.wake(intakeOf(upload.organizationId, caseId));
  act.audit({
    organizationId: upload.organizationId,
    action: 'upload.aborted',
    objects: [upload.id, ...(caseId === null ? [] : [caseId])],
  });
}
