import { isIP } from 'node:net';
import type { Context } from 'koa';
import type { Source } from '../domain/audit/event.ts';

/**
 * The address that a request came from, as far as the trusted proxies tell it: without the port, the
 * brackets or the zone that some of them add; null where what they tell is no address.
 */
export function addressOf(ctx: Pick<Context, 'ip'>): string | null {
  const told = ctx.ip.trim();
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(told)?.[1];
  const bare = bracketed ?? told.replace(/^([\d.]+):\d+$/, '$1');
  const address = bare.replace(/%.*$/, '');
  return isIP(address) === 0 ? null : address;
}

/** Where a request came from, for the record. */
export function sourceOf(ctx: Context): Source {
  return { address: addressOf(ctx), userAgent: ctx.get('User-Agent') || null };
}
