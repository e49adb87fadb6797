/** Whether there are bytes of evidence to give out, and what may be given out under its name. */
import type { ObjectSegment } from '../archive/layout.ts';
import type { ByteRange } from '../archive/ranges.ts';
import { DomainError } from '../errors.ts';
import type { Evidence } from './evidence.entity.ts';

/** A file as it was when it was verified: nothing else is given out. */
export interface VerifiedFile {
  readonly key: string;
  readonly versionId: string | null;
  readonly size: number;
  /** Of the stored object. */
  readonly etag: string;
  readonly sha256: string;
  readonly crc32: number;
}

/**
 * The file of evidence: bytes are given out once they were verified, and not those of quarantined files.
 * @throws DomainError `wrong-state`
 */
export function requireContent(evidence: Evidence): VerifiedFile {
  const { sha256, crc32, objectEtag, state } = evidence;
  if (state === 'verifying' || sha256 == null || crc32 == null || objectEtag == null) {
    throw new DomainError('wrong-state', 'This evidence is still being verified.');
  }
  if (state === 'quarantined') {
    throw new DomainError('wrong-state', 'This evidence is in quarantine.');
  }
  const { objectKey: key, objectVersion, size } = evidence;
  return { key, versionId: objectVersion ?? null, size, etag: objectEtag, sha256, crc32 };
}

/** SQL over evidence called `e`: there are bytes to give out, as `requireContent` has it. */
export const HAS_CONTENT = `e.state not in ('verifying', 'quarantined', 'destroyed')`;

/** A range of a file, as a stream reads it. */
export function segmentsOf(file: VerifiedFile, { start, end }: ByteRange): ObjectSegment[] {
  if (start === end) return [];
  const { key, versionId, size, etag, crc32 } = file;
  const object = { key, versionId, size, etag, crc32 };
  return [{ type: 'object', file: 0, ...object, offset: start, length: end - start }];
}
