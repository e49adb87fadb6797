import type { User } from '../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { buildCase, buildUser } from '../test/support/factories.ts';
import { addressOf, networkOf } from './source.ts';

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['203.0.113.7:50123', '203.0.113.7'],
  [' 2001:db8::1 ', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:443', '2001:db8::1'],
  ['fe80::1%eth0', 'fe80::1'],
  ['::ffff:127.0.0.1', '::ffff:127.0.0.1'],
  ['unknown', null],
  ['_hidden', null],
  ['203.0.113.256', null],
  ['203.0.113.7.evil.test', null],
  ['', null],
])('an address that a proxy tells as %j is %j', (ip, address) => {
  expect(addressOf({ ip })).toBe(address);
});

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['2001:db8::1', '2001:db8:0:0'],
  ['2001:0DB8:0:0:a:b:c:d', '2001:db8:0:0'],
  ['2001:db8:0:1::', '2001:db8:0:1'],
  ['::1', '0:0:0:0'],
  ['::ffff:203.0.113.7', '0:0:0:0:0:ffff:cb00:7107'],
  ['64:ff9b::203.0.113.7', '64:ff9b:0:0'],
  ['unknown', 'null'],
])('what comes from %j counts for %j', (ip, network) => {
  expect(networkOf({ ip })).toBe(network);
});

describe('behind a proxy', () => {
  let api: TestApi;
  let user: User;
  beforeAll(async () => {
    api = await startApi({ variables: { CASEBRIDGE_TRUSTED_PROXIES: '1' } });
    user = await buildUser(api);
  });
  afterAll(async () => api.stop());

  test.each([
    ['unknown', null],
    ['[2001:db8::1]:443', '2001:db8::1'],
    ['198.51.100.9, 203.0.113.7:50123', '203.0.113.7'],
  ])('a forwarded address that is none is no error: %s', async (forwarded, recorded) => {
    const { id } = await buildCase(api, { owner: user });
    const headers = { 'X-Forwarded-For': forwarded };
    const answer = await api.patch(`/cases/${id}`, user, { title: 'Robbery' }, headers);
    expect(answer.status).toBe(200);
    const audit = await api.get(`/cases/${id}/audit`, user);
    expect(audit.body.data.at(-1).sourceAddress).toBe(recorded);
    const opened = await api.get(`!/s/${'x'.repeat(43)}`, null, headers);
    expect(opened.status).toBe(404);
  });
});
