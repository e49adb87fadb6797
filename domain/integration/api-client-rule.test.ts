import fc from 'fast-check';
import { nextApiClientStep } from './api-client-rule.ts';

test('a client lives as long as a change of it is untold', () => {
  fc.assert(
    fc.property(fc.nat(), (untold) => {
      const next = nextApiClientStep({ untold });
      expect(next).toEqual(
        untold > 0 ? { type: 'due', step: 'tell of changes' } : { type: 'finished' },
      );
    }),
  );
});
