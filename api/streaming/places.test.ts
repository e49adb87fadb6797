import fc from 'fast-check';
import { DomainError } from '../../domain/errors.ts';
import { createPlaces, MOST_STREAMS } from './places.ts';

test('however they come and go, nobody has more places than his, nor all together more than there are', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ takes: fc.integer({ min: 0, max: 19 }) }) },
    { weight: 1, arbitrary: fc.record({ leaves: fc.nat() }) },
  );
  fc.assert(
    fc.property(fc.array(step, { minLength: 300, maxLength: 1_500 }), (steps) => {
      const places = createPlaces();
      const held: { holder: string; leave: () => void }[] = [];
      for (const one of steps) {
        if ('leaves' in one) {
          const [gone] = held.splice(one.leaves % Math.max(held.length, 1), 1);
          gone?.leave();
          gone?.leave();
          continue;
        }
        const holder = `holder ${one.takes}`;
        const own = held.filter((place) => place.holder === holder).length;
        const isFull = own >= MOST_STREAMS.ofHolder || held.length >= MOST_STREAMS.ofProcess;
        if (isFull) expect(() => places.take(holder)).toThrow(DomainError);
        else held.push({ holder, leave: places.take(holder) });
      }
    }),
    { numRuns: 50 },
  );
});
