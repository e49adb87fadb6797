/** The archive that a manifest asks for, whatever its format. */
import { layoutIso } from './iso.ts';
import type { ArchiveLayout } from './layout.ts';
import type { ArchiveManifest } from './manifest.ts';
import { layoutZip } from './zip.ts';

/**
 * The manifest in its own format. The same manifest gives the same bytes, always.
 * @throws ArchiveManifestError where the manifest is not sound
 * @throws IsoTooLargeError where it asks for an image larger than one can be, see `fitsIso`
 */
export function layoutArchive(manifest: ArchiveManifest): ArchiveLayout {
  switch (manifest.format) {
    case 'zip':
      return layoutZip(manifest);
    case 'iso':
      return layoutIso(manifest);
    default:
      return manifest.format satisfies never;
  }
}
