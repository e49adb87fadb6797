/** When evidence is queued for deletion (product rules, section 9). Pure. */
import type { RetentionPolicy } from '../identity/organization.entity.ts';

const DAY = 24 * 3600 * 1000;

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
}

/**
 * The instant at which evidence is queued for deletion; null: it is kept until somebody deletes it. Of
 * several categories and cases the longest wins; without a category it is kept.
 */
export function retentionDate(facts: RetentionFacts): Date | null {
  if (facts.cases.includes('until_manually_deleted')) return null;
  const own = ownDate(facts);
  if (own === null) return null;
  if (!facts.cases.includes('longest_retention_period')) return own;
  return facts.longestInCases.reduce<Date | null>(later, own);
}

/** What its categories alone say. */
function ownDate({ categories, countedFrom }: RetentionFacts): Date | null {
  if (categories.length === 0) return null;
  const days = categories.reduce<number | null>(
    (longest, each) => (longest === null || each === null ? null : Math.max(longest, each)),
    0,
  );
  return days === null ? null : new Date(countedFrom.getTime() + days * DAY);
}

function later(one: Date | null, other: Date | null): Date | null {
  if (one === null || other === null) return null;
  return one >= other ? one : other;
}

/**
 * The policy of a case that a partner sends: the organization's default, else until manually deleted; that
 * too where case retention cannot be configured there (`product/case-sharing`, "Shared case retention
 * information").
 */
export function receivedCasePolicy(organization: {
  readonly defaultRetentionPolicy?: RetentionPolicy | null | undefined;
  readonly features: readonly string[];
}): RetentionPolicy {
  if (!organization.features.includes('configurableCaseRetention')) return 'until_manually_deleted';
  return organization.defaultRetentionPolicy ?? 'until_manually_deleted';
}
