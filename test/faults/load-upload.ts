/** Files as clients send them: parts straight to the store, each until it is there, and then completed. */
import { createHash, randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { LoadClient } from './load.ts';
import { GivenUpError, type LoadRequest } from './load-calls.ts';

/** Bytes of most files; one in eight has two parts. */
const USUAL_SIZE = 200_000;
const LARGE_SIZE = 6 * 1024 ** 2;

/** Milliseconds for a part, and attempts at it. */
const PART_PATIENCE = 20_000;
const PART_ATTEMPTS = 60;

/** A file that was acknowledged. */
export interface SentFile {
  readonly uploadId: string;
  readonly sha256: string;
}

/** Where and as whom a file is sent. */
export interface LoadPlace {
  /** The address of its uploads, below the origin. */
  readonly path: string;
  readonly as: LoadRequest['as'];
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** Sends a file of random bytes and completes it. */
export async function sendFile(client: LoadClient, place: LoadPlace): Promise<SentFile> {
  const { calls, random, marker } = client;
  const content = randomBytes(random(8) === 0 ? LARGE_SIZE : 1 + random(USUAL_SIZE));
  const sha256 = createHash('sha256').update(content).digest('hex');
  const fileName = `${marker('file')}.mp4`;
  const { path, as } = place;
  const begun = await calls.act(
    { name: 'upload.begin', marker: fileName, expects: sha256 },
    { method: 'POST', path, as, body: { fileName, size: content.length, ...place.fields } },
  );
  const { id, partSize, partCount } = begun.body;
  const parts: { partNumber: number; etag: string }[] = [];
  for (let partNumber = 1; partNumber <= partCount; partNumber += 1) {
    const bytes = content.subarray((partNumber - 1) * partSize, partNumber * partSize);
    const etag = await sendPart(client, place, { id, partNumber, bytes });
    parts.push({ partNumber, etag });
  }
  await calls.act(
    { name: 'upload.complete', entity: id, expects: sha256 },
    { method: 'POST', path: `${path}/${id}/complete`, as, body: { parts } },
  );
  return { uploadId: id, sha256 };
}

async function sendPart(
  { calls }: LoadClient,
  { path, as }: LoadPlace,
  part: { readonly id: string; readonly partNumber: number; readonly bytes: Buffer },
): Promise<string> {
  const { id, partNumber, bytes } = part;
  for (let tries = 0; tries < PART_ATTEMPTS; tries += 1) {
    const { status, body } = await calls.ask({
      method: 'POST',
      path: `${path}/${id}/part-urls`,
      as,
      body: { partNumbers: [partNumber] },
    });
    if (status !== 200) throw new GivenUpError(`no address for a part: ${status} ${body?.code}`);
    try {
      const response = await fetch(body.urls[0].url, {
        method: 'PUT',
        body: new Uint8Array(bytes),
        signal: AbortSignal.timeout(PART_PATIENCE),
      });
      await response.arrayBuffer();
      if (response.ok) return (response.headers.get('ETag') ?? '').replaceAll('"', '');
    } catch {
      // As lost as one that the store refused: it is sent again.
    }
    await pause(Math.min(200 * 2 ** tries, 3_000));
  }
  throw new GivenUpError('the store takes no part');
}

/** Waits until files were verified. */
export async function untilVerified(
  { calls }: LoadClient,
  { path, as }: LoadPlace,
  files: readonly SentFile[],
): Promise<void> {
  for (const { uploadId } of files) {
    for (let looks = 0; ; looks += 1) {
      const { status, body } = await calls.ask({ method: 'GET', path: `${path}/${uploadId}`, as });
      if (status !== 200) throw new GivenUpError(`no upload: ${status}`);
      if (body.state === 'verified') break;
      if (body.state !== 'verifying' || looks > 600) {
        throw new GivenUpError(`an upload is ${body.state}`);
      }
      await pause(400);
    }
  }
}
