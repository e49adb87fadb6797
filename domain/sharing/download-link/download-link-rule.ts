/** The rule of a download link's life (product rules, sections 3, 6 and 8). Pure. */
import type { Next } from '../../lifecycle/life.ts';

const HOUR = 3600 * 1000;

/** "3 days before expiry (if it lasts longer than 6)". */
const NOTICE_BEFORE = 72 * HOUR;
const NOTICE_ONLY_ABOVE_DAYS = 6;

/** "A session idle for 30 minutes is ended by its lifecycle." */
export const SESSION_IDLE = HOUR / 2;

export interface DownloadLinkFacts {
  readonly durationDays: number;
  readonly activatedAt: Date | null;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
  readonly failedAt: Date | null;
  /** The expiry that the creator was told of, and the one that was tidied up after. */
  readonly expiryNoticeFor: Date | null;
  readonly expiryHandledFor: Date | null;
  /** Items of the manifest that are being verified still, and those that cannot be any more. */
  readonly itemsWaiting: number;
  readonly itemsLost: number;
  /** Last sign of life of the download under way that has been silent longest. */
  readonly quietestDownload: Date | null;
}

export type DownloadLinkStep =
  | 'activate'
  | 'fail'
  | 'tell of expiry'
  | 'handle expiry'
  | 'end silent downloads';

/** What is due next on a download link, or what it waits for. */
export function nextDownloadLinkStep(facts: DownloadLinkFacts, now: Date): Next<DownloadLinkStep> {
  const silentAt = after(facts.quietestDownload, SESSION_IDLE);
  if (silentAt !== null && silentAt <= now) return { type: 'due', step: 'end silent downloads' };

  const over = { type: 'finished' } as const;
  const untilSilent = waitFor('running downloads to end', silentAt);
  if (facts.failedAt !== null || facts.revokedAt !== null)
    return silentAt === null ? over : untilSilent;

  if (facts.activatedAt === null || facts.expiresAt === null) {
    if (facts.itemsLost > 0) return { type: 'due', step: 'fail' };
    if (facts.itemsWaiting > 0) return waitFor('evidence to be verified', null);
    return { type: 'due', step: 'activate' };
  }

  if (facts.expiresAt <= now) {
    if (!same(facts.expiryHandledFor, facts.expiresAt))
      return { type: 'due', step: 'handle expiry' };
    return silentAt === null ? over : untilSilent;
  }

  const noticeAt = noticeInstant(facts.expiresAt, facts);
  if (noticeAt !== null && noticeAt <= now) return { type: 'due', step: 'tell of expiry' };
  const deadlines = [
    { until: facts.expiresAt, for: 'expiry' },
    { until: noticeAt, for: 'the notice before expiry' },
    { until: silentAt, for: 'running downloads to end' },
  ];
  return earliest(deadlines);
}

/** When the creator is to be told that the link expires; null where that was done, or is not asked for. */
function noticeInstant(expiresAt: Date, facts: DownloadLinkFacts): Date | null {
  if (facts.durationDays <= NOTICE_ONLY_ABOVE_DAYS) return null;
  if (same(facts.expiryNoticeFor, expiresAt)) return null;
  return new Date(expiresAt.getTime() - NOTICE_BEFORE);
}

function waitFor(what: string, until: Date | null) {
  return { type: 'wait', for: what, until, work: [] } as const;
}

function earliest(
  deadlines: readonly { readonly until: Date | null; readonly for: string }[],
): Next<DownloadLinkStep> {
  const [first] = deadlines
    .filter((deadline) => deadline.until !== null)
    .toSorted((a, b) => Number(a.until) - Number(b.until));
  return waitFor(first?.for ?? 'nothing', first?.until ?? null);
}

function after(instant: Date | null, milliseconds: number): Date | null {
  return instant === null ? null : new Date(instant.getTime() + milliseconds);
}

function same(one: Date | null, other: Date | null): boolean {
  return one?.getTime() === other?.getTime();
}
