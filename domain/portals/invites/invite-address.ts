/** Addresses that are not to be stored as contact information: sealed, for delivery only. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import type { InviteId } from '../../ids.ts';
import type { LinkKey, LinkKeys } from '../../link-token.ts';

const CIPHER = 'aes-256-gcm';
/** Bytes; NIST SP 800-38D recommends this length of the initialisation vector. */
const IV = 12;
const TAG = 16;

/** Keeps the address of an invite, sealed under the key that makes new links. */
export async function sealAddress(
  em: EntityManager,
  [key]: LinkKeys,
  inviteId: InviteId,
  address: string,
): Promise<void> {
  const iv = randomBytes(IV);
  const cipher = createCipheriv(CIPHER, sealingKey(key), iv).setAAD(Buffer.from(inviteId));
  const text = Buffer.concat([cipher.update(address, 'utf8'), cipher.final()]);
  await em.execute(
    `insert into invite_addresses (invite_id, key_id, sealed) values (?, ?, ?)
     on conflict (invite_id) do update set key_id = excluded.key_id, sealed = excluded.sealed`,
    [inviteId, key.id, Buffer.concat([iv, cipher.getAuthTag(), text])],
  );
}

/** The sealed address of an invite; null where there is none, or its key is configured no longer. */
export async function openAddress(
  em: EntityManager,
  keys: LinkKeys,
  inviteId: InviteId,
): Promise<string | null> {
  const [row] = await em.execute<{ key_id: string; sealed: Buffer }[]>(
    'select key_id, sealed from invite_addresses where invite_id = ?',
    [inviteId],
  );
  const key = keys.find(({ id }) => id === row?.key_id);
  if (row === undefined || key === undefined) return null;
  const decipher = createDecipheriv(CIPHER, sealingKey(key), row.sealed.subarray(0, IV), {
    authTagLength: TAG,
  }).setAAD(Buffer.from(inviteId));
  decipher.setAuthTag(row.sealed.subarray(IV, IV + TAG));
  const text = decipher.update(row.sealed.subarray(IV + TAG));
  return Buffer.concat([text, decipher.final()]).toString('utf8');
}

function sealingKey(key: LinkKey): Buffer {
  return Buffer.from(hkdfSync('sha256', key.secret, '', 'invite address', 32));
}
