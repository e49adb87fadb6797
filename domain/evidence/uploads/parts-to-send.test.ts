import fc from 'fast-check';
import { planParts, sizeOfPart } from './part-plan.ts';
import { partRange, partsRefused, storedParts } from './parts-to-send.ts';

const plan = { size: 250, partSize: 100, partCount: 3 };
const part = (partNumber: number, size: number, etag: string) => ({ partNumber, size, etag });

test('the ranges of a plan are the file, end to end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 10_000 }),
      fc.integer({ min: 1, max: 500 }),
      (size, least) => {
        const planned = planParts(size, least);
        let end = 0;
        for (let number = 1; number <= planned.partCount; number += 1) {
          const { offset, length } = partRange(planned, number);
          expect(offset).toBe(end);
          expect(length).toBe(sizeOfPart(planned, number));
          end = offset + length;
        }
        expect(end).toBe(size);
      },
    ),
  );
});

test('a part that the store lists once, in its size, is not sent again', () => {
  const listed = [part(1, 100, 'a'), part(3, 50, 'c')];
  expect([...storedParts(plan, listed)]).toEqual([
    [1, 'a'],
    [3, 'c'],
  ]);
});

test('a part in another size, or beyond the plan, counts for nothing', () => {
  expect(storedParts(plan, [part(1, 99, 'a'), part(3, 100, 'c'), part(4, 50, 'd')]).size).toBe(0);
});

test('of a part that is listed twice only the tag that the client had is good', () => {
  const listed = [part(1, 100, 'old'), part(1, 100, 'new')];
  expect(storedParts(plan, listed).size).toBe(0);
  expect(storedParts(plan, listed, new Map([[1, 'new']])).get(1)).toBe('new');
});

test('a part that somebody else has sent since takes its new tag', () => {
  expect(storedParts(plan, [part(1, 100, 'theirs')], new Map([[1, 'mine']])).get(1)).toBe('theirs');
});

test('a part that the store has lost is sent again, whatever the client had', () => {
  expect(storedParts(plan, [], new Map([[1, 'mine']])).size).toBe(0);
});

test('the parts that a refused completion names', () => {
  expect(partsRefused({ code: 'parts-missing', missing: [2, 3] })).toEqual([2, 3]);
  expect(partsRefused({ code: 'part-ambiguous', ambiguous: [1] })).toEqual([1]);
  expect(partsRefused({ code: 'part-wrong-size', wrongSize: [3] })).toEqual([3]);
  expect(partsRefused({ code: 'wrong-state' })).toBeNull();
});
