/** What of a page of the store differs from what the rows say. Pure. */
import type { ListedVersion } from '../../platform/object-store/listings.ts';
import type { EvidenceId } from '../ids.ts';
import type { ExpectedObject } from './inventory-rows.ts';

/** How old an object is that nobody knows before that is a finding: until then somebody may be about to. */
const UNKNOWN_AFTER = 2 * 24 * 3600 * 1000;

export const FINDING_KINDS = ['object-missing', 'size-differs', 'object-unknown'] as const;

/** A difference between the store and the rows; sizes in bytes. */
export interface Finding {
  readonly kind: (typeof FINDING_KINDS)[number];
  readonly key: string;
  /** The version that is meant; null for whichever there is. */
  readonly versionId: string | null;
  readonly evidenceId: EvidenceId | null;
  readonly expectedSize: number | null;
  readonly foundSize: number | null;
}

/** Compares the listed versions with what is expected among them, and with what is known at all. */
export function differences(
  listed: readonly ListedVersion[],
  rows: { readonly expected: readonly ExpectedObject[]; readonly known: ReadonlySet<string> },
  now: Date,
): Finding[] {
  const byKey = Map.groupBy(listed, ({ key }) => key);
  const expected = rows.expected.flatMap(({ key, versionId, size, evidenceId }): Finding[] => {
    const versions = byKey.get(key) ?? [];
    // A listing gives the newest version of a key first.
    const found =
      versionId === null ? versions[0] : versions.find((one) => one.versionId === versionId);
    const about = { key, versionId, evidenceId, expectedSize: size };
    if (found === undefined) return [{ kind: 'object-missing', ...about, foundSize: null }];
    if (found.size === size) return [];
    return [{ kind: 'size-differs', ...about, foundSize: found.size }];
  });
  const unknown = [...byKey].flatMap(([key, versions]): Finding[] => {
    const [newest] = versions;
    if (newest === undefined || rows.known.has(key)) return [];
    if (now.getTime() - newest.lastModified.getTime() < UNKNOWN_AFTER) return [];
    const { versionId, size } = newest;
    return [
      {
        kind: 'object-unknown',
        key,
        versionId,
        evidenceId: null,
        expectedSize: null,
        foundSize: size,
      },
    ];
  });
  return [...expected, ...unknown];
}
