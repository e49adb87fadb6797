import { FILES_AT_ONCE, nextSteps, PARTS_AT_ONCE } from './next-steps.ts';
import { reduce } from './reduce.ts';
import { listedTransfer, type Transfer, type TransferEvent } from './transfer.ts';

const plan = { uploadId: 'u', size: 100, partSize: 10, partCount: 10 };

/** A transfer that these events happened to. */
function after(...events: readonly TransferEvent[]): Transfer {
  return events.reduce(reduce, listedTransfer(plan.size));
}

const opened: readonly TransferEvent[] = [
  { type: 'wanted' },
  { type: 'opening' },
  { type: 'seen', seen: { type: 'open', plan, listed: [] } },
];
const waiting = after({ type: 'wanted' });
const named = (...transfers: readonly Transfer[]) =>
  transfers.map((transfer, index) => [index, transfer] as const);
const kinds = (...transfers: readonly Transfer[]) =>
  nextSteps(named(...transfers), 0).steps.map(({ type, id }) => `${type} ${id}`);

test('what is only listed is not sent', () => {
  expect(kinds(listedTransfer(5))).toEqual([]);
});

test('the parts of the first file take every connection', () => {
  const steps = nextSteps(named(after(...opened), waiting), 0).steps;
  expect(steps.map((step) => step.type === 'send' && step.number)).toEqual([1, 2, 3, 4, 5, 6]);
});

test('connections that a file leaves free begin the next ones', () => {
  const running = [1, 2, 3, 4].map((number) => ({ type: 'part-begun', number }) as const);
  const stored = [5, 6, 7, 8, 9, 10].map(
    (number) => ({ type: 'part-stored', number, etag: 'e' }) as const,
  );
  expect(kinds(after(...opened, ...running, ...stored), waiting, waiting, waiting)).toEqual([
    'open 1',
    'open 2',
  ]);
});

test('many small files are begun beside each other, but not all', () => {
  const many = Array.from({ length: 50 }, () => waiting);
  expect(kinds(...many)).toHaveLength(Math.min(FILES_AT_ONCE, PARTS_AT_ONCE));
});

test('a file is completed once its last part is stored', () => {
  const events = Array.from(
    { length: 10 },
    (_, index) => ({ type: 'part-stored', number: index + 1, etag: `e${index}` }) as const,
  );
  const [step] = nextSteps(named(after(...opened, ...events)), 0).steps;
  expect(step).toMatchObject({ type: 'complete', id: 0, plan });
});

test('after trouble a file waits, and the engine is told when to ask again', () => {
  const troubled = after(...opened, { type: 'troubled', notBefore: 700 });
  expect(nextSteps(named(troubled), 0)).toEqual({ steps: [], askAgainAt: 700 });
  expect(nextSteps(named(troubled), 700).steps).toHaveLength(PARTS_AT_ONCE);
});

test('while nothing can be reached, a few files try again and the others wait', () => {
  const troubled = after(
    { type: 'wanted' },
    { type: 'opening' },
    { type: 'troubled', notBefore: 9 },
  );
  const files = [...Array.from({ length: FILES_AT_ONCE }, () => troubled), waiting, waiting];
  expect(kinds(...files)).toEqual([]);
});

test('files in trouble for long make room for the others', () => {
  const again: readonly TransferEvent[] = [{ type: 'opening' }, { type: 'troubled', notBefore: 9 }];
  const events = Array.from({ length: 8 }, () => again).flat();
  const stuck = after({ type: 'wanted' }, ...events);
  const files = [...Array.from({ length: FILES_AT_ONCE }, () => stuck), waiting];
  expect(kinds(...files)).toEqual([`open ${FILES_AT_ONCE}`]);
});
