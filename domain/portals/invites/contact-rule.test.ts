import fc from 'fast-check';
import { CONTACT_FIELDS, type ContactSettings, FIELD_RULES } from '../invite-settings.ts';
import {
  CONTACT_KEYS,
  type CommunityMember,
  contactFaults,
  contactRules,
  visibleContact,
} from './contact-rule.ts';
import { DELIVERIES } from './invite.entity.ts';

const settings: fc.Arbitrary<ContactSettings> = fc.record({
  store: fc.boolean(),
  required: fc.subarray(['first_name', 'last_name', 'email', 'phone'] as const),
  dateOfBirth: fc.constantFrom(...FIELD_RULES),
});
const delivery = fc.constantFrom(...DELIVERIES, null);
const value = fc.constantFrom('given', null, undefined);
const member: fc.Arbitrary<CommunityMember> = fc.record({
  firstName: value,
  lastName: value,
  email: value,
  phone: value,
  dateOfBirth: value,
});

test('every field has a fault exactly where it is required and missing, or hidden and given', () => {
  fc.assert(
    fc.property(settings, delivery, member, (some, to, said) => {
      const rules = contactRules(some, to);
      const faulty = CONTACT_FIELDS.filter((field) => {
        const isGiven = said[CONTACT_KEYS[field]] === 'given';
        return rules[field] === (isGiven ? 'hidden' : 'required');
      }).map((field) => `/communityMember/${CONTACT_KEYS[field]}`);
      const faults = contactFaults(some, said, { delivery: to });
      expect(faults.map(({ pointer }) => pointer)).toEqual(faulty);
    }),
  );
});

test('where nothing is stored, nothing is taken but the address that the link goes to', () => {
  fc.assert(
    fc.property(settings, delivery, (some, to) => {
      const rules = contactRules({ ...some, store: false }, to);
      const taken = CONTACT_FIELDS.filter((field) => rules[field] !== 'hidden');
      const address = { email: ['email'], sms: ['phone'], none: [] };
      expect(taken).toEqual(to === null ? [] : address[to]);
      expect(visibleContact({ ...some, store: false })).toEqual([]);
    }),
  );
});

test('a hidden date of birth is neither taken nor shown, whatever else is set', () => {
  fc.assert(
    fc.property(settings, delivery, (some, to) => {
      const hidden: ContactSettings = { ...some, dateOfBirth: 'hidden' };
      const faults = contactFaults(hidden, { dateOfBirth: '1990-01-31' }, { delivery: to });
      expect(faults.map(({ pointer }) => pointer)).toContain('/communityMember/dateOfBirth');
      expect(visibleContact(hidden)).not.toContain('date_of_birth');
    }),
  );
});

test('faults stand where the request has the member', () => {
  const some: ContactSettings = { store: true, required: ['phone'], dateOfBirth: 'optional' };
  expect(contactFaults(some, {}, { delivery: 'email', pointer: '/visitor' })).toEqual([
    { pointer: '/visitor/email', detail: 'It is required.' },
    { pointer: '/visitor/phone', detail: 'It is required.' },
  ]);
});
