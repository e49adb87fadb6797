/** Reads a copied file back, once, and compares it with what its source was verified to be. */
import {
  ObjectNotFoundError,
  type StoredObject,
} from '../../../platform/object-store/object-store.ts';
import {
  type Digest,
  type Resumable,
  readCurrent,
  readDigest,
} from '../../evidence/intake/digest.ts';
import { RESUME_RULE, type ResumeRule } from '../../evidence/intake/verify-uploads.ts';
import type { CopyItem, CopyingDeps } from './copy-items.ts';

/**
 * Reads what lies under the key of a copy that was just made.
 * @returns which object it was; null where its size, SHA-256 or CRC-32 is not that of the file
 * @throws Error where the store is away: no verdict, try later
 */
export async function proveMade(
  deps: CopyingDeps,
  item: CopyItem,
  cancelled: AbortSignal,
): Promise<StoredObject | null> {
  const { object, digest } = await readCurrent(deps.store, item.targetKey, cancelled);
  return object.size === item.size && hasDigest(item, digest) ? object : null;
}

/**
 * Whether the copy that was noted has the same SHA-256 and CRC-32 as the file that it was made of.
 * @param made the copy, of the same size
 * @throws Error where the store is away: no verdict, try later
 */
export async function isIdentical(
  deps: CopyingDeps,
  item: CopyItem,
  made: StoredObject,
  cancelled: AbortSignal,
  resume: ResumeRule = RESUME_RULE,
): Promise<boolean> {
  if (made.size !== item.size) return false;
  try {
    const digest = await readDigest({
      store: deps.store,
      key: item.targetKey,
      object: made,
      cancelled,
      resumable: item.size > resume.from ? resumableOf(deps, item, resume.every) : null,
    });
    return hasDigest(item, digest);
  } catch (error) {
    // The copy was there when it was noted: that it is gone is no better than that it is another.
    if (error instanceof ObjectNotFoundError) return false;
    throw error;
  }
}

function hasDigest(item: CopyItem, { sha256, crc32 }: Digest): boolean {
  return sha256 === item.sha256 && crc32 === item.crc32;
}

function resumableOf({ database }: CopyingDeps, item: CopyItem, every: number): Resumable {
  const { state, offset } = item.hash;
  return {
    from: state === null ? null : { offset, state },
    every,
    save: async (checkpoint) => {
      await database.em.fork().execute(
        `update copy_items set hash_state = ?, hash_offset = ?
           where delivery_id = ? and position = ? and proven_at is null`,
        [checkpoint.state, checkpoint.offset, item.deliveryId, item.position],
      );
    },
  };
}
