/** How far a delivery is, for operators. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Progress } from '../../lifecycle/life.ts';
import type { CopyDelivery } from './delivery.entity.ts';

/** A delivery's files and bytes, and those of them that are copied and proven. */
export interface CopyAmounts {
  readonly files: number;
  readonly bytes: number;
  readonly settledFiles: number;
  readonly settledBytes: number;
}

/** Counts a delivery's files. */
export async function amountsOf(em: EntityManager, { id }: CopyDelivery): Promise<CopyAmounts> {
  const [row] = await em.execute<Record<keyof CopyAmounts, string>[]>(
    `select count(*) as files, coalesce(sum(size), 0) as bytes,
       count(*) filter (where settled_at is not null) as "settledFiles",
       coalesce(sum(size) filter (where settled_at is not null), 0) as "settledBytes"
     from copy_items where delivery_id = ?`,
    [id],
  );
  if (row === undefined) throw new Error('the files of a delivery could not be counted');
  return {
    files: Number(row.files),
    bytes: Number(row.bytes),
    settledFiles: Number(row.settledFiles),
    settledBytes: Number(row.settledBytes),
  };
}

const MB = 1e6;

/** How far these amounts are: rounded down, so that 100 % says that nothing is left. */
export function copyProgress(amounts: CopyAmounts): Progress {
  const { files, bytes, settledFiles, settledBytes } = amounts;
  const [done, all] = bytes > 0 ? [settledBytes, bytes] : [settledFiles, files];
  const share = all === 0 || settledFiles === files ? 100 : Math.floor((done / all) * 100);
  // Files without a byte may be what is left.
  const percent = settledFiles < files ? Math.min(share, 99) : share;
  const megabytes = [settledBytes, bytes].map((size) => (size / MB).toFixed(1));
  return {
    percent,
    text: `${settledFiles} of ${files} files, ${megabytes.join(' of ')} MB`,
  };
}
