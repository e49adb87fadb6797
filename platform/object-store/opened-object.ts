/** An object with its bytes, as one answer of the store has both. */
import { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import type { StoredObject } from './object-store.ts';

/** The bytes are those of this version, and of no other. */
export interface OpenedObject {
  readonly object: StoredObject;
  readonly content: Readable;
}

const described = z.object({
  etag: z.string().transform((etag) => etag.replace(/^"|"$/g, '')),
  'content-length': z.string().regex(/^\d+$/).transform(Number),
  'x-amz-version-id': z.string().optional(),
});

/**
 * What the answer to a request for a whole object says of it.
 * @throws Error where the store does not say it
 */
export function openedObject(answer: Readable): OpenedObject {
  const headers = answer instanceof IncomingMessage ? answer.headers : {};
  const found = described.safeParse(headers);
  if (!found.success) {
    answer.destroy();
    throw new Error('the store does not say which object it gives', { cause: found.error });
  }
  const { etag, 'content-length': size, 'x-amz-version-id': versionId = null } = found.data;
  return { object: { size, etag, versionId }, content: answer };
}
