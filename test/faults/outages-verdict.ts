/** One outage under load, to rest and checked: a line of the table. */
import { setTimeout as pause } from 'node:timers/promises';
import { type LedgerAct, readLedger } from './ledger.ts';
import { checkLedger, type LedgerFinding, repeatedMails } from './ledger-check.ts';
import { readState } from './ledger-state.ts';
import { type Course, startLoad } from './load.ts';
import { unrest, untilRest } from './outages-rest.ts';
import type { OutageWorld } from './outages-world.ts';

/** What came of an outage. */
export interface OutageVerdict {
  readonly outage: string;
  readonly acts: Readonly<Record<LedgerAct['outcome'], number>>;
  /** Calls whose answer was lost, or said nothing. */
  readonly unanswered: number;
  readonly findings: readonly (
    | LedgerFinding
    /** An answer that tells a client neither yes nor no nor when to come again. */
    | { readonly kind: 'ungracious'; readonly what: string }
  )[];
  readonly mails: number;
  readonly mailsRepeated: number;
  /** The longest that a 503 took, in seconds; null where there was none. */
  readonly slowestUnavailable: number | null;
  /** From the end of the outage. */
  readonly secondsToRest: number;
}

/** An outage: what is done while the clients work, and how it ends. */
export interface Outage {
  readonly name: string;
  /** Ends when the outage does. */
  readonly happen: (world: OutageWorld) => Promise<void>;
  readonly courses?: readonly Course[];
}

/** How long clients work before and after an outage, in milliseconds. */
export interface LoadTimes {
  readonly before: number;
  readonly after: number;
  readonly clients: number;
  /** Seconds that it may take to come to rest. */
  readonly rest: number;
}

const USUAL: LoadTimes = { before: 3_000, after: 3_000, clients: 4, rest: 600 };

/** Acts of outages that were judged before, in the same world. */
const judged = new WeakMap<OutageWorld, { acts: number; deliveries: number; seed: number }>();

export async function judge(
  world: OutageWorld,
  outage: Outage,
  times: LoadTimes = USUAL,
): Promise<OutageVerdict> {
  const before = judged.get(world) ?? { acts: 0, deliveries: 0, seed: 1 };
  const load = await startLoad(world, {
    clients: times.clients,
    seed: before.seed,
    ...(outage.courses === undefined ? {} : { courses: outage.courses }),
  });
  await pause(times.before);
  await outage.happen(world);
  const ended = performance.now();
  await pause(times.after);
  await load.stop();
  await untilRest(world.database, times.rest);
  const secondsToRest = (performance.now() - ended) / 1000;
  const all = readLedger(world.ledgerFile);
  const state = await readState(world, await unrest(world.database));
  const acts = all.slice(before.acts);
  const deliveries = state.deliveries.slice(before.deliveries);
  judged.set(world, {
    acts: all.length,
    deliveries: state.deliveries.length,
    seed: before.seed + 1,
  });
  const count = (outcome: LedgerAct['outcome']) =>
    acts.filter((act) => act.outcome === outcome).length;
  return {
    outage: outage.name,
    acts: {
      acknowledged: count('acknowledged'),
      unknown: count('unknown'),
      refused: count('refused'),
    },
    unanswered: acts.reduce((sum, act) => sum + act.unanswered, 0),
    // Of everything that was ever done here: what an outage does to older things counts too.
    findings: [
      ...checkLedger(all, state),
      ...load.calls.ungracious.map((what) => ({ kind: 'ungracious' as const, what })),
    ],
    mails: deliveries.length,
    mailsRepeated: repeatedMails({ deliveries }),
    slowestUnavailable: load.calls.slowestUnavailable / 1000 || null,
    secondsToRest,
  };
}

const HEADINGS = [
  'outage',
  'acts acknowledged',
  'unknown',
  'refused',
  'calls without an answer',
  'lost',
  'twice',
  'other findings',
  'mails',
  'of these twice',
  'slowest 503, s',
  'to rest, s',
];

const line = (values: readonly unknown[]) => `| ${values.join(' | ')} |`;

/** The head of the table, in Markdown. */
export const TABLE_HEAD = [line(HEADINGS), line(HEADINGS.map(() => '---'))].join('\n');

/** A verdict as a line of the table. */
export function lineOf({ acts, findings, ...of }: OutageVerdict): string {
  const found = (kind: LedgerFinding['kind']) => findings.filter((f) => f.kind === kind).length;
  return line([
    of.outage,
    acts.acknowledged,
    acts.unknown,
    acts.refused,
    of.unanswered,
    found('lost'),
    found('twice'),
    findings.length - found('lost') - found('twice'),
    of.mails,
    of.mailsRepeated,
    of.slowestUnavailable?.toFixed(1) ?? '–',
    of.secondsToRest.toFixed(0),
  ]);
}
