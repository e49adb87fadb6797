/** What the archive benchmark reads: objects in a store, and the same as the manifest of a package. */
import { randomFillSync } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type {
  ArchiveFormat,
  DescribedFile,
  DescribedManifest,
} from '../../domain/archive/manifest.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';

/** An object that was loaded. */
export interface LoadedObject {
  readonly key: string;
  readonly size: number;
  readonly crc32: number;
  readonly etag: string;
  readonly versionId: string | null;
}

/** Objects of the large and of the small package. */
export interface Workload {
  readonly large: readonly LoadedObject[];
  readonly small: readonly LoadedObject[];
}

const MIB = 2 ** 20;
const PART = 64 * MIB;
const noise = randomFillSync(Buffer.alloc(8 * MIB));

const largeSizes = [1024 * MIB, 512 * MIB, ...Array.from({ length: 64 }, () => 8 * MIB)];
const SMALL_COUNT = 3000;
const SMALL_SIZE = 100 * 1024;
const LOADERS = 6;

/** Loads 2 GiB in 66 objects and 3,000 objects of 100 KiB. */
export async function loadWorkload(store: ObjectStore): Promise<Workload> {
  const large: LoadedObject[] = [];
  for (const [index, size] of largeSizes.entries()) {
    large.push(await loadLarge(store, `large/${index}`, size));
  }
  const small: LoadedObject[] = [];
  const loader = async (first: number) => {
    for (let index = first; index < SMALL_COUNT; index += LOADERS) {
      small[index] = await loadSmall(store, `small/${index}`, index);
    }
  };
  await Promise.all(Array.from({ length: LOADERS }, (_, first) => loader(first)));
  return { large, small };
}

async function loadLarge(store: ObjectStore, key: string, size: number): Promise<LoadedObject> {
  const uploadId = await store.beginUpload(key, 'application/octet-stream');
  const parts: { partNumber: number; etag: string }[] = [];
  let crc = 0;
  for (let offset = 0, partNumber = 1; offset < size; offset += PART, partNumber += 1) {
    const length = Math.min(PART, size - offset);
    const body = Buffer.concat(Array.from({ length: length / noise.length }, () => noise));
    body.writeUInt32LE(partNumber);
    crc = crc32(body, crc);
    const address = await store.partAddress(key, uploadId, partNumber, 3600);
    const response = await fetch(address, { method: 'PUT', body });
    if (!response.ok) throw new Error(`the store refused a part: ${response.status}`);
    parts.push({ partNumber, etag: (response.headers.get('etag') ?? '').replaceAll('"', '') });
  }
  await store.completeUpload(key, uploadId, parts);
  const { etag, versionId } = await store.stat(key);
  return { key, size, crc32: crc, etag, versionId };
}

async function loadSmall(store: ObjectStore, key: string, index: number): Promise<LoadedObject> {
  const body = Buffer.from(noise.subarray(index, index + SMALL_SIZE));
  await store.put(key, body, 'application/octet-stream');
  const { etag, versionId } = await store.stat(key);
  return { key, size: body.length, crc32: crc32(body), etag, versionId };
}

/** A package of these objects; the SHA-256 are not real, since nothing here reads them. */
export function manifestOf(
  objects: readonly LoadedObject[],
  format: ArchiveFormat,
): DescribedManifest {
  const at = '2026-01-01T00:00:00.000Z';
  const hash = '0'.repeat(64);
  const files = objects.map(
    ({ key, size, crc32: crc, etag, versionId }, index): DescribedFile => ({
      evidenceId: `evidence-${index}`,
      path: `camera ${index % 7}/${index}.bin`,
      originalName: `camera ${index % 7}/${index}.bin`,
      size,
      sha256: hash,
      crc32: crc,
      modifiedAt: at,
      object: { key, etag, versionId },
      evidence: {
        evidenceNumber: `E-${index}`,
        title: `Camera ${index % 7}, recording ${index}`,
        description: null,
        tags: [],
        contentType: 'application/octet-stream',
        recordedAt: at,
        uploadedAt: at,
        sensitiveContentWarning: false,
        source: { model: 'Model 4', serialNumber: null },
        location: null,
        multicamGroup: null,
        fleet: null,
      },
    }),
  );
  return {
    formatVersion: 2,
    format,
    shareId: 'benchmark',
    createdAt: at,
    organization: { name: 'Benchmark' },
    case: { number: 'bench', title: 'Benchmark' },
    sharing: {
      sharedBy: { name: 'Benchmark' },
      scope: 'entire_case',
      caseDescription: null,
      caseTags: [],
      audit: { sequence: 0, hash },
    },
    files,
  };
}
