/** The archive that a manifest asks for, whatever its format. */
import type { TagFile } from './bag.ts';
import { layoutIso } from './iso.ts';
import type { ArchiveLayout } from './layout.ts';
import type { ArchiveManifest } from './manifest.ts';
import { layoutZip } from './zip.ts';

/**
 * The manifest in its own format. The same manifest gives the same bytes, always.
 * @param extraTags further tag files, see `bagTagFiles`
 * @throws ArchiveManifestError where the manifest is not sound
 * @throws IsoTooLargeError where it asks for an image larger than one can be, see `fitsIso`
 */
export function layoutArchive(
  manifest: ArchiveManifest,
  extraTags: readonly TagFile[] = [],
): ArchiveLayout {
  switch (manifest.format) {
    case 'zip':
      return layoutZip(manifest, extraTags);
    case 'iso':
      return layoutIso(manifest, extraTags);
    default:
      return manifest.format satisfies never;
  }
}
