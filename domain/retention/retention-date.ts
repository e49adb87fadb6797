/** When evidence is queued for deletion (product rules, section 9). Pure. */
import type { EvidenceState, Uploader } from '../evidence/evidence.entity.ts';
import type { RetentionPolicy } from '../identity/organization.entity.ts';

const DAY = 24 * 3600 * 1000;

/** Product rules, section 9: what was restored is kept for so long at least, in milliseconds. */
const GRACE = 30 * DAY;

/** What decides about one piece of evidence. */
export interface RetentionFacts {
  /** The days of each category that it has; null: until manually deleted. */
  readonly categories: readonly (number | null)[];
  /** The policy of each case that it is in. */
  readonly cases: readonly RetentionPolicy[];
  /** When its days began: recording, or upload where that is what counts. */
  readonly countedFrom: Date;
  /**
   * When the days of the case's longest-kept evidence end, for each case with the policy
   * `longest_retention_period`, in any order; null: never.
   */
  readonly longestInCases: readonly (Date | null)[];
  /** Until when a submission is kept that was declined, whatever else holds; absent for any other. */
  readonly declinedUntil?: Date | null;
  /** When it was restored last; absent where it never was. */
  readonly restoredAt?: Date | null;
}

/**
 * The instant at which evidence is queued for deletion; null: it is kept until somebody deletes it. Of
 * several categories and cases the longest wins; without a category it is kept. What was restored is
 * kept for 30 days more at least.
 */
export function retentionDate(facts: RetentionFacts): Date | null {
  const date = facts.declinedUntil ?? dateByPolicy(facts);
  if (date === null || facts.restoredAt == null) return date;
  return later(date, new Date(facts.restoredAt.getTime() + GRACE));
}

function dateByPolicy(facts: RetentionFacts): Date | null {
  if (facts.cases.includes('until_manually_deleted')) return null;
  const own = ownDate(facts);
  if (own === null) return null;
  if (!facts.cases.includes('longest_retention_period')) return own;
  return facts.longestInCases.reduce<Date | null>(later, own);
}

/** What its categories alone say. */
export function ownDate({
  categories,
  countedFrom,
}: Pick<RetentionFacts, 'categories' | 'countedFrom'>): Date | null {
  if (categories.length === 0) return null;
  const days = categories.reduce<number | null>(
    (longest, each) => (longest === null || each === null ? null : Math.max(longest, each)),
    0,
  );
  return days === null ? null : new Date(countedFrom.getTime() + days * DAY);
}

/** The later of two instants, null being never. */
export function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return null;
  return one >= other ? one : other;
}

/** Until when a declined submission is kept: so many days after it was declined. */
export function declinedUntil(declinedAt: Date, days: number): Date {
  return new Date(declinedAt.getTime() + days * DAY);
}

/** Submitted evidence counts from its upload, other evidence from its recording, where that is known. */
export function countedFrom(evidence: {
  readonly uploadedBy: Uploader['type'];
  readonly recordedAt: Date | null;
  readonly uploadedAt: Date;
}): Date {
  const { uploadedBy, recordedAt, uploadedAt } = evidence;
  switch (uploadedBy) {
    case 'trusted_user':
    case 'community_member':
      return uploadedAt;
    case 'user':
      return recordedAt ?? uploadedAt;
    default:
      return uploadedBy satisfies never;
  }
}

/** The states that the rule may queue evidence from; of any other people decide first. */
export const QUEUED_BY_RULE = ['active', 'declined'] as const satisfies readonly EvidenceState[];

/**
 * The policy of a case that a partner sends: the organization's default, else until manually deleted; that
 * too where case retention cannot be configured there (`product/case-sharing`, "Shared case retention
 * information").
 */
export function receivedCasePolicy(organization: {
  readonly defaultRetentionPolicy?: RetentionPolicy | null | undefined;
  readonly features: readonly string[];
}): RetentionPolicy {
  return effectivePolicy(
    organization,
    organization.defaultRetentionPolicy ?? 'until_manually_deleted',
  );
}

/** The policy of a case that counts: without `configurableCaseRetention` all is kept until manually deleted. */
export function effectivePolicy(
  { features }: { readonly features: readonly string[] },
  policy: RetentionPolicy,
): RetentionPolicy {
  return features.includes('configurableCaseRetention') ? policy : 'until_manually_deleted';
}
