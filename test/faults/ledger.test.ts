/** The checker is worth something only if it finds what is wrong: tampered ledgers and states. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Answered,
  actsOf,
  type Invocation,
  type LedgerLine,
  openLedger,
  readLedger,
} from './ledger.ts';
import { checkLedger } from './ledger-check.ts';
import type { KeptFile, KeptMail, KeptState, MadeThing } from './ledger-state.ts';

const invoke = (act: string, fields: Partial<Invocation>): Invocation => ({
  ...{ type: 'invoke', act, name: 'case.create', marker: null, entity: null, expects: null, at: 1 },
  ...fields,
});
const ok = (act: string, made: string | null = null): Answered => ({
  ...{ type: 'ok', act, made, said: '201', at: 2 },
});
const info = (act: string): Answered => ({ ...ok(act), type: 'info', said: 'AbortError' });
const fail = (act: string): Answered => ({ ...ok(act), type: 'fail', said: '404' });

/** A case, a file in it, a request that was closed: all acknowledged, all as it should be. */
const LINES: readonly LedgerLine[] = [
  invoke('1', { marker: 'C-1' }),
  info('1'),
  invoke('1', { marker: 'C-1' }),
  ok('1', 'case-1'),
  invoke('2', { name: 'upload.complete', entity: 'upload-1', expects: 'aa' }),
  ok('2', 'upload-1'),
  invoke('3', { name: 'request.close', entity: 'request-1' }),
  ok('3', 'request-1'),
];
const MAIL: KeptMail = {
  ...{ messageId: 'n-1', kind: 'request-closed', subjectId: 'request-1', state: 'sent' },
  ...{ failure: null, repeatable: true, attempts: 1 },
};
const DELIVERY = {
  ...{ messageId: '<n-1@example.test>', to: ['shop@example.test'], subject: 'Closed' },
  ...{ contentHash: 'cc', at: 3 },
};
const CASE: MadeThing = { name: 'case.create', id: 'case-1', marker: 'C-1' };
const FILE: KeptFile = {
  ...{ id: 'upload-1', origin: 'upload', state: 'verified', sha256: 'aa', storedSha256: 'aa' },
};
const STATE: KeptState = {
  made: [CASE],
  files: [
    FILE,
    { id: 'evidence-9', origin: 'copy', state: 'active', sha256: 'bb', storedSha256: 'bb' },
  ],
  ended: new Set(['request-1']),
  days: new Map(),
  events: [
    { action: 'case.created', objects: ['case-1'] },
    { action: 'evidence.uploaded', objects: ['evidence-1', 'upload-1'] },
    { action: 'request.closed', objects: ['request-1', 'case-1'] },
  ],
  ...{ brokenChains: [], unsettled: [], inventory: [] },
  mails: [MAIL],
  deliveries: [DELIVERY],
};

const kinds = (state: Partial<KeptState>, lines = LINES) =>
  checkLedger(actsOf(lines), { ...STATE, ...state }).map(({ kind }) => kind);

test('what is as it was acknowledged gives no findings', () => {
  expect(checkLedger(actsOf(LINES), STATE)).toEqual([]);
});

test.each<[string, Partial<KeptState>]>([
  ['a thing that is gone', { made: [] }],
  ['a thing under another id', { made: [{ ...CASE, id: 'case-2' }] }],
  ['a file that is gone', { files: STATE.files.slice(1) }],
  ['a close that is not in force', { ended: new Set() }],
  ['an act without its event', { events: STATE.events.slice(1) }],
  ['a mail that is called sent and never came', { deliveries: [] }],
])('%s is lost', (_what, state) => {
  expect(kinds(state)).toContain('lost');
});

test.each<[string, Partial<KeptState>]>([
  ['a thing', { made: [CASE, { ...CASE, id: 'case-2' }] }],
  ['an event', { events: [...STATE.events, ...STATE.events.slice(2)] }],
  ['a mail that was never in doubt', { deliveries: [DELIVERY, DELIVERY] }],
  [
    'a mail that may not be repeated',
    { mails: [{ ...MAIL, repeatable: false, attempts: 2 }], deliveries: [DELIVERY, DELIVERY] },
  ],
])('%s that is there twice is found', (_what, state) => {
  expect(kinds(state)).toContain('twice');
});

test.each<[string, Partial<KeptState>]>([
  ['a stored object', { files: [{ ...FILE, storedSha256: 'ff' }] }],
  ['a missing object', { files: [{ ...FILE, storedSha256: null }] }],
  ['a copy', { files: STATE.files.map((file) => ({ ...file, storedSha256: 'aa' })) }],
  ['a chain', { brokenChains: ['organization-1: text-changed at 3'] }],
  ['the store', { inventory: ['object-missing evidence/1'] }],
  [
    'a mail that came a second time in another form',
    {
      mails: [{ ...MAIL, attempts: 2 }],
      deliveries: [DELIVERY, { ...DELIVERY, contentHash: 'dd' }],
    },
  ],
])('%s that was altered is found', (_what, state) => {
  expect(kinds(state)).toContain('altered');
});

test('a mail in doubt may come again, the same', () => {
  const again = { mails: [{ ...MAIL, attempts: 2 }], deliveries: [DELIVERY, DELIVERY] };
  expect(kinds(again)).toEqual([]);
});

test.each<[string, Partial<KeptState>]>([
  ['what nobody asked for', { made: [CASE, { ...CASE, marker: 'X' }] }],
  ['a mail that no row knows', { mails: [] }],
])('%s is from nowhere', (_what, state) => {
  expect(kinds(state)).toContain('from nowhere');
});

test('what is refused must not be there, and what is unknown may be', () => {
  const asked = (end: LedgerLine) => [...LINES, invoke('9', { marker: 'C-9' }), end];
  const there = { made: [CASE, { ...CASE, id: 'c-9', marker: 'C-9' }] };
  expect(kinds(there, asked(fail('9')))).toEqual(['from nowhere']);
  expect(kinds(there, asked(info('9')))).toEqual([]);
  expect(kinds({}, asked(info('9')))).toEqual([]);
});

test('a mail that waits, and a reminder of what was closed long ago, are found', () => {
  expect(kinds({ mails: [{ ...MAIL, state: 'sending' }] })).toContain('unsettled');
  const reminder = { mails: [{ ...MAIL, kind: 'upload-reminder' }] };
  expect(kinds({ ...reminder, deliveries: [{ ...DELIVERY, at: 3_600_000 }] })).toContain('mail');
});

test('a ledger is read as it was written, an attempt without an answer as unknown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'casebridge-ledger-'));
  const file = join(folder, 'ledger.jsonl');
  const ledger = openLedger(file);
  for (const line of [...LINES, invoke('9', { marker: 'C-9' })]) ledger.write(line);
  ledger.close();
  const acts = readLedger(file);
  rmSync(folder, { recursive: true });
  expect(acts).toEqual(actsOf([...LINES, invoke('9', { marker: 'C-9' })]));
  expect(
    acts.map(({ act, outcome, calls, unanswered }) => ({ act, outcome, calls, unanswered })),
  ).toEqual([
    { act: '1', outcome: 'acknowledged', calls: 2, unanswered: 1 },
    { act: '2', outcome: 'acknowledged', calls: 1, unanswered: 0 },
    { act: '3', outcome: 'acknowledged', calls: 1, unanswered: 0 },
    { act: '9', outcome: 'unknown', calls: 1, unanswered: 1 },
  ]);
});
