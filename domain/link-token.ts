import { createHash, createHmac } from 'node:crypto';

/** A key that tokens of links are derived from. */
export interface LinkKey {
  readonly id: string;
  readonly secret: Buffer;
}

/** The keys of `LINK_KEYS`: the first makes new links, every one verifies. */
export type LinkKeys = readonly [LinkKey, ...LinkKey[]];

/**
 * The token of a new link: `HMAC-SHA-256(key, link id ‖ generation)`, 256 bits in base64url. It is never
 * stored: the row has only its hash, so a dump of the database opens nothing, and the same link can
 * be mailed again.
 */
export function linkToken([key]: LinkKeys, linkId: string, generation: number): string {
  return derive(key, linkId, generation);
}

function derive(key: LinkKey, linkId: string, generation: number): string {
  return createHmac('sha256', key.secret).update(`${linkId}:${generation}`).digest('base64url');
}

/** What the row of a link keeps of its token. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/**
 * The token whose hash a row keeps, found among the keys: the one in use, or one that was rotated out
 * but is still configured.
 * @returns null where the key that made it is configured no longer
 */
export function rederiveToken(
  keys: LinkKeys,
  link: { id: string; generation: number; tokenHash: Buffer },
): string | null {
  for (const key of keys) {
    const token = derive(key, link.id, link.generation);
    if (tokenHash(token).equals(link.tokenHash)) return token;
  }
  return null;
}

/** Tokens have this shape; anything else is not looked up. */
export const TOKEN_PATTERN = /^[A-Za-z0-9_-]{43}$/;
