import fc from 'fast-check';
import { DomainError } from '../../errors.ts';
import { chooseParts, LARGEST_FILE, type PartPlan, planParts, sizeOfPart } from './part-plan.ts';

const MIB = 1024 ** 2;

function refusal(work: () => unknown): DomainError {
  try {
    work();
  } catch (error) {
    if (error instanceof DomainError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the plan of an upload', () => {
  it.each([
    { size: 0, minimum: 16 * MIB, partSize: 16 * MIB, partCount: 1 },
    { size: 1, minimum: 16 * MIB, partSize: 16 * MIB, partCount: 1 },
    { size: 5 * MIB, minimum: 5 * MIB, partSize: 5 * MIB, partCount: 1 },
    { size: 5 * MIB + 1, minimum: 5 * MIB, partSize: 5 * MIB, partCount: 2 },
    { size: 9_500 * 16 * MIB, minimum: 16 * MIB, partSize: 16 * MIB, partCount: 9_500 },
    { size: 9_500 * 16 * MIB + 1, minimum: 16 * MIB, partSize: 32 * MIB, partCount: 4_751 },
    { size: LARGEST_FILE, minimum: 16 * MIB, partSize: 160 * MIB, partCount: 8_941 },
  ])('cuts $size bytes by $partSize', ({ size, minimum, partSize, partCount }) => {
    expect(planParts(size, minimum)).toEqual({ size, partSize, partCount });
  });

  it('keeps within the limits of S3, and its parts make exactly the file', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: LARGEST_FILE }),
        fc.constantFrom(5 * MIB, 16 * MIB, 64 * MIB),
        (size, minimum) => {
          const plan = planParts(size, minimum);
          expect(plan.partCount).toBeLessThanOrEqual(9_500);
          expect(plan.partSize).toBeGreaterThanOrEqual(minimum);
          expect(plan.partSize).toBeLessThanOrEqual(5 * 1024 * MIB);
          const last = sizeOfPart(plan, plan.partCount);
          expect((plan.partCount - 1) * plan.partSize + last).toBe(size);
          expect(last > 0 || size === 0).toBe(true);
        },
      ),
    );
  });
});

describe('the choice of parts', () => {
  const plan: PartPlan = { size: 25, partSize: 10, partCount: 3 };
  const whole = [
    { partNumber: 1, size: 10, etag: 'a' },
    { partNumber: 2, size: 10, etag: 'b' },
    { partNumber: 3, size: 5, etag: 'c' },
  ];

  it('takes every part that was sent once, whatever their order', () => {
    expect(chooseParts(plan, whole.toReversed(), [])).toEqual(whole);
  });

  it('names every missing part', () => {
    const error = refusal(() => chooseParts(plan, whole.slice(1, 2), []));
    expect(error.code).toBe('parts-missing');
    expect(error.members).toEqual({ missing: [1, 3] });
  });

  it('asks which of a part that was sent twice with different bytes', () => {
    const listed = [...whole, { partNumber: 2, size: 10, etag: 'B' }];
    const error = refusal(() => chooseParts(plan, listed, []));
    expect(error.code).toBe('part-ambiguous');
    expect(error.members).toEqual({ ambiguous: [2] });
    const [, chosen] = chooseParts(plan, listed, [{ partNumber: 2, etag: 'b' }]);
    expect(chosen?.etag).toBe('b');
  });

  it('takes a part that was sent twice with the same bytes', () => {
    const listed = [...whole, { partNumber: 2, size: 10, etag: 'b' }];
    expect(chooseParts(plan, listed, [])).toEqual(whole);
  });

  it('misses a part that is named with an entity tag that the store does not have', () => {
    const error = refusal(() => chooseParts(plan, whole, [{ partNumber: 3, etag: 'x' }]));
    expect(error.members).toEqual({ missing: [3] });
  });

  it.each([
    ['too short', { partNumber: 1, size: 9, etag: 'a' }],
    ['too long', { partNumber: 1, size: 11, etag: 'a' }],
  ])('refuses a part that is %s', (_, part) => {
    const error = refusal(() => chooseParts(plan, [part, ...whole.slice(1)], []));
    expect(error.code).toBe('part-wrong-size');
    expect(error.members).toEqual({ wrongSize: [1] });
  });

  it('refuses numbers beyond the plan and numbers named twice, each where it is', () => {
    const named = [
      { partNumber: 4, etag: 'd' },
      { partNumber: 1, etag: 'a' },
      { partNumber: 1, etag: 'a' },
    ];
    const error = refusal(() => chooseParts(plan, whole, named));
    expect(error.code).toBe('validation-failed');
    expect(error.faults.map(({ pointer }) => pointer)).toEqual([
      '/parts/0/partNumber',
      '/parts/2/partNumber',
    ]);
  });

  it('wants the one empty part of an empty file', () => {
    const empty = planParts(0, 16 * MIB);
    expect(refusal(() => chooseParts(empty, [], [])).members).toEqual({ missing: [1] });
    const part = { partNumber: 1, size: 0, etag: 'e' };
    expect(chooseParts(empty, [part], [])).toEqual([part]);
  });
});
