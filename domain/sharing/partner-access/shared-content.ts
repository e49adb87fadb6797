/** Files of evidence as recipients of partner access read them. */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { CutCause } from '../../audit/event.ts';
import { DomainError, notFound } from '../../errors.ts';
import { Evidence } from '../../evidence/evidence.entity.ts';
import type { CaseId, ShareId } from '../../ids.ts';
import { type AccessKey, askAccess } from './access-grant.ts';
import { PartnerAccess } from './partner-access.entity.ts';

/** Evidence that a recipient may read, and the share by which. */
export interface SharedContent {
  readonly evidence: Evidence;
  readonly share: { readonly id: ShareId; readonly caseId: CaseId };
}

/**
 * Evidence that somebody may read by partner access, at this moment.
 * @throws DomainError `not-found` where the share does not show it to this user, whatever the reason;
 *   `permission-missing` where the user may view it and not download; `warning-not-accepted` where it is
 *   sensitive, and that was not accepted in the session that the key names
 */
export async function requireSharedContent(
  em: EntityManager,
  key: AccessKey,
): Promise<SharedContent> {
  const unwarned: AccessKey = { ...key, needs: 'view', acceptedIn: null };
  const [viewing, wanted] = await askAccess(em, [unwarned, key]);
  if (viewing !== null) throw notFound('evidence');
  if (wanted === 'not_accepted') {
    throw new DomainError(
      'warning-not-accepted',
      'This file is marked as sensitive. It is shown after that was accepted on its page.',
    );
  }
  if (wanted !== null) {
    throw new DomainError(
      'permission-missing',
      'This case is shared with you to be viewed. Whoever shared it can let you download too.',
      { members: { missing: [key.needs] } },
    );
  }
  const evidence = await em.findOneOrFail(Evidence, key.evidenceId);
  const { id, caseId } = await em.findOneOrFail(PartnerAccess, key.shareId);
  return { evidence, share: { id, caseId } };
}

/** Names who reads what by which share, for `askSharedContent`. */
export function sharedContentKey(key: AccessKey): string {
  const { userId, shareId, evidenceId, needs, acceptedIn } = key;
  return JSON.stringify({ userId, shareId, evidenceId, needs, acceptedIn });
}

/**
 * Asks for many recipients at once whether they may still read.
 * @returns for each key null while it may, else why not
 */
export async function askSharedContent(
  em: EntityManager,
  keys: readonly string[],
): Promise<ReadonlyMap<string, CutCause | null>> {
  const asked = keys.map((key): AccessKey => JSON.parse(key));
  const answers = await askAccess(em, asked);
  return new Map(answers.map((answer, position) => [keys[position] ?? '', answer]));
}
