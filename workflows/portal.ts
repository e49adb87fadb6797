import { live } from './lifecycle.ts';

/**
 * The life of a portal (id `portal:<portal id>`): it has the request owner told of an incident report's
 * portal, records expiry, and has the owner told of what was handed in. It ends when the portal is closed
 * and nothing is left to tell.
 */
export async function portal(): Promise<void> {
  await live('portal', {});
}
