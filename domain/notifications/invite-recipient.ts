import { type InviteId, UUID } from '../ids.ts';

const PREFIX = 'invite:';

/** Stands for a community member's address in a message's row, which holds none. */
export function inviteRecipient(inviteId: InviteId): string {
  return `${PREFIX}${inviteId}`;
}

/** The invite that a message's recipient stands for; null where it is an address. */
export function inviteOfRecipient(recipient: string): InviteId | null {
  const id = recipient.slice(PREFIX.length);
  return recipient.startsWith(PREFIX) && UUID.test(id) ? (id as InviteId) : null;
}
