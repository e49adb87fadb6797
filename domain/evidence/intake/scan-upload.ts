import { addAbortSignal, Readable } from 'node:stream';
import type { MalwareScanner } from '../../../platform/malware-scanner.ts';
import type { ObjectStore, StoredObject } from '../../../platform/object-store/object-store.ts';
import type { ScanVerdict } from '../evidence.entity.ts';

/**
 * Has a stored file looked at for malware. One that is larger than the scanner takes is not taken for
 * clean.
 * @throws Error where the scanner or the store is away: no verdict, try later
 */
export async function scanUpload(
  means: {
    readonly store: ObjectStore;
    readonly scanner: MalwareScanner;
    readonly cancelled: AbortSignal;
  },
  key: string,
  object: StoredObject,
): Promise<ScanVerdict> {
  const { store, scanner, cancelled } = means;
  const whole = { offset: 0, length: object.size };
  const bytes =
    object.size === 0 ? Readable.from([]) : await store.read(key, whole, object.versionId);
  const result = await scanned(addAbortSignal(cancelled, bytes), scanner, cancelled);
  const at = new Date().toISOString();
  switch (result.verdict) {
    case 'clean':
      return { verdict: 'clean', detail: null, at };
    case 'infected':
      return { verdict: 'infected', detail: result.name, at };
    case 'too_large':
      return { verdict: 'not_scanned', detail: 'larger than the scanner takes', at };
    default:
      return result satisfies never;
  }
}

/** A stream that nobody reads to its end would keep its connection to the store. */
async function scanned(bytes: Readable, scanner: MalwareScanner, cancelled: AbortSignal) {
  try {
    return await scanner.scan(bytes as AsyncIterable<Buffer>, cancelled);
  } finally {
    bytes.destroy();
  }
}
