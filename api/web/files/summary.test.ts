import type { FileView } from '../engine/entry.ts';
import { listedTransfer, type Outcome, type Phase } from '../engine/transfer.ts';
import { progressOf, summaryOf } from './summary.ts';

const plan = { uploadId: 'u', size: 100, partSize: 10, partCount: 10 };
const source = { path: 'a.mp4', size: 100, lastModified: 0, slice: () => new Blob([]) };

function view(phase: Phase, sent = 0, troubles = 0): FileView {
  const transfer = { ...listedTransfer(100), phase, troubles };
  return { id: 1, source, sent, transfer, caption: '', isPaused: false };
}
const sending = (sent: number, troubles = 0) =>
  view({ type: 'sending', plan, etags: new Map(), running: new Set() }, sent, troubles);
const ended = (outcome: Outcome) =>
  view({ type: 'ended', outcome }, outcome.type === 'failed' ? 0 : 100);
const failed = ended({ type: 'failed', failure: { code: 'x', detail: '' } });
const verified = ended({ type: 'verified' });
const listed = view({ type: 'listed' });

test('the page is where its files are', () => {
  expect(summaryOf([]).situation).toBe('choosing');
  expect(summaryOf([listed]).situation).toBe('choosing');
  expect(summaryOf([listed, sending(5)]).situation).toBe('sending');
  expect(summaryOf([verified, view({ type: 'verifying', plan })]).situation).toBe('sending');
  expect(summaryOf([verified, failed]).situation).toBe('ended');
  expect(summaryOf([verified, listed]).situation).toBe('choosing');
});

test('what is only listed, and what failed, is not in the figures', () => {
  const summary = summaryOf([listed, failed, verified, sending(20)]);
  expect(summary.wanted).toEqual({ count: 2, bytes: 200 });
  expect(summary.sentBytes).toBe(120);
  expect(progressOf(summary)).toBe(0.6);
  expect(summary.ended.failed).toHaveLength(1);
});

test('a file that is being checked needs nothing of the page any more', () => {
  expect(summaryOf([view({ type: 'verifying', plan }, 100)]).unsentCount).toBe(0);
});

test('what another tab sends is under way, and no concern of this page when it is left', () => {
  const elsewhere = summaryOf([view({ type: 'elsewhere' })]);
  expect(elsewhere).toMatchObject({ situation: 'sending', elsewhereCount: 1, unsentCount: 0 });
});

test('a file that alone is paused is in no trouble, and hides none', () => {
  const paused = { ...sending(5, 3), isPaused: true };
  expect(summaryOf([paused]).isTroubled).toBe(false);
  expect(summaryOf([paused, sending(5, 2)]).isTroubled).toBe(true);
});

test('trouble is told of when it came more than once, and nothing goes on beside it', () => {
  expect(summaryOf([sending(5, 1)]).isTroubled).toBe(false);
  expect(summaryOf([sending(5, 2)]).isTroubled).toBe(true);
  expect(summaryOf([sending(5, 2), sending(5)]).isTroubled).toBe(false);
  expect(summaryOf([sending(5, 2), view({ type: 'waiting' })]).isTroubled).toBe(true);
});
