import type { Context } from 'koa';

/** Sends the browser on to another page of ours by GET. */
export function seeOther(ctx: Context, address: string): void {
  ctx.redirect(address);
  ctx.status = 303;
  ctx.type = 'text/plain; charset=utf-8';
  ctx.body = `${address}\n`;
}
