import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { DomainError, invalid } from '../../errors.ts';
import { type CaseId, newId, type UploadId } from '../../ids.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { contentTypeOf } from '../content-type.ts';
import { Upload } from '../evidence.entity.ts';
import { wakeIntakeFor } from '../intake/intake.ts';
import { extensionOf, fileNameFaults } from './file-name.ts';
import { planParts } from './part-plan.ts';
import type { UploadingParty } from './uploading-party.ts';

/** What a client says of a file before it sends it. */
export interface NewUpload {
  readonly caseId: CaseId | null;
  readonly fileName: string;
  readonly size: number;
  readonly contentType: string | null;
  readonly title: string | null;
  readonly recordedAt: Date | null;
  /** What the client computed; verification compares it with what was read back. */
  readonly sha256: string | null;
  /** What its sender says of it; only community members do. */
  readonly caption?: string | null;
}

/** What is decided before the store is asked for an upload. */
export interface AllowedUpload {
  readonly id: UploadId;
  readonly file: NewUpload;
  readonly contentType: string;
  /** Opaque, of fixed depth, never used again. */
  readonly objectKey: string;
}

/**
 * Refuses a file before a byte of it is sent: its name, its size, its type, and whether whoever sends
 * it may add to the case at all.
 * @throws DomainError `validation-failed`, `file-too-large`, `file-type-not-supported`, and whatever
 *   refuses the party
 */
export async function allowUpload(
  em: EntityManager,
  party: UploadingParty,
  file: NewUpload,
): Promise<AllowedUpload> {
  await party.requireMayBegin(em, file);
  const faults = fileNameFaults(file.fileName);
  if (faults.length > 0) {
    throw invalid(...faults.map((detail) => ({ pointer: '/fileName', detail })));
  }
  const { largestFile } = party;
  if (file.size > largestFile) {
    throw new DomainError(
      'file-too-large',
      `A file may have ${largestFile.toLocaleString('en')} bytes. Split it and send the pieces.`,
      { members: { limit: largestFile } },
    );
  }
  await requireSupportedType(em, party, file.fileName);
  const id = newId<UploadId>();
  return {
    id,
    file,
    contentType: file.contentType ?? contentTypeOf(file.fileName),
    objectKey: `evidence/${party.organization.id}/${id}`,
  };
}

async function requireSupportedType(
  em: EntityManager,
  party: UploadingParty,
  fileName: string,
): Promise<void> {
  const supported = await party.extensions(em);
  if (supported === null || supported.includes(extensionOf(fileName))) return;
  throw new DomainError(
    'file-type-not-supported',
    `${party.organization.name} takes files of these types: ${supported.join(', ')}. Convert the file, or ask ${party.organization.name} to take its type.`,
    { members: { supported } },
  );
}

/**
 * Records an upload that the store has begun, and lets its intake watch over it.
 * @throws DomainError where the party may not begin one any more
 */
export async function recordUpload(
  act: Act,
  party: UploadingParty,
  allowed: AllowedUpload,
  options: { readonly storeUploadId: string; readonly minimumPartSize: number },
): Promise<Upload> {
  const { id, file, contentType, objectKey } = allowed;
  await party.requireMayBegin(act.em, file);
  const { partSize, partCount } = planParts(file.size, options.minimumPartSize);
  const intake = party.intake(file.caseId);
  const now = new Date();
  const upload = act.em.create(Upload, {
    id,
    organizationId: party.organization.id,
    workflowId: workflowIdOf(intake.kind, intake.entityId),
    caseId: file.caseId,
    ...party.whose,
    fileName: file.fileName,
    contentType,
    size: file.size,
    title: file.title,
    recordedAt: file.recordedAt,
    declaredSha256: file.sha256,
    caption: file.caption ?? null,
    partSize,
    partCount,
    objectKey,
    storeUploadId: options.storeUploadId,
    state: 'uploading',
    hashOffset: 0,
    begunAt: now,
    lastActiveAt: now,
  });
  await wakeIntakeFor(act, intake, { id, state: 'uploading' });
  act.audit({
    organizationId: party.organization.id,
    action: 'upload.begun',
    objects: [id, ...(file.caseId === null ? [] : [file.caseId]), ...party.about],
    data: { size: file.size, sha256: file.sha256 },
  });
  return upload;
}
