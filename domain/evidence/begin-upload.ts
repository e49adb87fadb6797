import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../act.ts';
import { requireCase } from '../cases/visibility.ts';
import { DomainError, invalid } from '../errors.ts';
import { Organization } from '../identity/organization.entity.ts';
import { isOwnCase, requirePermissions, type Staff } from '../identity/staff.ts';
import { type CaseId, newId, type UploadId } from '../ids.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import { contentTypeOf } from './content-type.ts';
import { Upload } from './evidence.entity.ts';
import { extensionOf, fileNameFaults } from './file-name.ts';
import { intakeOf, wakeIntakeFor } from './intake.ts';
import { LARGEST_FILE, planParts } from './part-plan.ts';

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
 * Refuses a file before a byte of it is sent: its name, its size, its type, and whether the user may
 * add to the case at all.
 * @throws DomainError `validation-failed`, `file-too-large`, `file-type-not-supported`, `not-found`,
 *   `permission-missing`
 */
export async function allowUpload(
  em: EntityManager,
  staff: Staff,
  file: NewUpload,
): Promise<AllowedUpload> {
  await requireMayAdd(em, staff, file.caseId);
  const faults = fileNameFaults(file.fileName);
  if (faults.length > 0) {
    throw invalid(...faults.map((detail) => ({ pointer: '/fileName', detail })));
  }
  if (file.size > LARGEST_FILE) {
    throw new DomainError(
      'file-too-large',
      'A file may have 1.5 TB (1,500,000,000,000 bytes). Split it and send the pieces.',
      { members: { limit: LARGEST_FILE } },
    );
  }
  await requireSupportedType(em, staff, file.fileName);
  const id = newId<UploadId>();
  return {
    id,
    file,
    contentType: file.contentType ?? contentTypeOf(file.fileName),
    objectKey: `evidence/${staff.organization.id}/${id}`,
  };
}

/**
 * Refuses unless the user may add a file of its own to this case.
 * @throws DomainError `not-found`, `permission-missing`
 */
export async function requireMayAdd(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId | null,
): Promise<void> {
  // Whoever sends a file becomes its owner, so `own` is enough for the evidence itself.
  if (caseId === null) return requirePermissions(staff, ['evidence.edit'], true);
  await requireCase(em, staff, caseId);
  requirePermissions(staff, ['evidence.edit'], true);
  requirePermissions(staff, ['case.edit'], await isOwnCase(em, staff, caseId));
}

async function requireSupportedType(
  em: EntityManager,
  staff: Staff,
  fileName: string,
): Promise<void> {
  const { fileExtensions } = await em.findOneOrFail(Organization, staff.organization.id);
  if (fileExtensions == null) return;
  const supported = fileExtensions.map((extension) => extension.replace(/^\./, '').toLowerCase());
  if (supported.includes(extensionOf(fileName))) return;
  throw new DomainError(
    'file-type-not-supported',
    `${staff.organization.name} takes files of these types: ${supported.join(', ')}. Convert the file, or ask an administrator to add its type.`,
    { members: { supported } },
  );
}

/** Records an upload that the store has begun, and lets its intake watch over it. */
export async function recordUpload(
  act: Act,
  staff: Staff,
  allowed: AllowedUpload,
  options: { readonly storeUploadId: string; readonly minimumPartSize: number },
): Promise<Upload> {
  const { id, file, contentType, objectKey } = allowed;
  const { partSize, partCount } = planParts(file.size, options.minimumPartSize);
  const intake = intakeOf(staff.organization.id, file.caseId);
  const now = new Date();
  const upload = act.em.create(Upload, {
    id,
    organizationId: staff.organization.id,
    workflowId: workflowIdOf(intake.kind, intake.entityId),
    caseId: file.caseId,
    createdBy: staff.id,
    fileName: file.fileName,
    contentType,
    size: file.size,
    title: file.title,
    recordedAt: file.recordedAt,
    declaredSha256: file.sha256,
    partSize,
    partCount,
    objectKey,
    storeUploadId: options.storeUploadId,
    state: 'uploading',
    hashOffset: 0,
    begunAt: now,
    lastActiveAt: now,
  });
  await wakeIntakeFor(act, { id, ...intake, state: 'uploading' });
  act.audit({
    organizationId: staff.organization.id,
    action: 'upload.begun',
    objects: [id, ...(file.caseId === null ? [] : [file.caseId])],
    data: { size: file.size, sha256: file.sha256 },
  });
  return upload;
}
