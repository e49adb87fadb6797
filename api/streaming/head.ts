/** The heads of answers with bytes, or without them (RFC 9110). */
import type { Context } from 'koa';
import { type DownloadDecision, decideDownload } from '../../domain/archive/ranges.ts';
import { DomainError } from '../../domain/errors.ts';
import type { StreamContent } from './grant.ts';

/** What is answered with a head that says how many bytes it has. */
export type ContentDecision = Extract<DownloadDecision, { readonly start: number }>;

/**
 * Decides what a GET or HEAD gets of the content, and sets what every such answer says.
 * @returns null for 304: the client has these bytes
 * @throws DomainError `precondition-failed`, `range-not-satisfiable`
 */
export function decide(ctx: Context, { etag, size }: StreamContent): ContentDecision | null {
  const decision = decideDownload(
    ctx.method === 'HEAD' ? 'HEAD' : 'GET',
    ctx.req.headers,
    etag,
    size,
  );
  ctx.set('ETag', etag);
  ctx.set('Accept-Ranges', 'bytes');
  ctx.set('Cache-Control', 'private, no-store, no-transform');
  // A proxy that spools an answer would give bytes out after a revoke, and fill its disk.
  ctx.set('X-Accel-Buffering', 'no');
  switch (decision.status) {
    case 200:
    case 206:
      return decision;
    case 304:
      return null;
    case 412:
      throw new DomainError('precondition-failed', `It has the entity tag ${etag}.`);
    case 416:
      ctx.set('Content-Range', `bytes */${size}`);
      throw new DomainError('range-not-satisfiable', `It has ${size} bytes.`);
    default:
      return decision satisfies never;
  }
}

/** Sets the head of an answer that has bytes, or would have them where it is one to HEAD. */
export function setContent(
  ctx: Context,
  { headers, size }: StreamContent,
  { status, start, end }: ContentDecision,
): void {
  ctx.status = status;
  ctx.set(headers);
  ctx.set('Content-Length', String(end - start));
  if (status === 206) ctx.set('Content-Range', `bytes ${start}-${end - 1}/${size}`);
}
