/** What is asked of a share, done as its method does it. */
import type { z } from 'zod';
import type { Act } from '../../../domain/act.ts';
import { DomainError, invalid } from '../../../domain/errors.ts';
import type { Staff } from '../../../domain/identity/staff.ts';
import type { CaseId, ShareId } from '../../../domain/ids.ts';
import {
  extendDownloadLink,
  revokeDownloadLink,
} from '../../../domain/sharing/download-link/change-download-link.ts';
import { shareMethod } from '../../../domain/sharing/lock-share.ts';
import {
  changePartnerAccess,
  revokePartnerAccess,
} from '../../../domain/sharing/partner-access/change-partner-access.ts';
import type { ApiDeps } from '../../deps.ts';
import { shareCopy } from './copies.ts';
import { linkAgain, prepareDownloadLink, reshareLink } from './download-links.ts';
import type { NewlyShared } from './newly-shared.ts';
import { shareAccess } from './partner-access.ts';
import type { newShare, shareChange } from './schema.ts';

/** Makes a share ready to be made: what takes long is done before the act that makes it. */
export async function prepareShare(
  deps: ApiDeps,
  body: z.output<typeof newShare>,
): Promise<(act: Act, staff: Staff, caseId: CaseId) => Promise<NewlyShared>> {
  switch (body.method) {
    case 'download_link':
      return prepareDownloadLink(deps, body);
    case 'partner_access':
      return async (act, staff, caseId) => shareAccess(act, staff, caseId, body);
    case 'copy':
      return async (act, staff, caseId) => shareCopy(act, staff, caseId, body);
    default:
      return body satisfies never;
  }
}

/** What an answer that is given again says beyond what was kept of it. */
export async function shareAgain(
  deps: ApiDeps,
  staff: Staff,
  shareId: ShareId,
): Promise<{ readonly link?: string }> {
  const { method } = await shareMethod(deps.database.em.fork(), staff, shareId);
  return method === 'download_link' ? linkAgain(deps, staff, shareId) : {};
}

/**
 * Changes a share.
 * @throws DomainError `copy-cannot-be-revoked` for a copy, which is the partner's
 */
export async function changeShare(
  act: Act,
  staff: Staff,
  shareId: ShareId,
  change: z.output<typeof shareChange>,
  check: (version: number) => void,
): Promise<void> {
  const { method } = await shareMethod(act.em, staff, shareId);
  switch (method) {
    case 'download_link': {
      const { durationDays, ...others } = change;
      const faults = Object.keys(others).map((name) => ({
        pointer: `/${name}`,
        detail: 'A download link is frozen: only its duration can be changed.',
      }));
      if (durationDays === undefined) {
        faults.push({
          pointer: '/durationDays',
          detail: 'Give the days that it shall last from now.',
        });
      }
      if (durationDays === undefined || faults.length > 0) throw invalid(...faults);
      await extendDownloadLink(act, staff, shareId, durationDays, check);
      return;
    }
    case 'partner_access':
      await changePartnerAccess(act, staff, shareId, change, check);
      return;
    case 'copy':
      throw theirs();
    default:
      method satisfies never;
  }
}

/**
 * Revokes a share.
 * @throws DomainError `copy-cannot-be-revoked` for a copy, which is the partner's
 */
export async function revokeShare(act: Act, staff: Staff, shareId: ShareId): Promise<void> {
  const { method } = await shareMethod(act.em, staff, shareId);
  switch (method) {
    case 'download_link':
      await revokeDownloadLink(act, staff, shareId);
      return;
    case 'partner_access':
      await revokePartnerAccess(act, staff, shareId);
      return;
    case 'copy':
      throw theirs();
    default:
      method satisfies never;
  }
}

/**
 * Makes a new link from a dead one.
 * @throws DomainError `wrong-state` for a share that is no download link
 */
export async function reshare(
  act: Act,
  deps: ApiDeps,
  staff: Staff,
  shareId: ShareId,
): Promise<NewlyShared> {
  const { method } = await shareMethod(act.em, staff, shareId);
  if (method !== 'download_link') {
    throw new DomainError('wrong-state', 'Only a download link is made anew from a dead one.');
  }
  return reshareLink(act, deps, staff, shareId);
}

function theirs(): DomainError {
  return new DomainError(
    'copy-cannot-be-revoked',
    'The partner owns its copy: it cannot be changed or taken back.',
  );
}
