/**
 * Links and codes in mails. A stored mail has a placeholder in their place: what opens something is
 * derived when the mail is sent and stands nowhere in the database, so that a dump of it opens nothing.
 */
import { randomBytes } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { signInCode } from '../identity/sign-in-code.ts';
import type {
  AccessLinkId,
  ActivityLogLinkId,
  InviteId,
  SignInAttemptId,
  UploadRequestId,
} from '../ids.ts';
import type { LinkKeys } from '../link-token.ts';
import { inviteAddress, inviteToken } from '../portals/invites/invite-links.ts';
import { logToken, requestToken } from '../requests/request-links.ts';
import { accessToken } from '../sharing/partner-access/access-link.ts';

/** What stands in a mail for its placeholder. */
export type MailSecret = {
  /** Occurs in the mail exactly where the secret belongs. */
  readonly placeholder: string;
  readonly generation: number;
} & (
  | { readonly type: 'access-link'; readonly linkId: AccessLinkId }
  | { readonly type: 'sign-in-code'; readonly attemptId: SignInAttemptId }
  | { readonly type: 'upload-request'; readonly requestId: UploadRequestId }
  | { readonly type: 'activity-log'; readonly linkId: ActivityLogLinkId }
  | { readonly type: 'invite'; readonly inviteId: InviteId }
);

/** What links are made of. */
export interface Revealing {
  readonly linkKeys: LinkKeys;
  /** The origin that every link starts with. */
  readonly publicUrl: string;
}

/** A placeholder that no text of a user's can hold. */
export function secretPlaceholder(): string {
  return `secret-${randomBytes(16).toString('hex')}`;
}

/**
 * A mail with its secret in it, to be sent at once.
 * @returns null where the secret has been replaced by another, or its key is configured no longer
 */
export async function reveal<Mail extends { readonly text: string; readonly html: string }>(
  em: EntityManager,
  mail: Mail,
  secret: MailSecret,
  { linkKeys, publicUrl }: Revealing,
): Promise<Mail | null> {
  const revealed = await secretText(em, secret, linkKeys, publicUrl);
  if (revealed === null) return null;
  return {
    ...mail,
    text: mail.text.replaceAll(secret.placeholder, revealed),
    html: mail.html.replaceAll(secret.placeholder, revealed),
  };
}

async function secretText(
  em: EntityManager,
  secret: MailSecret,
  linkKeys: LinkKeys,
  publicUrl: string,
): Promise<string | null> {
  switch (secret.type) {
    case 'access-link': {
      const token = await accessToken(em, linkKeys, secret.linkId, secret.generation);
      return token === null ? null : `${publicUrl}/a/${token}`;
    }
    case 'sign-in-code':
      return signInCode(linkKeys[0], secret.attemptId, secret.generation);
    case 'upload-request': {
      const token = await requestToken(em, linkKeys, secret.requestId, secret.generation);
      return token === null ? null : `${publicUrl}/u/${token}`;
    }
    case 'activity-log': {
      const token = await logToken(em, linkKeys, secret.linkId);
      return token === null ? null : `${publicUrl}/l/${token}`;
    }
    case 'invite': {
      const token = await inviteToken(em, linkKeys, secret.inviteId, secret.generation);
      return token === null ? null : inviteAddress(publicUrl, token);
    }
    default:
      return secret satisfies never;
  }
}
