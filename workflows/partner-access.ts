import { live } from './lifecycle.ts';

/**
 * The life of partner access (id `partner-access:<share id>`): it invites recipients, tells them and the
 * creator three days before it expires, tells whoever loses it, and records its expiry. What recipients
 * may see at any moment is decided by PostgreSQL alone.
 */
export async function partnerAccess(): Promise<void> {
  await live('partner-access', {});
}
