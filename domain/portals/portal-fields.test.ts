import fc from 'fast-check';
import { FIELD_RULES } from './invite-settings.ts';
import { incidentFaults, pointersOf } from './portal-fields.ts';

const rule = fc.constantFrom(...FIELD_RULES);
const rules = fc.record({ id: rule, categories: rule, description: rule });
const words = fc.constantFrom('A-1', '', null, undefined);
const filled = fc.record({
  id: words,
  description: words,
  categories: fc.constantFrom(0, 2, undefined),
});

test('a fault says what is required and empty, or hidden and filled in; what is not spoken of has none', () => {
  fc.assert(
    fc.property(rules, filled, (some, said) => {
      const faults = incidentFaults(some, said, pointersOf('individual'));
      const isFaulty = (field: keyof typeof some) => {
        const value = said[field];
        if (value === undefined) return false;
        const isFilled = value !== null && value !== '' && value !== 0;
        return some[field] === (isFilled ? 'hidden' : 'required');
      };
      expect(faults.map(({ pointer }) => pointer)).toEqual([
        ...(isFaulty('id') ? ['/reportId'] : []),
        ...(isFaulty('categories') ? ['/categoryIds'] : []),
        ...(isFaulty('description') ? ['/description'] : []),
      ]);
    }),
  );
});

test('external systems are told of their own fields', () => {
  const required = { id: 'required', categories: 'required', description: 'required' } as const;
  const empty = { id: null, categories: 0, description: null };
  const faults = incidentFaults(required, empty, pointersOf('incident_report'));
  expect(faults.map(({ pointer }) => pointer)).toEqual(['/id', '/categories', '/description']);
});
