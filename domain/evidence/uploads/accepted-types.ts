import type { EntityManager } from '@mikro-orm/postgresql';
import { Organization } from '../../identity/organization.entity.ts';
import type { OrganizationId } from '../../ids.ts';
import type { Upload } from '../evidence.entity.ts';
import { DEFAULT_EXTENSIONS } from './supported-types.ts';

/**
 * Extensions of the files that an organization takes, in lower case without the dot: those that it
 * lists; where it lists none, the usual ones from people outside, and any (null) from its own staff.
 */
export async function acceptedExtensions(
  em: EntityManager,
  organizationId: OrganizationId,
  from: 'staff' | 'outside',
): Promise<readonly string[] | null> {
  const { fileExtensions } = await em.findOneOrFail(Organization, organizationId);
  if (fileExtensions == null) return from === 'outside' ? DEFAULT_EXTENSIONS : null;
  return fileExtensions.map((extension) => extension.replace(/^\./, '').toLowerCase());
}

/** The same for an upload that is there already. */
export async function acceptedFor(
  em: EntityManager,
  upload: Upload,
): Promise<readonly string[] | null> {
  const from = upload.createdBy == null ? 'outside' : 'staff';
  return acceptedExtensions(em, upload.organizationId, from);
}
