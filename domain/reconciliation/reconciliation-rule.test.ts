import fc from 'fast-check';
import { nextReconciliationStep } from './reconciliation-rule.ts';

test('a run is due from its instant on; until then the life waits for exactly that', () => {
  fc.assert(
    fc.property(
      fc.date({ noInvalidDate: true }),
      fc.date({ noInvalidDate: true }),
      (nextAt, now) => {
        const next = nextReconciliationStep({ nextAt }, now);
        expect(next).toMatchObject(
          nextAt <= now
            ? { type: 'wait', until: null, work: ['reconcile'] }
            : { type: 'wait', until: nextAt, work: [] },
        );
      },
    ),
  );
});
