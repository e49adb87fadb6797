import type { StoredDamage } from '../../domain/archive/damage.ts';
import { ObjectChangedError, ObjectMissingError } from '../../platform/object-store/read-errors.ts';
import { MemberDamagedError } from './read-ahead.ts';

/** The object that a stream failed at for good; null where the store may yet give the right bytes. */
export function damageOf(error: unknown): StoredDamage | null {
  if (error instanceof MemberDamagedError) return { key: error.key, fault: 'wrong-checksum' };
  if (error instanceof ObjectMissingError) return { key: error.key, fault: 'object-missing' };
  if (error instanceof ObjectChangedError) return { key: error.key, fault: 'object-changed' };
  return null;
}
