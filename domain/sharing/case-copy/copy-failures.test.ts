/** Failure and cancellation at every stage of a copy: the partner sees nothing, and nothing is left behind. */
import { randomBytes } from 'node:crypto';
import type { ObjectStore } from '../../../platform/object-store/object-store.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copiedObjects,
  copySlice,
  liveCopy,
  ownedObjects,
  shareCopy,
  targetOf,
  tidySlice,
  turnCopy,
} from '../../../test/support/copies.ts';
import { buildCase, buildEvidence } from '../../../test/support/factories.ts';
import { COPY_LIMITS } from './copy-object.ts';

const MIB = 2 ** 20;
let api: TestApi;
let pair: CopyingPair;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  pair = await buildCopyingPair(api);
});
afterAll(async () => api.stop());

async function sql<T>(statement: string, values: readonly unknown[]): Promise<T[]> {
  return api.database.em.fork().execute<T[]>(statement, [...values]);
}

/** A copy of a case with two small files and a larger one, and the audit trail of each. */
async function begun(larger = 40, attachments: readonly string[] = ['audit_trail']) {
  const inCase = await buildCase(api, { owner: pair.sender });
  const evidence = [];
  for (const size of [10, 20, larger]) {
    const content = randomBytes(size);
    evidence.push(await buildEvidence(api, { owner: pair.sender, inCase, content }));
  }
  const { id } = await shareCopy(api, pair, inCase.id, { attachments });
  return { inCase, evidence, id };
}
type Begun = Awaited<ReturnType<typeof begun>>;

const BY_PARTS = { ...COPY_LIMITS, whole: 5 * MIB, part: 5 * MIB, partsPerSlice: 1 };

/** A copy that has come so far when something happens to it. */
const STAGES: Readonly<Record<string, () => Promise<Begun>>> = {
  'before it starts': () => begun(),
  'when it has started': async () => {
    const copy = await begun();
    await turnCopy(api, copy.id);
    return copy;
  },
  'while a large file is copied by parts': async () => {
    const copy = await begun(11 * MIB);
    await turnCopy(api, copy.id);
    await copySlice(api, copy.id, { limits: BY_PARTS });
    return copy;
  },
  'when all is copied and proven, before it is published': async () => {
    const copy = await begun();
    await turnCopy(api, copy.id);
    await copySlice(api, copy.id);
    return copy;
  },
};

async function stateOf(id: string) {
  const { body } = await api.get(`/shares/${id}`, pair.sender);
  return { state: body.state, failure: body.failure?.code ?? null };
}

async function expectNothingLeft(id: string): Promise<void> {
  expect(await copiedObjects(api, pair.partner)).toEqual([]);
  expect(await targetOf(api, id)).toBeNull();
  const left = await sql<{ n: number }>(
    `select ((select count(*) from cases where organization_id = ?)
       + (select count(*) from evidence where organization_id = ?)
       + (select count(*) from shared_evidence where share_id = ?))::int as n`,
    [pair.partner.id, pair.partner.id, id],
  );
  expect(left[0]?.n).toBe(0);
}

describe.each(Object.entries(STAGES))('%s', (_stage, arrive) => {
  test('a copy that is cancelled leaves nothing, and is never delivered', async () => {
    const copy = await arrive();
    const cancelled = await api.post(`/shares/${copy.id}/cancel`, pair.sender);
    expect([cancelled.status, cancelled.body.state]).toEqual([200, 'cancelled']);
    await liveCopy(api, copy.id);
    expect(await stateOf(copy.id)).toEqual({ state: 'cancelled', failure: null });
    await expectNothingLeft(copy.id);
    expect((await api.post(`/shares/${copy.id}/cancel`, pair.sender)).status).toBe(200);
    expect((await api.post(`/shares/${copy.id}/updates`, pair.sender)).status).toBe(409);
  });

  test.each([
    [
      'partnership-ended',
      'its partnership ends',
      async () =>
        sql(`update partners set state = 'ended', ended_at = now() where inviter_id = ?`, [
          pair.source.id,
        ]),
    ],
    [
      'partnership-ended',
      'the partner takes back its direction',
      async () =>
        sql(`update partners set invitee_may_receive = false where inviter_id = ?`, [
          pair.source.id,
        ]),
    ],
    [
      'feature-off',
      'the feature is switched off',
      async () => sql(`update organizations set features = '{}' where id = ?`, [pair.partner.id]),
    ],
    [
      'no-recipient',
      'its recipient is disabled',
      async () => sql(`update users set disabled_at = now() where id = ?`, [pair.receiver.id]),
    ],
    [
      'evidence-changed',
      'evidence of it is destroyed',
      async (copy: Begun) =>
        sql(`update evidence set state = 'destroyed' where id = ?`, [copy.evidence[1]?.id]),
    ],
    [
      'evidence-changed',
      'evidence of it leaves the case',
      async (copy: Begun) =>
        sql(`delete from case_evidence where evidence_id = ?`, [copy.evidence[1]?.id]),
    ],
  ] as const)('a copy fails (%s) where %s, and leaves nothing', async (code, _, happen) => {
    const copy = await arrive();
    await happen(copy);
    await liveCopy(api, copy.id);
    expect(await stateOf(copy.id)).toEqual({ state: 'failed', failure: code });
    await expectNothingLeft(copy.id);
    expect((await api.post(`/shares/${copy.id}/cancel`, pair.sender)).status).toBe(409);
  });
});

