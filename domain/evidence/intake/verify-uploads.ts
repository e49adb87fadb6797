/** One slice of an intake's verification: a batch of completed uploads, several at once. */

import type { MalwareScanner } from '../../../platform/malware-scanner.ts';
import type { ObjectStore } from '../../../platform/object-store/object-store.ts';
import type { Acting } from '../../act.ts';
import type { UploadId } from '../../ids.ts';
import type { WorkflowId } from '../../lifecycle/life.ts';
import { Upload } from '../evidence.entity.ts';
import { acceptedFor } from '../uploads/accepted-types.ts';
import type { Resumable } from './digest.ts';
import { scanUpload } from './scan-upload.ts';
import { settleUpload } from './settle-upload.ts';
import { verifyUpload } from './verify-upload.ts';

const GIB = 1024 ** 3;

/** Bounds of a slice, so that the life's loop hears what happens between two of them. */
const MOST_FILES = 64;
const MOST_BYTES = GIB;

/** Files that are read at once. */
const LANES = 4;

export interface IntakeDeps extends Acting {
  readonly store: ObjectStore;
  /** Looks at files before they are released; none where null or not given. */
  readonly scanner?: MalwareScanner | null;
}

/** From which size on a reading survives a crash, and how often it notes how far it came; bytes. */
export interface ResumeRule {
  readonly from: number;
  readonly every: number;
}

/** Below 64 GiB a crash starts the file again: the faster hash is worth more. */
export const RESUME_RULE: ResumeRule = { from: 64 * GIB, every: 10 * GIB };

/**
 * Verifies the next uploads of an intake and settles each by itself: what was settled stays settled
 * whatever becomes of the others.
 * @param now the workflow's clock
 * @returns whether there was anything to verify
 * @throws AggregateError of what could not be verified now, since the store or the database is away
 */
export async function verifyUploads(
  deps: IntakeDeps,
  workflowId: WorkflowId,
  now: Date,
  cancelled: AbortSignal,
  resume: ResumeRule = RESUME_RULE,
): Promise<boolean> {
  const waiting = await nextBatch(deps, workflowId);
  if (waiting.length === 0) return false;
  const errors: unknown[] = [];
  const lane = async () => {
    for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
      if (cancelled.aborted) return;
      try {
        await verifyOne(deps, workflowId, id, now, cancelled, resume);
      } catch (error) {
        errors.push(error);
        await putLast(deps, id).catch((failure: unknown) => errors.push(failure));
      }
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  cancelled.throwIfAborted();
  if (errors.length > 0) {
    throw new AggregateError(errors, `${errors.length} upload(s) could not be verified now`);
  }
  return true;
}

async function verifyOne(
  deps: IntakeDeps,
  workflowId: WorkflowId,
  id: UploadId,
  now: Date,
  cancelled: AbortSignal,
  resume: ResumeRule,
): Promise<void> {
  const em = deps.database.em.fork();
  const upload = await em.findOneOrFail(Upload, { id });
  if (upload.state !== 'verifying') return;
  const resumable = upload.size > resume.from ? resumableOf(deps, upload, resume.every) : null;
  const { store, scanner } = deps;
  const accepted = await acceptedFor(em, upload);
  const verdict = await verifyUpload(upload, { store, cancelled, resumable }, accepted);
  const scan =
    scanner == null || verdict.type === 'refused'
      ? null
      : await scanUpload({ store, scanner, cancelled }, upload.objectKey, verdict.object);
  await settleUpload(deps, workflowId, id, { verdict, scan, now });
}

function resumableOf(deps: IntakeDeps, upload: Upload, every: number): Resumable {
  const { id, hashState, hashOffset } = upload;
  return {
    from: hashState == null ? null : { offset: hashOffset, state: hashState },
    every,
    save: async ({ offset, state }) => {
      await deps.database.em
        .fork()
        .execute(
          `update uploads set hash_state = ?, hash_offset = ? where id = ? and state = 'verifying'`,
          [state, offset, id],
        );
    },
  };
}

/** The uploads that waited longest: up to 64 or 1 GiB of them, a larger one alone. */
async function nextBatch(deps: IntakeDeps, workflowId: WorkflowId): Promise<UploadId[]> {
  const rows = await deps.database.em.fork().execute<{ id: UploadId; size: string }[]>(
    `select id, size from uploads where workflow_id = ? and state = 'verifying'
     order by last_active_at, id limit ?`,
    [workflowId, MOST_FILES],
  );
  let bytes = 0;
  const end = rows.findIndex(({ size }, index) => {
    bytes += Number(size);
    return index > 0 && bytes > MOST_BYTES;
  });
  return (end < 0 ? rows : rows.slice(0, end)).map(({ id }) => id);
}

/** So that a file which the store cannot give does not hold up those behind it. */
async function putLast(deps: IntakeDeps, id: UploadId): Promise<void> {
  await deps.database.em
    .fork()
    .execute(
      `update uploads set last_active_at = clock_timestamp() where id = ? and state = 'verifying'`,
      [id],
    );
}
