import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildUser } from '../../../test/support/factories.ts';
import { buildInvite, buildPortal, type TestInvite } from '../../../test/support/portals.ts';
import type { OrganizationId } from '../../ids.ts';
import type { LinkKeys } from '../../link-token.ts';
import type { ContactSettings } from '../invite-settings.ts';
import {
  deliveryAddress,
  eraseAddresses,
  eraseContact,
  readContact,
  storeContact,
} from './contact.ts';
import { sealAddress } from './invite-address.ts';

let api: TestApi;
let organizationId: OrganizationId;
let invite: TestInvite;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  const owner = await buildUser(api);
  organizationId = owner.organizationId;
  invite = await buildInvite(api, await buildPortal(api, { owner }), {
    delivery: 'none',
    communityMember: {},
  });
});
afterAll(() => api.stop());

const STORED: ContactSettings = { store: true, required: [], dateOfBirth: 'optional' };
const NOT_STORED: ContactSettings = { ...STORED, store: false };
const em = () => api.database.em.fork();
const of = (delivery: 'email' | 'sms') => ({ id: invite.id, organizationId, delivery });
const store = (settings: ContactSettings, member: object, delivery: 'email' | 'sms' = 'email') =>
  storeContact(em(), of(delivery), settings, member, api.linkKeys);

test('what is said later is added to what was said before', async () => {
  expect(await store(STORED, { firstName: 'Ana', email: 'a@x.test' })).toEqual([
    'first_name',
    'email',
  ]);
  expect(await store(STORED, { firstName: 'Ana', lastName: 'Paz', phone: null })).toEqual([
    'last_name',
  ]);
  expect(await store(STORED, { firstName: 'Ana' })).toEqual([]);
  expect(await readContact(em(), invite.id, STORED)).toEqual({
    firstName: 'Ana',
    lastName: 'Paz',
    email: 'a@x.test',
    phone: null,
    dateOfBirth: null,
  });
});

test('what was stored is shown by the settings of now', async () => {
  await store(STORED, { firstName: 'Ana', dateOfBirth: '1990-01-31' });
  const hidden: ContactSettings = { ...STORED, dateOfBirth: 'hidden' };
  expect(await readContact(em(), invite.id, hidden)).toMatchObject({
    firstName: 'Ana',
    dateOfBirth: null,
  });
  expect(await readContact(em(), invite.id, NOT_STORED)).toBeNull();
});

test('where nothing is stored, the address is kept sealed, and goes with it', async () => {
  expect(await store(NOT_STORED, { phone: '+15550100200' }, 'sms')).toEqual([]);
  expect(await readContact(em(), invite.id, STORED)).toBeNull();
  expect(await deliveryAddress(em(), api.linkKeys, invite.id, 'sms')).toBe('+15550100200');
  expect(await eraseAddresses(em(), [invite.id])).toBe(1);
  expect(await deliveryAddress(em(), api.linkKeys, invite.id, 'sms')).toBeNull();
});

test('a sealed address is opened with the key that sealed it, for its own invite only', async () => {
  const rotated: LinkKeys = [{ id: 'k2', secret: randomBytes(32) }, ...api.linkKeys];
  await sealAddress(em(), api.linkKeys, invite.id, 'a@x.test');
  expect(await deliveryAddress(em(), rotated, invite.id, 'email')).toBe('a@x.test');
  await sealAddress(em(), rotated, invite.id, 'b@x.test');
  expect(await deliveryAddress(em(), rotated, invite.id, 'email')).toBe('b@x.test');
  expect(await deliveryAddress(em(), api.linkKeys, invite.id, 'email')).toBeNull();
  const owner = await buildUser(api);
  const other = await buildInvite(api, await buildPortal(api, { owner }));
  await em().execute(
    `insert into invite_addresses (invite_id, key_id, sealed)
     select ?, key_id, sealed from invite_addresses where invite_id = ?`,
    [other.id, invite.id],
  );
  await expect(deliveryAddress(em(), rotated, other.id, 'email')).rejects.toThrow();
});

test('erasing takes both, and says whether there was anything', async () => {
  await store(STORED, { email: 'a@x.test' });
  await sealAddress(em(), api.linkKeys, invite.id, 'b@x.test');
  expect(await eraseContact(em(), invite.id)).toBe(true);
  expect(await eraseContact(em(), invite.id)).toBe(false);
  expect(await deliveryAddress(em(), api.linkKeys, invite.id, 'email')).toBeNull();
});
