/**
 * A ledger outside the system: what a client asked for, and what it was told. Each line is on the disk
 * before the next step, so that it says more than any of the processes that are killed.
 */
import { closeSync, fsyncSync, openSync, readFileSync, writeSync } from 'node:fs';
import { z } from 'zod';

/** What clients do to Casebridge, each with the audit action that it leaves exactly once. */
export const ACTS = {
  'case.create': 'case.created',
  'upload.begin': 'upload.begun',
  'upload.complete': 'evidence.uploaded',
  'link.create': 'share.created',
  'link.extend': 'share.extended',
  'share.revoke': 'share.revoked',
  'copy.create': 'share.created',
  'trusted-user.add': 'trusted_user.added',
  'request.create': 'request.created',
  'request.close': 'request.closed',
  'portal.create': 'portal.created',
  'invite.create': 'invite.created',
  submission: 'submission.received',
} as const;
export type ActName = keyof typeof ACTS;
const ACT_NAMES = Object.keys(ACTS) as [ActName, ...ActName[]];

const invocation = z.object({
  type: z.literal('invoke'),
  /** The same for every attempt at one act. */
  act: z.string(),
  name: z.enum(ACT_NAMES),
  /** What the client put into a thing that it makes, to know it by; nothing else has it. */
  marker: z.string().nullable(),
  /** The thing that it does something to; null for what is only being made. */
  entity: z.string().nullable(),
  /** What the client knows of it: the SHA-256 of a file, the days of an extension. */
  expects: z.string().nullable(),
  at: z.number(),
});
const answer = z.object({
  /** `info`: nobody knows whether it happened. */
  type: z.enum(['ok', 'fail', 'info']),
  act: z.string(),
  /** The id of what was made. */
  made: z.string().nullable(),
  /** The status, or what went wrong with the connection. */
  said: z.string(),
  at: z.number(),
});
const line = z.discriminatedUnion('type', [invocation, answer]);
export type LedgerLine = z.output<typeof line>;
export type Invocation = z.output<typeof invocation>;
export type Answered = z.output<typeof answer>;

/** A ledger that is being written. */
export interface Ledger {
  write(entry: LedgerLine): void;
  close(): void;
}

export function openLedger(file: string): Ledger {
  const descriptor = openSync(file, 'a');
  return {
    write(entry) {
      writeSync(descriptor, `${JSON.stringify(entry)}\n`);
      fsyncSync(descriptor);
    },
    close: () => closeSync(descriptor),
  };
}

/** An act with what came of all its attempts. */
export interface LedgerAct extends Pick<Invocation, 'name' | 'marker' | 'entity' | 'expects'> {
  readonly act: string;
  readonly calls: number;
  /** Attempts to which no answer came that says whether it happened. */
  readonly unanswered: number;
  /** `unknown` where an attempt may have happened and none was acknowledged. */
  readonly outcome: 'acknowledged' | 'refused' | 'unknown';
  readonly made: string | null;
  /** When it was acknowledged; milliseconds since 1970. */
  readonly acknowledgedAt: number | null;
}

/** Reads a ledger; an attempt without an answer may have happened. */
export function readLedger(file: string): LedgerAct[] {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n').filter(Boolean);
  return actsOf(lines.map((text) => line.parse(JSON.parse(text))));
}

/** The acts of a ledger's lines, in the order of their first attempts. */
export function actsOf(lines: readonly LedgerLine[]): LedgerAct[] {
  const byAct = Map.groupBy(lines, ({ act }) => act);
  return [...byAct].flatMap(([act, own]) => {
    const asked = own.filter((entry) => entry.type === 'invoke');
    const told = own.filter((entry) => entry.type !== 'invoke');
    const [first] = asked;
    if (first === undefined) return [];
    const ok = told.find(({ type }) => type === 'ok');
    const unanswered = asked.length - told.filter(({ type }) => type !== 'info').length;
    const { name, marker, entity, expects } = first;
    return [
      {
        ...{ act, name, marker, entity, expects, calls: asked.length, unanswered },
        outcome: ok !== undefined ? 'acknowledged' : unanswered > 0 ? 'unknown' : 'refused',
        made: ok?.made ?? null,
        acknowledgedAt: ok?.at ?? null,
      },
    ];
  });
}
