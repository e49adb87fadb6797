import { createHmac, timingSafeEqual } from 'node:crypto';
import type { SignInAttemptId } from '../ids.ts';
import type { LinkKey, LinkKeys } from '../link-token.ts';

const DIGITS = 8;

/**
 * The one-time code of a sign-in: derived from a key, the attempt and how many codes it had, so that it is
 * stored nowhere. Eight digits.
 */
export function signInCode(key: LinkKey, attemptId: SignInAttemptId, generation: number): string {
  const mac = createHmac('sha256', key.secret)
    .update(`sign-in-code:${attemptId}:${generation}`)
    .digest();
  return String(mac.readBigUInt64BE() % 10n ** BigInt(DIGITS)).padStart(DIGITS, '0');
}

/** Whether this is the code, under any key that is configured. */
export function isSignInCode(
  keys: LinkKeys,
  attempt: { readonly id: SignInAttemptId; readonly generation: number },
  entered: string,
): boolean {
  const given = Buffer.from(entered.replaceAll(/[^0-9]/g, ''));
  return keys
    .map((key) => Buffer.from(signInCode(key, attempt.id, attempt.generation)))
    .some((code) => code.length === given.length && timingSafeEqual(code, given));
}
