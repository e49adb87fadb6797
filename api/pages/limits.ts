import type { RateLimit } from '../../platform/rate-limits.ts';
import { NoticeError } from './answers.ts';

/** @throws NoticeError `too_many_requests` where no try is left */
export async function takeOrRefuse(limit: RateLimit, key: string): Promise<void> {
  const wait = await limit.take(key);
  if (wait !== null) throw new NoticeError('too_many_requests', wait);
}
