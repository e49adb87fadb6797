import fc from 'fast-check';
import { changedAfter, differing } from './change.ts';

describe('what a change makes other', () => {
  it('is what it names with another value, by value and not by identity', () => {
    const now: Record<string, unknown> = {
      title: 'Door',
      at: new Date(5),
      tags: ['a', 'b'],
      place: { latitude: 1 },
    };
    const change = {
      title: 'Door',
      at: new Date(5),
      tags: ['b', 'a'],
      place: { latitude: 1 },
      note: null,
      left: undefined,
      added: 'x',
    };
    expect(differing<Record<string, unknown>>(change, now)).toEqual({
      tags: ['b', 'a'],
      added: 'x',
    });
  });
});

describe('the instant of a change', () => {
  it('is later than that of the change before, whatever the clock says', () => {
    const instants = fc.integer({ min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(instants, (offset) => {
        const last = new Date(Date.now() + offset);
        expect(changedAfter(last).getTime()).toBeGreaterThan(last.getTime());
      }),
    );
  });
});
