import type { EntityManager } from '@mikro-orm/postgresql';
import type { Act } from '../../act.ts';
import { requirePermissions, type Staff } from '../../identity/staff.ts';
import type {
  CaseId,
  InviteId,
  OrganizationId,
  UploadId,
  UploadRequestId,
  UserId,
} from '../../ids.ts';
import type { LifeRef } from '../../lifecycle/wake.ts';
import type { Upload, Uploader } from '../evidence.entity.ts';
import { intakeOf } from '../intake/intake.ts';
import { acceptedExtensions } from './accepted-types.ts';
import { requireMayAdd } from './may-add.ts';
import { LARGEST_FILE } from './part-plan.ts';

/** Whoever sends files: staff, or somebody outside whom a link lets in. */
export interface UploadingParty {
  readonly organization: { readonly id: OrganizationId; readonly name: string };
  /** Whose an upload is, as its row says. */
  readonly whose:
    | { readonly createdBy: UserId }
    | { readonly uploadRequestId: UploadRequestId }
    | { readonly inviteId: InviteId };
  /** What evidence says of who sent it, and whose it becomes. */
  readonly uploadedBy: Uploader;
  readonly evidenceOwner: UserId;
  /** Events about its uploads are found under these ids too. */
  readonly about: readonly string[];
  /** Bytes that a file of its may have. */
  readonly largestFile: number;
  /** The intake that takes care of its uploads to a case. */
  intake(caseId: CaseId | null): LifeRef;
  /** Extensions of the files that it may send, in lower case without the dot; null for any. */
  extensions(em: EntityManager): Promise<readonly string[] | null>;
  /**
   * Refuses unless it may begin an upload of this size now. In the transaction that begins one, nothing
   * that would forbid it can be done until that ends.
   */
  requireMayBegin(
    em: EntityManager,
    file: { readonly caseId: CaseId | null; readonly size: number },
  ): Promise<void>;
  /** Refuses unless it may go on with this upload of its own, send parts of it and complete it. */
  requireMayGoOn(em: EntityManager, upload: Upload): Promise<void>;
  /**
   * Refuses unless it may know of this upload. With `lock` it is called before the upload's row is
   * locked, and takes the locks that come before that one.
   */
  requireMaySee(em: EntityManager, uploadId: UploadId, lock: boolean): Promise<void>;
  /** Notes that it completed an upload, in that transaction. */
  completed?(act: Act, upload: Upload): Promise<void>;
  /**
   * Undoes what became of an upload that was read back, in the transaction that gives it up: for whoever
   * has not handed it in yet. Nobody else may give such a one up.
   */
  withdraw?(act: Act, upload: Upload): Promise<void>;
  /** Refuses an upload that is not its own. */
  requireOwn(upload: Upload): void;
}

/** A member of staff who sends files. */
export function staffParty(staff: Staff): UploadingParty {
  const { organization } = staff;
  return {
    organization,
    whose: { createdBy: staff.id },
    uploadedBy: { type: 'user', id: staff.id, name: staff.name },
    evidenceOwner: staff.id,
    about: [],
    largestFile: LARGEST_FILE,
    intake: (caseId) => intakeOf(organization.id, caseId),
    extensions: (em) => acceptedExtensions(em, organization.id, 'staff'),
    requireMayBegin: (em, { caseId }) => requireMayAdd(em, staff, caseId),
    requireMayGoOn: (em, upload) => requireMayAdd(em, staff, upload.caseId ?? null),
    requireMaySee: async () => undefined,
    requireOwn: (upload) =>
      requirePermissions(staff, ['evidence.edit'], upload.createdBy === staff.id),
  };
}
