import { createHash } from 'node:crypto';
import { newId } from '../domain/ids.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { unique } from '../test/support/factories.ts';
import { claimKey, type KeyClaim, releaseKey, settleKey } from './idempotency.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

const BODY = { passphrase: 'correct horse' };

function request(key = unique('key')) {
  return { actor: newId(), route: 'post /cases', key, body: BODY };
}

async function claim(asked: ReturnType<typeof request>): Promise<KeyClaim> {
  const state = await claimKey(api.deps, asked);
  if (state.type !== 'held') throw new Error('the key was answered already');
  return state;
}

async function sql<Row>(statement: string, values: unknown[]): Promise<Row[]> {
  return api.database.em.fork().execute<Row[]>(statement, values);
}

const settle = async (held: KeyClaim, id: string) =>
  api.database.em.fork().transactional(async (em) => {
    await em.execute(`update organizations set name = name`);
    await settleKey(em, held, { status: 201, body: { id } });
  });

async function expireClaim({ key }: KeyClaim): Promise<void> {
  await sql(`update idempotency_keys set locked_until = clock_timestamp() where key = ?`, [key]);
}

test('a dump does not let anybody guess the passphrase of a request', async () => {
  const { key } = await claim(request());
  const [row] = await sql<{ request_hash: Buffer }>(
    'select request_hash from idempotency_keys where key = ?',
    [key],
  );
  const guess = createHash('sha256').update(JSON.stringify(BODY)).digest();
  expect(row?.request_hash).toHaveLength(32);
  expect(row?.request_hash.equals(guess)).toBe(false);
});

test('a request that was taken for abandoned neither overwrites nor gives back its successor’s claim', async () => {
  const asked = request();
  const first = await claim(asked);
  await expireClaim(first);
  const second = await claim(asked);
  await expect(settle(first, 'first')).rejects.toMatchObject({ code: 'idempotency-key-in-use' });
  await releaseKey(api.database, first);
  await settle(second, 'second');
  expect(await claimKey(api.deps, asked)).toMatchObject({
    type: 'answered',
    answer: { status: 201, body: { id: 'second' } },
  });
});

test('a request whose claim is gone is rolled back', async () => {
  const held = await claim(request());
  await sql('delete from idempotency_keys where key = ?', [held.key]);
  await expect(settle(held, 'late')).rejects.toMatchObject({ code: 'idempotency-key-in-use' });
});

test('answers are kept for 24 hours and no longer, whoever comes next', async () => {
  const [old, young] = [await claim(request()), await claim(request())];
  const age = `update idempotency_keys set created_at = clock_timestamp() - ?::interval where key = ?`;
  await sql(age, ['24 hours 1 minute', old.key]);
  await sql(age, ['23 hours 59 minutes', young.key]);
  await claim(request());
  const kept = await sql<{ key: string }>(
    'select key from idempotency_keys where key = any(?::text[])',
    [`{${old.key},${young.key}}`],
  );
  expect(kept).toEqual([{ key: young.key }]);
});
