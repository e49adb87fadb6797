/** The cookies of recipients: that of a sign-in under way, and that of the sign-in. */
import type { Context } from 'koa';

/** Over https the prefix `__Host-` keeps other hosts and plain http from setting them. */
const NAMES = { attempt: 'cb-sign-in', user: 'cb-user' } as const;

/** What a browser holds of one of them; '' where it holds none. */
export function heldSecret(ctx: Context, of: keyof typeof NAMES, secure: boolean): string {
  return ctx.cookies.get(nameOf(of, secure)) ?? '';
}

/**
 * Gives the browser a secret until this browser is closed; PostgreSQL says until when it counts. `Lax`,
 * since links are opened from mail, and issuers send browsers back from another site.
 */
export function giveSecret(
  ctx: Context,
  of: keyof typeof NAMES,
  secret: string,
  secure: boolean,
): void {
  set(ctx, of, secret, secure, '');
}

/** Takes it away. */
export function takeSecret(ctx: Context, of: keyof typeof NAMES, secure: boolean): void {
  set(ctx, of, '', secure, '; Max-Age=0');
}

function set(
  ctx: Context,
  of: keyof typeof NAMES,
  value: string,
  secure: boolean,
  more: string,
): void {
  const attributes = `Path=/; HttpOnly${secure ? '; Secure' : ''}; SameSite=Lax${more}`;
  ctx.append('Set-Cookie', `${nameOf(of, secure)}=${value}; ${attributes}`);
}

function nameOf(of: keyof typeof NAMES, secure: boolean): string {
  return `${secure ? '__Host-' : ''}${NAMES[of]}`;
}
