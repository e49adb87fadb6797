import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * A secret or an access token: 256 bits that nobody can guess, in base64url. Shown once; its row keeps the
 * hash. Nothing slower is needed than SHA-256, there being nothing to guess.
 */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** What a row keeps of a secret. */
export function secretHash(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}

/** Whether a secret is the one that a hash was kept of; its time tells nothing. */
export function isSecret(secret: string, hash: Buffer): boolean {
  return timingSafeEqual(secretHash(secret), hash);
}
