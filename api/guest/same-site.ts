import type { Context } from 'koa';
import { DomainError } from '../../domain/errors.ts';
import { isOwnSite } from '../pages/same-site.ts';

/**
 * Refuses a call that the page of another site makes: its cookies would come along.
 * @throws DomainError `cross-site-request`
 */
export function requireSameSite(ctx: Context, publicUrl: string): void {
  if (isOwnSite(ctx, publicUrl)) return;
  throw new DomainError('cross-site-request', 'Only the pages of this site may call this.');
}
