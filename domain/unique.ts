import { UniqueConstraintViolationException } from '@mikro-orm/core';
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError } from './errors.ts';

/**
 * Writes what has changed; a value that somebody else has taken is told in one sentence.
 * @throws DomainError `already-exists`
 */
export async function flushUnique(em: EntityManager, detail: string): Promise<void> {
  try {
    await em.flush();
  } catch (error) {
    if (!(error instanceof UniqueConstraintViolationException)) throw error;
    throw new DomainError('already-exists', detail, { cause: error });
  }
}
