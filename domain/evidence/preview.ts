import { DomainError } from '../errors.ts';

/** What may be shown in place (product rules, section 3), as types that no browser runs anything of. */
const SHOWN_IN_PLACE: ReadonlySet<string> = new Set([
  ...['avif', 'bmp', 'gif', 'heic', 'heif', 'jpeg', 'png', 'tiff', 'webp'].map(
    (subtype) => `image/${subtype}`,
  ),
  ...['3gpp', 'mp4', 'mpeg', 'ogg', 'quicktime', 'webm', 'x-matroska', 'x-ms-wmv', 'x-msvideo'].map(
    (subtype) => `video/${subtype}`,
  ),
  ...['aac', 'flac', 'mp4', 'mpeg', 'ogg', 'wav', 'webm', 'x-m4a', 'x-ms-wma', 'x-wav'].map(
    (subtype) => `audio/${subtype}`,
  ),
]);

/**
 * The media type under which a preview of a file is given out: that of its evidence, without parameters,
 * where it is an image, video or sound; null where there is no preview. SVG is a document that can hold
 * scripts, and no image here.
 */
export function previewType(contentType: string): string | null {
  const [essence = ''] = contentType.split(';', 1);
  const type = essence.trim().toLowerCase();
  return SHOWN_IN_PLACE.has(type) ? type : null;
}

/** @throws DomainError `file-type-not-supported` where there is no preview of such a file */
export function requirePreviewType(contentType: string): string {
  const type = previewType(contentType);
  if (type !== null) return type;
  throw new DomainError(
    'file-type-not-supported',
    'There are previews of images, video and audio only. Download the file to open it.',
  );
}