test.each([
  [
    'object-missing',
    'is gone',
    async (key: string, version: string | null) => api.store.remove(key, version),
  ],
  [
    'object-changed',
    'was replaced',
    async (key: string) => api.store.put(key, Buffer.from('another'), 'text/plain'),
  ],
] as const)('a copy fails (%s) where an object of the source %s', async (code, _, happen) => {
  const copy = await begun();
  const [one] = copy.evidence;
  await happen(one?.objectKey ?? '', one?.objectVersion ?? null);
  await liveCopy(api, copy.id);
  expect(await stateOf(copy.id)).toEqual({ state: 'failed', failure: code });
  await expectNothingLeft(copy.id);
});

test.each(['sha256', 'crc32', 'size'] as const)(
  'a copy fails where what is read back has another %s than was verified',
  async (column) => {
    const copy = await begun();
    const other = { sha256: `'${'0'.repeat(64)}'`, crc32: 'crc32 # 1', size: 'size + 1' };
    await sql(
      `update copy_items set ${column} = ${other[column]} where position = 2 and delivery_id in
         (select id from copy_deliveries where share_id = ?)`,
      [copy.id],
    );
    await liveCopy(api, copy.id);
    expect(await stateOf(copy.id)).toEqual({ state: 'failed', failure: 'not-identical' });
    await expectNothingLeft(copy.id);
  },
);

test('a store that is away for a while fails no copy', async () => {
  const copy = await begun();
  await turnCopy(api, copy.id);
  let failures = 3;
  const failing: ObjectStore = {
    ...api.store,
    copy: async (...of) => {
      failures -= 1;
      if (failures >= 0) throw new Error('the store is away');
      return api.store.copy(...of);
    },
  };
  await expect(copySlice(api, copy.id, { store: failing })).rejects.toThrow(AggregateError);
  expect((await stateOf(copy.id)).state).toBe('copying');
  await liveCopy(api, copy.id);
  expect((await stateOf(copy.id)).state).toBe('delivered');
  expect(await copiedObjects(api, pair.partner)).toEqual(await ownedObjects(api, pair.partner));
});

test('what a worker makes that was thought dead is removed later, and nothing that was given out', async () => {
  const copy = await begun();
  await liveCopy(api, copy.id);
  const [item] = await sql<{ target_key: string; delivery_id: string }>(
    `select i.* from copy_items i join copy_deliveries d on d.id = i.delivery_id where d.share_id = ? limit 1`,
    [copy.id],
  );
  const folder = item?.target_key.replace(/[^/]*$/, '') ?? '';
  await api.store.put(`${folder}late`, randomBytes(9), 'application/pdf');
  await api.store.beginUpload(`${folder}later`, 'video/mp4');
  const owned = await ownedObjects(api, pair.partner);
  expect(await copiedObjects(api, pair.partner)).toHaveLength(owned.length + 2);
  const later = new Date(Date.now() + 2 * 60_000);
  const plan = await turnCopy(api, copy.id, later);
  expect(plan.work).toContain('tidy');
  await tidySlice(api, copy.id, later);
  expect(await copiedObjects(api, pair.partner)).toEqual(owned);
});

test('a failed update leaves the copy delivered and says why; the next one behind it goes on', async () => {
  const copy = await begun();
  await liveCopy(api, copy.id);
  const owned = await ownedObjects(api, pair.partner);
  const lost = await buildEvidence(api, { owner: pair.sender, inCase: copy.inCase });
  await api.store.remove(lost.objectKey, lost.objectVersion ?? null);
  await api.post(`/shares/${copy.id}/updates`, pair.sender);
  await liveCopy(api, copy.id);
  expect(await stateOf(copy.id)).toEqual({ state: 'delivered', failure: 'object-missing' });
  expect(await copiedObjects(api, pair.partner)).toEqual(owned);
  await api.delete(`/cases/${copy.inCase.id}/evidence/${lost.id}`, pair.sender);
  await buildEvidence(api, { owner: pair.sender, inCase: copy.inCase });
  await api.post(`/shares/${copy.id}/updates`, pair.sender);
  await liveCopy(api, copy.id);
  expect(await stateOf(copy.id)).toEqual({ state: 'delivered', failure: null });
  expect(await ownedObjects(api, pair.partner)).toHaveLength(owned.length + 2);
});

test('an update of a copy whose case the partner has no more fails and says so', async () => {
  const copy = await begun();
  await liveCopy(api, copy.id);
  await sql('update shares set target_case_id = null where id = ?', [copy.id]);
  await buildEvidence(api, { owner: pair.sender, inCase: copy.inCase });
  await api.post(`/shares/${copy.id}/updates`, pair.sender);
  await liveCopy(api, copy.id);
  expect(await stateOf(copy.id)).toEqual({ state: 'delivered', failure: 'target-case-missing' });
});

test('a cancellation and a publication at the same moment: one of them happens', async () => {
  for (let round = 0; round < 8; round += 1) {
    // The PDFs of its audit trails would take most of the time.
    const copy = await begun(40, []);
    await turnCopy(api, copy.id);
    await copySlice(api, copy.id);
    const [cancelled] = await Promise.all([
      api.post(`/shares/${copy.id}/cancel`, pair.sender),
      turnCopy(api, copy.id),
    ]);
    await liveCopy(api, copy.id);
    const { state } = await stateOf(copy.id);
    expect([cancelled.status, state]).toEqual(
      cancelled.status === 200 ? [200, 'cancelled'] : [409, 'delivered'],
    );
    expect((await targetOf(api, copy.id)) === null).toBe(state === 'cancelled');
  }
});
