import { Readable } from 'node:stream';
import { decideDownload } from '../../../domain/archive/ranges.ts';
import { DomainError } from '../../../domain/errors.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import { baseName } from '../../../domain/evidence/file-name.ts';
import { requireEvidence } from '../../../domain/evidence/visibility.ts';
import { type Route, route } from '../../route.ts';
import type { Serving } from './contents.ts';
import { evidenceParams } from './schema.ts';

/** Bytes are given out once they were verified, and not those of quarantined files. */
function requireContent(evidence: Evidence): {
  readonly etag: string;
  readonly verified: Serving['verified'];
} {
  const { sha256, crc32, objectEtag, state } = evidence;
  if (state === 'verifying' || sha256 == null || crc32 == null || objectEtag == null) {
    throw new DomainError('wrong-state', 'This evidence is still being verified.');
  }
  if (state === 'quarantined') {
    throw new DomainError('wrong-state', 'This evidence is in quarantine.');
  }
  // Equal bytes are all that a strong entity tag promises.
  return { etag: `"${sha256}"`, verified: { etag: objectEtag, crc32 } };
}

export const contentRoute: Route = route(
  {
    method: 'get',
    path: '/evidence/{evidenceId}/content',
    tag: 'Evidence',
    summary: 'Download the original file',
    description: 'With Range, If-Range, If-Match, If-None-Match and HEAD (RFC 9110).',
    params: evidenceParams,
    answers: {
      200: { description: 'The whole file', contentType: 'application/octet-stream' },
      206: { description: 'The range asked for', contentType: 'application/octet-stream' },
      304: { description: 'The file that you have is this one' },
    },
    problems: [
      'not-found',
      'permission-missing',
      'wrong-state',
      'precondition-failed',
      'range-not-satisfiable',
    ],
  },
  async ({ ctx, deps, staff, source, params }) => {
    const em = deps.database.em.fork();
    const evidence = await requireEvidence(em, staff, params.evidenceId, 'evidence.view');
    const { etag, verified } = requireContent(evidence);
    const isHead = ctx.method === 'HEAD';
    const decision = decideDownload(isHead ? 'HEAD' : 'GET', ctx.req.headers, etag, evidence.size);
    const headers = {
      ETag: etag,
      'Accept-Ranges': 'bytes',
      'Cache-Control': 'no-store, no-transform',
    };
    switch (decision.status) {
      case 304:
        return { status: 304, headers };
      case 412:
        throw new DomainError('precondition-failed', `The file has the entity tag ${etag}.`);
      case 416:
        ctx.set('Content-Range', `bytes */${evidence.size}`);
        throw new DomainError('range-not-satisfiable', `The file has ${evidence.size} bytes.`);
      case 200:
      case 206:
        break;
    }
    const { status, start, end } = decision;
    const contentHeaders = {
      ...headers,
      'Content-Type': evidence.contentType,
      'Content-Length': String(end - start),
      'Content-Security-Policy': "sandbox; default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
      ...(status === 206 ? { 'Content-Range': `bytes ${start}-${end - 1}/${evidence.size}` } : {}),
    };
    const setHead = () => {
      ctx.status = status;
      ctx.attachment(baseName(evidence.fileName));
      ctx.set(contentHeaders);
    };
    if (isHead) {
      setHead();
      return { status, headers: contentHeaders, body: Readable.from([]) };
    }
    const range = { start, end };
    await deps.contents.send({ ctx, staff, source, evidence, verified, range, setHead });
    // All of it has gone out, with this head.
    return { status, headers: contentHeaders };
  },
);
