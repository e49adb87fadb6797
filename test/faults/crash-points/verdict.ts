/** What came of a kill: how the end of the world differs from the undisturbed one, and whether it may. */
import { AGAIN, UNKNOWN_UPLOAD } from './fingerprint.ts';
import type { VictimPoint } from './world.ts';

export type Verdict =
  /** The same end. */
  | { readonly type: 'same' }
  /** A mail came twice under one Message-ID: it was killed between SMTP's 250 and the commit. */
  | { readonly type: 'mail twice' }
  /** A warning or receipt, which is never repeated, was given up while its outcome was not known. */
  | { readonly type: 'warning given up' }
  /** A call that takes no key was repeated by its client, who had no answer, and is on record twice. */
  | { readonly type: 'repeated call' }
  /** Bytes had left when their accounting was killed: the download is on record as abandoned. */
  | { readonly type: 'download not recorded' }
  /** An upload was begun in the store and its row never committed: without a part, until reconciliation. */
  | { readonly type: 'empty upload left' }
  /** The point was not reached in this run. */
  | { readonly type: 'not reached' }
  | { readonly type: 'different'; readonly differences: readonly string[] };

/** Ends that differ and may. */
export const ALLOWED = [
  'mail twice',
  'warning given up',
  'repeated call',
  'download not recorded',
  'empty upload left',
] as const satisfies readonly Verdict['type'][];

/** Whether an end differs and may. */
export function isAllowed({ type }: Verdict): boolean {
  return ALLOWED.some((allowed) => allowed === type);
}

/** Compares two ends. */
export function verdictOf(
  points: readonly VictimPoint[],
  expected: readonly string[],
  actual: readonly string[],
): Verdict {
  const missing = without(expected, actual);
  const added = without(actual, expected);
  if (missing.length + added.length === 0) return { type: 'same' };
  // A worker has mail in its hands while it does something else, too.
  if (points.some(({ victim }) => victim === 'worker')) {
    if (missing.length === 0 && added.length === 1 && added[0]?.endsWith(AGAIN)) {
      return { type: 'mail twice' };
    }
    if (isGivenUp(missing, added)) return { type: 'warning given up' };
  }
  if (points.some(isWithoutKey) && missing.length === 0) {
    if (added.every((line) => line.startsWith('audit_events '))) return { type: 'repeated call' };
  }
  if (points.some(isBeginning) && missing.length === 0) {
    if (added.every((line) => line === UNKNOWN_UPLOAD)) return { type: 'empty upload left' };
  }
  if (points.some(isDownload)) {
    const [lost, instead] = [missing.map(withoutDownload), added.map(withoutDownload)];
    const others = [...without(lost, instead), ...without(instead, lost)];
    if (others.every(isOfDownload)) return { type: 'download not recorded' };
  }
  const lines = [...missing.map((line) => `- ${line}`), ...added.map((line) => `+ ${line}`)];
  return { type: 'different', differences: lines };
}

/** Whether a kill at this point may end otherwise than the same. */
export function isPeculiar(point: VictimPoint): boolean {
  return [isWithAMail, isWithoutKey, isBeginning, isDownload].some((is) => is(point));
}

/** Whether a mail may be in the hands of the process that is killed. */
function isWithAMail({ name }: VictimPoint): boolean {
  return name.startsWith('sendMail of ');
}

/** Whether it is a page that is opened, or a form that is sent: those have no `Idempotency-Key`. */
function isWithoutKey({ name, victim }: VictimPoint): boolean {
  return victim === 'api' && /^(?:GET |POST \/[a-z]\/)/.test(name);
}

/** Whether it is between the beginning of an upload in the store and its commit. */
function isBeginning({ name, victim, side }: VictimPoint): boolean {
  if (victim !== 'api' || !name.includes('/uploads: ')) return false;
  return side === 'after'
    ? name.endsWith('begin an upload')
    : /: commit of .*\buploads$/.test(name);
}

/** Whether it is the accounting of bytes that have left. */
function isDownload({ name, victim }: VictimPoint): boolean {
  return victim === 'api' && name.startsWith('GET /shared/:id/package: ');
}

/** What is only known when a download is known to be complete, or repeated. */
function isOfDownload(line: string): boolean {
  return (
    /^audit_events {"action":"share\.(?:opened|download_began|download_ended)"/.test(line) ||
    line.startsWith('notifications {"id":"<notifications: link-first-download>"') ||
    /^mail to .* was downloaded$/.test(line)
  );
}

/** A share but for when it was downloaded first. */
function withoutDownload(line: string): string {
  return line.startsWith('shares ')
    ? line.replace(/"first_download_at":(?:null|"[^"]*"),/, '').replace(/"version":\d+,/, '')
    : line;
}

/** Product rules, section 6: one mail is settled as failed that was sent, and came or did not come. */
function isGivenUp(missing: readonly string[], added: readonly string[]): boolean {
  const rows = missing.filter((line) => line.startsWith('notifications '));
  const failed = added.filter((line) => line.startsWith('notifications '));
  const others = [...missing, ...added].filter((line) => !line.startsWith('notifications '));
  return (
    rows.length === 1 &&
    failed.length === 1 &&
    failed[0]?.includes('"failure":"outcome unknown"') === true &&
    failed[0].includes('"repeatable":false') &&
    others.every((line) => line.startsWith('mail to ')) &&
    others.length <= 1
  );
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const index = left.indexOf(line);
    if (index < 0) return true;
    left.splice(index, 1);
    return false;
  });
}
