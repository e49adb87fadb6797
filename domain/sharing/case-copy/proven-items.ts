/** Takes down which files of a delivery are copied and proven: many at once, and soon. */
import type { StoredObject } from '../../../platform/object-store/object-store.ts';
import type { CopyDeliveryId } from '../../ids.ts';
import type { CopyItem, CopyingDeps } from './copy-items.ts';

/** After how much what is proven is written: so much is done again after a crash. */
interface Unwritten {
  readonly files: number;
  readonly milliseconds: number;
}

const MOST: Unwritten = { files: 50, milliseconds: 1_000 };

/** What a slice has proven of one delivery. */
export interface ProvenItems {
  /** Takes down that a file's copy is what its source is, and that nothing more is to be done with it. */
  add(item: CopyItem, made: StoredObject): Promise<void>;
  /** Whether the delivery goes on, as the database said a second ago at most. */
  goesOn(): Promise<boolean>;
  /** Writes what is not written yet. */
  write(): Promise<void>;
}

/** @param now the workflow's clock */
export function provenItems(
  { database }: CopyingDeps,
  deliveryId: CopyDeliveryId,
  now: Date,
  most: Unwritten = MOST,
): ProvenItems {
  let waiting: { position: number; etag: string; version: string | null }[] = [];
  let written = performance.now();
  let lastAnswer = true;

  async function write(): Promise<void> {
    const items = waiting;
    waiting = [];
    written = performance.now();
    const [delivery] = await database.em
      .fork()
      .execute<{ goes_on: boolean }[]>(WRITE, [
        now,
        now,
        now,
        JSON.stringify(items),
        deliveryId,
        deliveryId,
      ]);
    lastAnswer = delivery?.goes_on === true;
  }

  const isLate = () => performance.now() - written > most.milliseconds;
  return {
    async add({ position }, { etag, versionId }) {
      waiting.push({ position, etag, version: versionId });
      if (waiting.length >= most.files || isLate()) await write();
    },
    async goesOn() {
      if (isLate()) await write();
      return lastAnswer;
    },
    async write() {
      if (waiting.length > 0) await write();
    },
  };
}

/** The first worker that says which version it made decides: that one is given out. */
const WRITE = /* sql */ `
  with written as (
    update copy_items i set copied_at = coalesce(i.copied_at, ?), target_version = p.version,
      target_etag = p.etag, proven_at = coalesce(i.proven_at, ?), hash_state = null, hash_offset = 0,
      settled_at = ?
    from json_to_recordset(?::json) as p (position int, etag text, version text)
    where i.delivery_id = ? and i.position = p.position and i.settled_at is null and i.failure is null
      and (i.copied_at is null
        or (i.target_etag = p.etag and i.target_version is not distinct from p.version)))
  select state = 'copying' as goes_on from copy_deliveries where id = ?`;
