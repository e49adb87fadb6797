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

/**
 * What limits count requests from nobody known by: the first 64 bits of an IPv6 address, since whoever has
 * one has all that begin so, or an IPv4 address, mapped into IPv6 or not.
 */
export function networkOf(ctx: Pick<Context, 'ip'>): string {
  const address = addressOf(ctx);
  if (address === null || isIP(address) === 4) return String(address);
  // In one way of writing, in which no group is dotted.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groups = (part = '') => part.split(':').filter((group) => group !== '');
  const zeros = 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array.from({ length: zeros }, () => '0'), ...groups(tail)];
  const isMapped = all.slice(0, 6).join() === '0,0,0,0,0,ffff';
  return (isMapped ? all : all.slice(0, 4)).join(':');
}

/** Where a request came from, for the record. */
export function sourceOf(ctx: Context): Source {
  return { address: addressOf(ctx), userAgent: ctx.get('User-Agent') || null };
}
