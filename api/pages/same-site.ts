import type { Context } from 'koa';
import { NoticeError } from './answers.ts';

/** Refuses a form that another site sent. */
export function refuseOtherSites(ctx: Context, publicUrl: string): void {
  if (!isOwnSite(ctx, publicUrl)) throw new NoticeError('cross_site');
}

/**
 * Whether a page of ours sent this, or no page at all: by `Sec-Fetch-Site` where the browser says it, else by
 * `Origin`. Our own pages send no referrer, and so `Origin: null` (Fetch, "append a request Origin
 * header"); programs send neither.
 */
export function isOwnSite(ctx: Context, publicUrl: string): boolean {
  const site = ctx.get('Sec-Fetch-Site');
  const origin = ctx.get('Origin');
  return site === ''
    ? origin === '' || origin === 'null' || origin === publicUrl
    : site === 'same-origin' || site === 'none';
}
