import pg from 'pg';
import { startApi, type TestApi } from '../test/support/api.ts';
import { buildUser } from '../test/support/factories.ts';
import { superuserUrl, testServers } from '../test/support/servers.ts';
import { toDomainError } from './problems.ts';

let api: TestApi;
let owner: pg.Client;
beforeAll(async () => {
  api = await startApi();
  const { pathname } = new URL(api.urls.ownerUrl);
  const superuser = new pg.Client(superuserUrl(testServers().postgres, 'postgres'));
  await superuser.connect();
  // For connections that are opened from now on, which are all of the API's.
  await superuser.query(`alter database "${pathname.slice(1)}" set lock_timeout = '200ms'`);
  await superuser.end();
  owner = new pg.Client(api.urls.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await api.stop();
});

test('a request that waited too long for a lock may come again: it is no error of ours', async () => {
  const user = await buildUser(api);
  await owner.query('begin');
  await owner.query('lock table groups in access exclusive mode');
  const answer = await api.get('/groups', user);
  await owner.query('rollback');
  expect([answer.status, answer.body.code]).toEqual([503, 'unavailable']);
  expect(answer.headers.get('Retry-After')).toBe('5');
  expect((await api.get('/groups', user)).status).toBe(200);
});

test('a statement that took too long may come again: it is no error of ours', async () => {
  const running = api.database.em.fork().transactional(async (em) => {
    await em.execute(`set local statement_timeout = '50ms'`);
    await em.execute('select pg_sleep(10)');
  });
  const error: unknown = await running.catch((failure: unknown) => failure);
  expect(error).toMatchObject({ code: '57014' });
  expect(toDomainError(error).code).toBe('unavailable');
});

test.each([
  'Client has encountered a connection error and is not queryable',
  'Connection terminated: PostgreSQL is silent',
  'timeout exceeded when trying to connect',
])('a connection that is gone is no error of ours: %s', (message) => {
  const wrapped = new Error('the statement failed', { cause: new Error(message) });
  expect(toDomainError(wrapped).code).toBe('unavailable');
});
