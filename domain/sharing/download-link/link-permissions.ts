/** Who may give evidence away by a download link (product rules, section 2). */
import type { EntityManager } from '@mikro-orm/postgresql';
import {
  isOwnCase,
  level,
  ownEvidence,
  requireFeature,
  requirePermissions,
  type Staff,
} from '../../identity/staff.ts';
import type { CaseId, EvidenceId } from '../../ids.ts';

/** @throws DomainError `feature-missing` or `permission-missing` where the case may not be shared */
export async function requireCaseLinks(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
): Promise<void> {
  requireFeature(staff, 'caseShare');
  requirePermissions(
    staff,
    ['case.share', 'case.shareDownloadLinks'],
    await isOwnCase(em, staff, caseId),
  );
}

/** @throws DomainError `permission-missing` where any of the evidence may not be shared */
export async function requireEvidenceLinks(
  em: EntityManager,
  staff: Staff,
  evidenceIds: readonly EvidenceId[],
): Promise<void> {
  const needed = ['evidence.share', 'evidence.shareDownloadLinks'] as const;
  if (needed.every((permission) => level(staff, permission) === 'any')) return;
  const own = await ownEvidence(em, staff, evidenceIds);
  requirePermissions(staff, needed, own.size === evidenceIds.length);
}
