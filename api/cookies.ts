/** The cookies of people who have no account here. What one opens, and until when, PostgreSQL says. */
import type { Context } from 'koa';
import type { Config } from '../platform/config.ts';

/**
 * What a browser holds a secret for: a sign-in under way, the sign-in itself, or the session of one
 * link. Sessions carry the id of what they open, so that several live side by side in one browser.
 */
export type HeldFor =
  | 'sign-in'
  | 'user'
  | `share-${string}`
  | `request-${string}`
  | `log-${string}`
  | `invite-${string}`;

/** Milliseconds that a browser keeps a session's secret after the link's end, to be told how it ended. */
const KEPT_AFTER = 30 * 24 * 3600 * 1000;

/** The secret that the browser holds; '' where it holds none. */
export function heldSecret(ctx: Context, config: Config, of: HeldFor): string {
  return ctx.cookies.get(cookieName(config, of)) ?? '';
}

/** Gives the browser a secret until it is closed. */
export function giveSecret(ctx: Context, config: Config, of: HeldFor, secret: string): void {
  set(ctx, config, of, secret, []);
}

/** Gives the browser the secret of a session of a link that ends at this instant. */
export function keepSecret(
  ctx: Context,
  config: Config,
  of: HeldFor,
  session: { readonly secret: string; readonly expiresAt: Date },
): void {
  const until = new Date(session.expiresAt.getTime() + KEPT_AFTER);
  set(ctx, config, of, session.secret, [`Expires=${until.toUTCString()}`]);
}

/** Takes it away. */
export function takeSecret(ctx: Context, config: Config, of: HeldFor): void {
  set(ctx, config, of, '', ['Max-Age=0']);
}

/**
 * `Lax`, since links are opened from mail and issuers send browsers back from another site, and whoever
 * has opened a link before is to be known then.
 */
function set(
  ctx: Context,
  config: Config,
  of: HeldFor,
  value: string,
  more: readonly string[],
): void {
  const secure = isHttps(config) ? ['Secure'] : [];
  ctx.append(
    'Set-Cookie',
    [
      `${cookieName(config, of)}=${value}`,
      'Path=/',
      ...more,
      'HttpOnly',
      ...secure,
      'SameSite=Lax',
    ].join('; '),
  );
}

/** Over https the prefix `__Host-` keeps other hosts and plain http from setting it. */
function cookieName(config: Config, of: HeldFor): string {
  return `${isHttps(config) ? '__Host-' : ''}cb-${of}`;
}

function isHttps({ CASEBRIDGE_PUBLIC_URL }: Config): boolean {
  return CASEBRIDGE_PUBLIC_URL.startsWith('https:');
}
