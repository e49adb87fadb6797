/** Looks once more at what seems to differ: rows and store are read one after the other, and both go on. */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  ObjectNotFoundError,
  type ObjectStore,
  type StoredObject,
} from '../../platform/object-store/object-store.ts';
import type { Finding } from './inventory-differences.ts';
import { readKnown } from './inventory-rows.ts';

/** The findings that still hold: the store is asked for the object itself, then the rows once more. */
export async function confirmed(
  em: EntityManager,
  store: ObjectStore,
  findings: readonly Finding[],
): Promise<Finding[]> {
  const holding: Finding[] = [];
  for (const finding of findings) {
    const object = await stored(store, finding);
    if (isExplained(finding, object)) continue;
    const isKnown = (await readKnown(em, [finding.key])).has(finding.key);
    // What is known must be there; what is there must be known.
    if (isKnown === (finding.kind !== 'object-unknown') && (await isStillKept(em, finding))) {
      holding.push({ ...finding, foundSize: object?.size ?? null });
    }
  }
  return holding;
}

function isExplained(finding: Finding, object: StoredObject | null): boolean {
  switch (finding.kind) {
    case 'object-missing':
    case 'size-differs':
      return object !== null && object.size === finding.expectedSize;
    case 'object-unknown':
      return object === null;
    default:
      return finding.kind satisfies never;
  }
}

/** Evidence whose destruction was decided meanwhile misses nothing. */
async function isStillKept(em: EntityManager, { evidenceId }: Finding): Promise<boolean> {
  if (evidenceId === null) return true;
  const rows = await em.execute<unknown[]>(
    `select 1 from evidence where id = ? and state <> 'destroyed'`,
    [evidenceId],
  );
  return rows.length > 0;
}

async function stored(
  store: ObjectStore,
  { key, versionId }: Finding,
): Promise<StoredObject | null> {
  try {
    return await store.stat(key, versionId);
  } catch (error) {
    if (error instanceof ObjectNotFoundError) return null;
    throw error;
  }
}
