import { live } from './lifecycle.ts';

/**
 * The life of a download link (id `download-link:<share id>`): it waits until all evidence of its
 * frozen manifest is verified, makes the link active, tells its creator three days before it expires,
 * ends download sessions that fell silent, and after expiry or revocation tidies up. Whether the link
 * opens at any moment is decided by PostgreSQL alone.
 */
export async function downloadLink(): Promise<void> {
  await live('download-link', {});
}
