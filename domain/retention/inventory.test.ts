import { randomBytes, randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildCopyingPair, liveCopy, shareCopy, targetOf } from '../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildUser,
  buildUserWith,
} from '../../test/support/factories.ts';
import {
  buildDue,
  inDays,
  liveRetention,
  slices,
  turnRetention,
  versionsUnder,
} from '../../test/support/retention.ts';
import { beginUpload } from '../../test/support/uploads.ts';
import type { User } from '../identity/user.entity.ts';

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());
beforeEach(async () => {
  owner = await buildUser(api);
});

const LATER = inDays(3);

/** A whole inventory, and what it found, as administrators read it. */
async function inventory(now = LATER, of = owner) {
  while (await slices.inventory(api, of.organizationId, now)) {
    // As many slices as it takes; then none is due.
  }
  const { status, body } = await api.get('/inventory', of);
  expect(status).toBe(200);
  return body;
}

async function put(key: string, size: number): Promise<string> {
  await api.store.put(key, randomBytes(size), 'a/b');
  return key;
}

test('a store that is as the rows say has no findings, copies and attachments included', async () => {
  const pair = await buildCopyingPair(api);
  const inCase = await buildCase(api, { owner: pair.sender });
  const { size } = await buildEvidence(api, { owner: pair.sender, inCase });
  const { id } = await shareCopy(api, pair, inCase.id, { attachments: ['audit_trail'] });
  await liveCopy(api, id);
  expect(await targetOf(api, id)).not.toBeNull();
  await liveCopy(api, id, inDays(2.9));
  const ofSource = await inventory(LATER, pair.sender);
  expect(ofSource).toMatchObject({
    data: [],
    inventory: { endedAt: LATER.toISOString(), objects: 1, bytes: size },
  });
  expect(await inventory(LATER, pair.receiver)).toMatchObject({
    data: [],
    inventory: { objects: 2 },
  });
});

test('rows without object, other sizes and objects without row are found, and nothing is changed', async () => {
  const [missing, longer] = [
    await buildEvidence(api, { owner }),
    await buildEvidence(api, { owner }),
  ];
  await api.store.remove(missing.objectKey, missing.objectVersion ?? null);
  await put(longer.objectKey, longer.size + 5);
  const stray = await put(`evidence/${owner.organizationId}/${randomUUID()}`, 7);
  const strayCopy = await put(`copies/${owner.organizationId}/${randomUUID()}/${randomUUID()}`, 8);
  const body = await inventory();
  const found = body.data.map((one: Record<string, unknown>) => [
    one.kind,
    one.objectKey,
    one.evidenceId,
    one.expectedSize,
    one.foundSize,
  ]);
  expect(new Set(found)).toEqual(
    new Set([
      ['object-missing', missing.objectKey, missing.id, missing.size, null],
      ['size-differs', longer.objectKey, longer.id, longer.size, longer.size + 5],
      ['object-unknown', stray, null, null, 7],
      ['object-unknown', strayCopy, null, null, 8],
    ]),
  );
  for (const key of [stray, strayCopy]) {
    expect(await versionsUnder(api.store, key)).toHaveLength(1);
  }
  const plan = await turnRetention(api, owner.organizationId, LATER);
  expect(plan.shown.attention).toBe('the inventory found 4 differences');
  const first = await api.get('/inventory?limit=3', owner);
  const rest = await api.get(
    `/inventory?limit=3&cursor=${encodeURIComponent(first.body.page.next)}`,
    owner,
  );
  expect([...first.body.data, ...rest.body.data]).toEqual(body.data);

  await put(missing.objectKey, missing.size);
  await api.store.remove(stray);
  const again = await inventory(inDays(4.1));
  expect(again.data).toHaveLength(2);
  const { firstFoundAt, lastFoundAt } = again.data[0];
  expect([firstFoundAt, lastFoundAt]).toEqual([
    LATER.toISOString(),
    expect.stringMatching(/^\d{4}/),
  ]);
  expect(lastFoundAt > firstFoundAt).toBe(true);
});

test('what is new, on its way or being destroyed is no finding', async () => {
  const upload = await beginUpload(api, owner, { content: Buffer.alloc(5) });
  await put(`evidence/${owner.organizationId}/${upload.id}`, 5);
  const due = await buildDue(api, owner);
  await slices.look(api, owner.organizationId, inDays(0));
  await slices.look(api, owner.organizationId, inDays(7.1));
  expect((await inventory(inDays(7.2))).data).toEqual([]);
  await liveRetention(api, owner.organizationId, inDays(8));
  // Somebody brings back what was destroyed: nobody knows of it.
  await put(due.objectKey, 5);
  expect((await inventory(inDays(9.5))).data).toMatchObject([
    { kind: 'object-unknown', objectKey: due.objectKey },
  ]);
  const young = await put(`evidence/${owner.organizationId}/${randomUUID()}`, 1);
  expect(JSON.stringify(await inventory(new Date(Date.now() + 60_000)))).not.toContain(young);
});

test('a store of more than a page is read to its end, slice by slice', async () => {
  const { organizationId } = owner;
  const keys = Array.from({ length: 1_050 }, () => `evidence/${organizationId}/${randomUUID()}`);
  while (keys.length > 0) await Promise.all(keys.splice(0, 50).map((key) => put(key, 1)));
  const last = await buildEvidence(api, { owner });
  await api.store.remove(last.objectKey, last.objectVersion ?? null);
  const body = await inventory();
  expect(body.page.total).toBe(1_051);
  expect(body.inventory.objects).toBe(1_050);
  const kinds = await api.database.em
    .fork()
    .execute(`select 1 from inventory_findings where kind = 'object-missing' and evidence_id = ?`, [
      last.id,
    ]);
  expect(kinds).toHaveLength(1);
}, 120_000);

test('only who administers the organization reads its inventory', async () => {
  const other = await buildUserWith(api, { id: owner.organizationId }, { 'evidence.view': 'any' });
  expect((await api.get('/inventory', other)).body.missing).toEqual(['admin.organization']);
  const elsewhere = await buildUser(api);
  expect((await api.get('/inventory', elsewhere)).body.data).toEqual([]);
});
