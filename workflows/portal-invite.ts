import { live } from './lifecycle.ts';

/**
 * The life of an invite (id `portal-invite:<invite id>`): it has the invitation and the reminders sent,
 * records expiry, and removes what was never handed in. It ends when something was handed in, or nothing
 * can be any more; whether a link opens at any moment is decided by PostgreSQL alone.
 */
export async function portalInvite(): Promise<void> {
  await live('portal-invite', {});
}
