import { live } from './lifecycle.ts';
import { bytesActivities } from './long-work.ts';

/**
 * The life of a case's intake (id `evidence-intake:<case id>`, or the organization's id for uploads
 * to no case): reads every completed upload back, hashes it and releases or refuses it, in batches;
 * gives up uploads that were abandoned; removes what was not accepted. It ends when nothing waits,
 * and begins again with the next upload.
 */
export async function evidenceIntake(): Promise<void> {
  await live('evidence-intake', {
    verify: bytesActivities('verify').verifyUploads,
    tidy: bytesActivities('tidy').tidyUploads,
  });
}
