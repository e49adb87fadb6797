import { live } from './lifecycle.ts';

/**
 * The life of an upload request (id `upload-request:<request id>`): it has the invitation and the
 * reminders mailed, records expiry, ends what was not finished in time, tells the sender of verified
 * files and the trusted user of the closing. It ends when the request is closed and nothing is left to
 * tell; whether a link opens at any moment is decided by PostgreSQL alone.
 */
export async function uploadRequest(): Promise<void> {
  await live('upload-request', {});
}
