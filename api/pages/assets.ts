import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type Router from '@koa/router';
import type { Context } from 'koa';
import { DomainError } from '../../domain/errors.ts';
import { INVITE_UPLOADER, UPLOADER } from './web-modules.ts';

interface Asset {
  readonly path: string;
  readonly type: string;
  readonly content: Buffer;
}

/** A file beside this one, under a name that changes with its content. */
function asset(fileName: string, type: string): Asset {
  const content = readFileSync(new URL(`./assets/${fileName}`, import.meta.url));
  const hash = createHash('sha256').update(content).digest('hex').slice(0, 12);
  return { path: `/assets/${fileName.replace('.', `.${hash}.`)}`, type, content };
}

export const STYLE_SHEET = asset('pages.css', 'text/css; charset=utf-8');
export const UPLOADER_STYLE_SHEET = asset('uploader.css', 'text/css; charset=utf-8');
export const INVITE_STYLE_SHEET = asset('invites.css', 'text/css; charset=utf-8');
export const ICON = asset('icon.svg', 'image/svg+xml');

/** What pages load: their own files, kept by browsers for good since a change is a new address. */
export function assetRoutes(router: Router): void {
  const assets = new Map(
    [STYLE_SHEET, UPLOADER_STYLE_SHEET, INVITE_STYLE_SHEET, ICON].map((one) => [one.path, one]),
  );
  router.get('/assets/:name', (ctx) => {
    ctx.state.route = '/assets/{name}';
    const found = assets.get(ctx.path);
    give(ctx, found?.type, found?.content);
  });
  router.get('/assets/:set/*path', (ctx) => {
    ctx.state.route = '/assets/{set}/{path}';
    give(
      ctx,
      'text/javascript; charset=utf-8',
      packed(ctx, UPLOADER.contentOf(ctx.path) ?? INVITE_UPLOADER.contentOf(ctx.path)),
    );
  });
}

function give(ctx: Context, type = '', content?: string | Buffer): void {
  if (content === undefined)
    throw new DomainError('not-found', 'There is nothing at this address.');
  ctx.set('Cache-Control', 'public, max-age=31536000, immutable');
  ctx.type = type;
  ctx.body = content;
}

/** Many small texts, for readers whose connections may be slow. */
function packed(ctx: Context, content: string | undefined): string | Buffer | undefined {
  ctx.vary('Accept-Encoding');
  if (content === undefined || ctx.acceptsEncodings('gzip', 'identity') !== 'gzip') return content;
  ctx.set('Content-Encoding', 'gzip');
  return gzipSync(content);
}
