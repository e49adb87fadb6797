import { live } from './lifecycle.ts';
import { bytesActivities } from './long-work.ts';

/**
 * The life of a copy (id `case-copy:<share id>`): copies the files of each delivery inside the object
 * store, in batches, and reads every copy back; gives the partner all of it in one transaction, or removes
 * what was copied; then the updates that wait, one after the other. It ends when nothing is left to
 * deliver or to tidy, and begins again with the next update.
 */
export async function caseCopy(): Promise<void> {
  await live('case-copy', {
    copy: bytesActivities('copy').copyFiles,
    tidy: bytesActivities('tidy').tidyCopies,
  });
}
