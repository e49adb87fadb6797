import type { Context } from 'koa';
import type { ShareId } from '../../domain/ids.ts';

/** What a session is of: a share, an upload request, the activity log of one, or an invite. */
type SessionOf = 'share' | 'request' | 'log' | 'invite';

/**
 * The cookie of one session. Its name carries the id of what it opens, so that several links live side
 * by side in one browser. Over https the prefix `__Host-` keeps other hosts and plain http from setting
 * it.
 */
function cookieName(of: SessionOf, id: string, secure: boolean): string {
  return `${secure ? '__Host-' : ''}cb-${of}-${id}`;
}

/** The secret that the browser holds for something; '' where it holds none. */
export function secretFor(ctx: Context, of: SessionOf, id: string, secure: boolean): string {
  return ctx.cookies.get(cookieName(of, id, secure)) ?? '';
}

/** The secret that the browser holds for a share; '' where it holds none. */
export function sessionSecret(ctx: Context, shareId: ShareId, secure: boolean): string {
  return secretFor(ctx, 'share', shareId, secure);
}

/** How long a browser keeps a secret after the link's end, to be told then how it ended. */
const KEPT_AFTER_MS = 30 * 24 * 3600 * 1000;

/**
 * Gives the browser a session's secret; what it opens, and until when, PostgreSQL says. `Lax`, since a
 * link is clicked in mail on another site, and whoever has opened it before is to be known then.
 */
export function keepSecretFor(
  ctx: Context,
  of: SessionOf,
  id: string,
  secret: string,
  options: { readonly expiresAt: Date; readonly secure: boolean },
): void {
  ctx.append(
    'Set-Cookie',
    [
      `${cookieName(of, id, options.secure)}=${secret}`,
      'Path=/',
      `Expires=${new Date(options.expiresAt.getTime() + KEPT_AFTER_MS).toUTCString()}`,
      'HttpOnly',
      ...(options.secure ? ['Secure'] : []),
      'SameSite=Lax',
    ].join('; '),
  );
}

/** The same for the session of a share. */
export function setSessionSecret(
  ctx: Context,
  shareId: ShareId,
  secret: string,
  options: { readonly expiresAt: Date; readonly secure: boolean },
): void {
  keepSecretFor(ctx, 'share', shareId, secret, options);
}
