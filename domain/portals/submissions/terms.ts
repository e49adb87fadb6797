/** The terms and conditions that an organization has community members accept. */
import { createHash } from 'node:crypto';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, invalid } from '../../errors.ts';
import { Organization } from '../../identity/organization.entity.ts';
import { LANGUAGES, type Language } from '../../identity/user.entity.ts';
import type { OrganizationId } from '../../ids.ts';

/** Terms as somebody reads them. */
export interface Terms {
  readonly language: Language;
  readonly text: string;
  /** Changes with the text. */
  readonly version: string;
}

/** Terms that were accepted, as a submission keeps them. */
export interface AcceptedTerms extends Terms {
  readonly acceptedAt: string;
}

/**
 * The terms for a reader of this language: in that language, else in the first of English, Spanish and
 * French that there is; null where the organization has none.
 */
export async function readTerms(
  em: EntityManager,
  organizationId: OrganizationId,
  language: Language,
): Promise<Terms | null> {
  const { terms } = await em.findOneOrFail(Organization, { id: organizationId });
  for (const one of [language, ...LANGUAGES]) {
    const text = terms[one];
    if (text !== undefined && text.trim() !== '') {
      return { language: one, text, version: createHash('sha256').update(text).digest('hex') };
    }
  }
  return null;
}

/**
 * The terms as they are accepted now.
 * @param accepted true, or the version that was read
 * @throws DomainError `validation-failed` where there are terms and they are not accepted, `wrong-state`
 *   where they have changed since they were read
 */
export function acceptTerms(
  terms: Terms | null,
  accepted: boolean | string,
  now: Date,
): AcceptedTerms | null {
  if (terms === null) return null;
  if (accepted === false) {
    throw invalid({ pointer: '/acceptedTerms', detail: 'The terms have to be accepted first.' });
  }
  if (accepted !== true && accepted !== terms.version) {
    throw new DomainError('wrong-state', 'The terms have changed. Read them again.', {
      members: { terms: terms.version },
    });
  }
  return { ...terms, acceptedAt: now.toISOString() };
}
