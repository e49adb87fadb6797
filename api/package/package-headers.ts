import type { Context } from 'koa';
import type { ArchiveFormat } from '../../domain/archive/manifest.ts';
import type { ByteRange } from '../../domain/archive/ranges.ts';
import type { DownloadGrant } from '../../domain/sharing/download-session.ts';
import { attachment } from './attachment.ts';
import { packageName } from './package-name.ts';

/** As registered with IANA. */
const CONTENT_TYPES: Readonly<Record<ArchiveFormat, string>> = {
  zip: 'application/zip',
  iso: 'application/vnd.efi.iso',
};

/** The head of an answer with bytes of the package, or of one to HEAD. */
export function setContent(
  ctx: Context,
  grant: DownloadGrant,
  { status, start, end }: { readonly status: 200 | 206 } & ByteRange,
): void {
  ctx.status = status;
  setValidators(ctx, grant);
  ctx.set('Content-Type', CONTENT_TYPES[grant.format]);
  ctx.set('Content-Length', String(end - start));
  ctx.set('Content-Disposition', attachment(packageName(grant)));
  if (status === 206) ctx.set('Content-Range', `bytes ${start}-${end - 1}/${grant.packageSize}`);
}

/** The head of an answer that says why there are no bytes (RFC 9110 sections 13.2 and 14.4). */
export function setRefusal(ctx: Context, grant: DownloadGrant, status: 304 | 412 | 416): void {
  ctx.status = status;
  setValidators(ctx, grant);
  if (status === 416) ctx.set('Content-Range', `bytes */${grant.packageSize}`);
}

function setValidators(ctx: Context, { packageEtag }: DownloadGrant): void {
  ctx.set('ETag', packageEtag);
  ctx.set('Accept-Ranges', 'bytes');
  ctx.set('Cache-Control', 'private, no-store, no-transform');
  // A proxy that spools an answer would give bytes out after a revoke, and fill its disk.
  ctx.set('X-Accel-Buffering', 'no');
}
