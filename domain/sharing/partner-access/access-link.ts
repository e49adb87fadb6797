/** The links of partner access: one for each recipient that was mailed, and each opens a sign-in only. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { AccessLinkId, OrganizationId, ShareId, UserId } from '../../ids.ts';
import {
  type LinkKeys,
  linkToken,
  rederiveToken,
  TOKEN_PATTERN,
  tokenHash,
} from '../../link-token.ts';

/**
 * The token of a link, which exists from the moment it is first asked for: then its hash is kept. Later it
 * is the same, also under other keys, as long as the key that made it is configured.
 * @returns null where the link has another generation by now, or the key is configured no longer
 */
export async function accessToken(
  em: EntityManager,
  keys: LinkKeys,
  linkId: AccessLinkId,
  generation: number,
): Promise<string | null> {
  const [row] = await em.execute<{ token_hash: Buffer | null }[]>(
    'select token_hash from share_access_links where id = ? and generation = ? and ended_at is null for update',
    [linkId, generation],
  );
  if (row === undefined) return null;
  if (row.token_hash !== null) {
    return rederiveToken(keys, { id: linkId, generation, tokenHash: row.token_hash });
  }
  const token = linkToken(keys, linkId, generation);
  await em.execute('update share_access_links set token_hash = ? where id = ?', [
    tokenHash(token),
    linkId,
  ]);
  return token;
}

/** A link as its token finds it: whose it is, and which sign-in it leads to. */
export interface FoundAccessLink {
  readonly id: AccessLinkId;
  readonly shareId: ShareId;
  readonly userId: UserId;
  /** The user's own, where it signs in. */
  readonly organizationId: OrganizationId;
}

/** The link with this token; null for what is none. Whether it opens anything is not said by it. */
export async function findAccessLink(
  em: EntityManager,
  token: string,
): Promise<FoundAccessLink | null> {
  if (!TOKEN_PATTERN.test(token)) return null;
  const [row] = await em.execute<FoundAccessLink[]>(
    `select link.id, link.share_id as "shareId", link.user_id as "userId",
       u.organization_id as "organizationId"
     from share_access_links link join users u on u.id = link.user_id where link.token_hash = ?`,
    [tokenHash(token)],
  );
  return row ?? null;
}
