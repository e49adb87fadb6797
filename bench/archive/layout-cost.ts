/** A process that lays out one large archive and writes what that cost to standard output, as JSON. */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { layoutArchive } from '../../domain/archive/archive.ts';
import { ARCHIVE_FORMATS } from '../../domain/archive/manifest.ts';
import { manifestOf } from './workload.ts';

/** What one layout cost, beside its manifest. */
export interface LayoutCost {
  readonly milliseconds: number;
  /** How much the process grew at most. */
  readonly peakMiB: number;
  /** What the layout holds once garbage is gone. */
  readonly keptMiB: number;
  /** From an offset to its first segment. */
  readonly lookupMicroseconds: number;
}

const MIB = 2 ** 20;
const LOOKUPS = 1_000;

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function held(): number {
  collect();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const [, , asked, count] = process.argv;
const format = ARCHIVE_FORMATS.find((known) => known === asked) ?? 'zip';
const objects = Array.from({ length: Number(count) }, (_, index) => ({
  key: `objects/${index}`,
  size: 1_000_000 + index,
  crc32: index,
  etag: `"${index}"`,
  versionId: null,
}));
// Once in small, so that no compiling is measured.
layoutArchive(manifestOf(objects.slice(0, 2_000), format));
const manifest = manifestOf(objects, format);
const before = held();
const residentBefore = process.memoryUsage.rss();
const peakBefore = process.resourceUsage().maxRSS * 1024;

const started = performance.now();
const layout = layoutArchive(manifest);
const milliseconds = performance.now() - started;

const peakAfter = process.resourceUsage().maxRSS * 1024;
const grown = peakAfter > peakBefore ? peakAfter : process.memoryUsage.rss();
const kept = held() - before;
const asking = performance.now();
for (let round = 0; round < LOOKUPS; round += 1) {
  const offset = Math.floor((round / LOOKUPS) * layout.size);
  layout.segments(offset, offset + 1).next();
}
const cost: LayoutCost = {
  milliseconds,
  peakMiB: Math.max(0, grown - residentBefore) / MIB,
  keptMiB: Math.max(0, kept) / MIB,
  lookupMicroseconds: ((performance.now() - asking) / LOOKUPS) * 1000,
};
process.stdout.write(JSON.stringify(cost));
