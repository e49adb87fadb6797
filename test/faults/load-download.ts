/** A package is downloaded to its end, from where it broke off, and its files are as they were sent. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { fromBufferPromise } from 'yauzl';
import type { LoadClient } from './load.ts';
import { GivenUpError } from './load-calls.ts';
import type { SentFile } from './load-upload.ts';

const ATTEMPTS = 200;
const CALL_PATIENCE = 20_000;

/** A link that was opened, and what it must give. */
interface OpenedLink {
  readonly shareId: string;
  readonly cookie: string;
  readonly files: readonly SentFile[];
}

/** @throws Error where the archive holds other bytes than were sent */
export async function downloadByLink(client: LoadClient, link: OpenedLink): Promise<void> {
  const found = await digestsOf(await wholePackage(client, link));
  const missing = link.files.filter(({ sha256 }) => !found.has(sha256));
  if (missing.length > 0) throw new Error(`${missing.length} files were altered in an archive`);
}

async function wholePackage({ calls }: LoadClient, link: OpenedLink): Promise<Buffer> {
  const { cookie, shareId } = link;
  const pieces: Buffer[] = [];
  let have = 0;
  let etag = '';
  for (let tries = 0; tries < ATTEMPTS; tries += 1) {
    const headers: Record<string, string> =
      have === 0
        ? { Cookie: cookie }
        : { Cookie: cookie, Range: `bytes=${have}-`, 'If-Range': etag };
    try {
      const response = await fetch(`${calls.origin}/shared/${shareId}/package`, {
        headers,
        signal: AbortSignal.timeout(CALL_PATIENCE),
      });
      if (response.status === (have === 0 ? 200 : 206)) {
        etag = response.headers.get('ETag') ?? '';
        for await (const piece of response.body ?? []) {
          pieces.push(Buffer.from(piece));
          have += piece.length;
        }
        return Buffer.concat(pieces);
      }
      await response.body?.cancel();
      // It waits for its files; or something is away.
      if (response.status < 500 && response.status !== 409) {
        throw new GivenUpError(`no package: ${response.status}`);
      }
    } catch (error) {
      if (error instanceof GivenUpError) throw error;
    }
    await pause(500);
  }
  throw new GivenUpError('no package to its end');
}

async function digestsOf(archive: Buffer): Promise<ReadonlySet<string>> {
  const zip = await fromBufferPromise(archive, { lazyEntries: true });
  const digests = new Set<string>();
  for await (const entry of zip.eachEntry()) {
    const hash = createHash('sha256');
    for await (const part of await zip.openReadStreamPromise(entry)) hash.update(part);
    digests.add(hash.digest('hex'));
  }
  return digests;
}
