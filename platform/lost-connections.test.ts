/** A pool whose connections to PostgreSQL are lost: it must not run dry. */
import { type BreakableProxy, startBreakableProxy } from '../test/support/breakable-proxy.ts';
import { createDatabase, type TestDatabase } from '../test/support/servers.ts';
import { type Database, openDatabase } from './database.ts';

const POOL = 4;

let place: TestDatabase;
let proxy: BreakableProxy;
let database: Database;
beforeAll(async () => {
  place = await createDatabase();
  const url = new URL(place.appUrl);
  proxy = await startBreakableProxy(`http://${url.host}`);
  url.port = String(proxy.port);
  database = await openDatabase({ url: url.href, poolSize: POOL, silence: 500 });
});
afterAll(async () => {
  await proxy.close();
  await database.close();
  await place.drop();
});
afterEach(() => proxy.heal());

async function transaction(): Promise<void> {
  await database.em.fork().transactional(async (em) => {
    await em.execute('select 1');
  });
}

/** More transactions at once than the pool has places: each needs one that was given back. */
async function usesWholePool(): Promise<void> {
  await Promise.all(Array.from({ length: 2 * POOL }, transaction));
}

test('a transaction whose commit is not answered gives its place in the pool back', async () => {
  await usesWholePool();
  proxy.swallowReplies(/\bcommit\b/i);
  for (let lost = 0; lost < POOL + 1; lost += 1) {
    await expect(transaction()).rejects.toMatchObject({ code: 'ECONNRESET' });
  }
  proxy.heal();
  await usesWholePool();
});

test('a transaction that is cut off in its middle gives its place in the pool back', async () => {
  for (let lost = 0; lost < POOL + 1; lost += 1) {
    const cut = database.em.fork().transactional(async (em) => {
      await em.execute('select 1');
      proxy.reset();
      await em.execute('select 2');
    });
    await expect(cut).rejects.toThrow(/Connection terminated|ECONNRESET|not queryable/);
  }
  await usesWholePool();
});

test('a PostgreSQL that says nothing any more is taken for gone, and its places are free', async () => {
  await usesWholePool();
  proxy.misbehave('to-client', { type: 'silence' });
  const unheard = await Promise.allSettled(Array.from({ length: POOL }, transaction));
  expect(unheard.map(({ status }) => status)).toEqual(Array(POOL).fill('rejected'));
  proxy.heal();
  await usesWholePool();
});
