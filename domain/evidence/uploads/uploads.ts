/** An upload on its way: who may touch it, addresses for its parts, giving it up. */
import { LockMode } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { DomainError, invalid, notFound } from '../../errors.ts';
import type { UploadId } from '../../ids.ts';
import { Upload } from '../evidence.entity.ts';
import { intakeOfUpload } from '../intake/intake.ts';
import { outOfRange } from './part-plan.ts';
import type { UploadingParty } from './uploading-party.ts';

/**
 * An upload that is the party's own, or that it may see because it edits any evidence.
 * @throws DomainError `not-found`, also for another organization's, and whatever refuses the party
 */
export async function requireUpload(
  em: EntityManager,
  party: UploadingParty,
  uploadId: UploadId,
  options: { readonly lock?: boolean } = {},
): Promise<Upload> {
  await party.requireMaySee(em, uploadId, options.lock === true);
  const upload = await em.findOne(
    Upload,
    { id: uploadId, organizationId: party.organization.id },
    options.lock ? { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true } : {},
  );
  if (upload === null) throw notFound('upload');
  party.requireOwn(upload);
  return upload;
}

/** @throws DomainError `wrong-state` unless parts are still taken */
function requireUploading(upload: Upload): void {
  if (upload.state === 'uploading') return;
  throw new DomainError('wrong-state', `This upload is ${upload.state}: it takes no parts.`, {
    members: { state: upload.state },
  });
}

/**
 * Notes activity on an upload that takes parts, which keeps it from being given up: part addresses may
 * be signed in the moment after.
 * @throws DomainError `validation-failed` for part numbers beyond the plan, `wrong-state`, and whatever
 *   refuses the party, also where it may not add to the case any more
 */
export async function touchUpload(
  em: EntityManager,
  party: UploadingParty,
  uploadId: UploadId,
  partNumbers: readonly number[],
): Promise<Upload> {
  const upload = await requireUpload(em, party, uploadId);
  await party.requireMayGoOn(em, upload);
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
  if (touched.length === 0) requireUploading(await requireUpload(em.fork(), party, uploadId));
  return upload;
}

/** Gives an upload up: what the store has of it is removed. One that is given up already stays so. */
export async function abortUpload(
  act: Act,
  party: UploadingParty,
  uploadId: UploadId,
): Promise<void> {
  const upload = await requireUpload(act.em, party, uploadId, { lock: true });
  if (upload.state === 'aborted') return;
  const evidence = upload.evidenceId == null ? [] : [upload.evidenceId];
  if (upload.state === 'verified' && party.withdraw !== undefined)
    await party.withdraw(act, upload);
  else requireUploading(upload);
  const now = new Date();
  act.em.assign(upload, { state: 'aborted', settledAt: now, tidyAt: now });
  const caseId = upload.caseId ?? null;
  act.wake(intakeOfUpload(upload));
  act.audit({
    organizationId: upload.organizationId,
    action: 'upload.aborted',
    objects: [upload.id, ...evidence, ...(caseId === null ? [] : [caseId]), ...party.about],
  });
}
