/** The links of invites: tokens that are derived, of which rows keep the hash only. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { InviteId } from '../../ids.ts';
import { type LinkKeys, linkToken, rederiveToken, tokenHash } from '../../link-token.ts';

/** Keeps the hash of an invite's link of this generation; gives its token. */
export async function insertInviteLink(
  em: EntityManager,
  keys: LinkKeys,
  link: { readonly inviteId: InviteId; readonly generation: number; readonly at: Date },
): Promise<string> {
  const token = linkToken(keys, link.inviteId, link.generation);
  await em.execute(
    'insert into invite_links (invite_id, generation, token_hash, made_at) values (?, ?, ?, ?)',
    [link.inviteId, link.generation, tokenHash(token), link.at],
  );
  return token;
}

/** The token of an invite's link; null where that is superseded, or its key configured no longer. */
export async function inviteToken(
  em: EntityManager,
  keys: LinkKeys,
  inviteId: InviteId,
  generation: number,
): Promise<string | null> {
  const [link] = await em.execute<{ token_hash: Buffer }[]>(
    `select l.token_hash from invite_links l join invites i on i.id = l.invite_id
     where l.invite_id = ? and l.generation = ? and i.link_generation = l.generation`,
    [inviteId, generation],
  );
  if (link === undefined) return null;
  return rederiveToken(keys, { id: inviteId, generation, tokenHash: link.token_hash });
}

/** The address that a token opens. */
export function inviteAddress(publicUrl: string, token: string): string {
  return `${publicUrl}/i/${token}`;
}
