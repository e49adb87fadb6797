/** A purge whose process is killed at each of its steps, and another that goes on: the same end. */
import { randomBytes } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildUser } from '../../test/support/factories.ts';
import { dyingAt, KilledError } from '../../test/support/killing.ts';
import {
  buildDue,
  inDays,
  liveRetention,
  type Retaining,
  retentionOf,
  slices,
  versionsUnder,
} from '../../test/support/retention.ts';
import { buildVersionedStore } from '../../test/support/versioned-store.ts';
import type { Evidence } from '../evidence/evidence.entity.ts';
import type { User } from '../identity/user.entity.ts';
import { newId } from '../ids.ts';

let api: TestApi;
let on: Retaining;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  on = { ...api, store: await buildVersionedStore() };
});
afterAll(async () => api.stop());
beforeEach(async () => {
  owner = await buildUser(api);
});

/** Due evidence with three versions, the marker of a deletion, an unfinished upload and an attachment. */
async function buildMuch(): Promise<Evidence> {
  const evidence = await buildDue(on, owner);
  const { objectKey } = evidence;
  await on.store.put(objectKey, randomBytes(10), 'a/b');
  await on.store.put(objectKey, randomBytes(10), 'a/b');
  await on.store.remove(objectKey);
  await on.store.beginUpload(objectKey, 'a/b');
  const trail = `${objectKey}-trail`;
  await on.store.put(trail, randomBytes(10), 'application/pdf');
  const em = on.database.em.fork();
  await em.execute(
    `insert into evidence_attachments (id, evidence_id, kind, file_name, content_type, size, sha256,
       object_key, object_etag, created_at)
     values (?, ?, 'audit_trail', 'trail.pdf', 'application/pdf', 10, repeat('0', 64), ?, 'x', now())`,
    [newId(), evidence.id, trail],
  );
  await em.execute(
    `insert into evidence_notes (id, evidence_id, text, author_name, created_at)
     values (?, ?, 'Seen by a neighbour', 'A', now())`,
    [newId(), evidence.id],
  );
  return evidence;
}

/** Queues, decides and destroys, in the order in which the life does. */
async function purge(by: Retaining): Promise<void> {
  const organization = owner.organizationId;
  await slices.look(by, organization, new Date());
  await slices.look(by, organization, inDays(7.1));
  await slices.destroy(by, organization, inDays(7.1));
}

async function endOf({ id, objectKey }: Evidence) {
  const { state, goneAt, failure } = await retentionOf(on, id);
  const em = on.database.em.fork();
  const events = await em.execute<{ action: string; content: string }[]>(
    `select action, content from audit_events where objects @> array[?::uuid] order by sequence`,
    [id],
  );
  const [rows] = await em.execute<{ attached: number; noted: number }[]>(
    `select (select count(*)::int from evidence_attachments where evidence_id = ?) as attached,
       (select count(*)::int from evidence_notes where evidence_id = ?) as noted`,
    [id, id],
  );
  return {
    ...{ state, failure, gone: goneAt !== null, ...rows },
    events: events.map(({ action }) => action),
    // What the record says was destroyed, whoever of those who were killed had removed it.
    recorded: JSON.parse(events.at(-1)?.content ?? '{}').data?.objects,
    versions: await versionsUnder(on.store, objectKey),
    uploads: (await on.store.unfinishedUploads(objectKey)).length,
  };
}

const DESTROYED = {
  ...{ state: 'destroyed', failure: null, gone: true, attached: 0, noted: 0 },
  ...{ versions: [], uploads: 0, recorded: 2 },
  events: ['evidence.queued_for_deletion', 'evidence.destruction_decided', 'evidence.destroyed'],
};

test('killed at each of its steps and run again, it ends as if it had not been', async () => {
  const where: string[] = [];
  for (let fatal = 1; ; fatal += 1) {
    const evidence = await buildMuch();
    const dying = dyingAt(on, fatal);
    const ended: unknown = await purge(dying.on).then(
      () => null,
      (error: unknown) => error,
    );
    if (!dying.died) {
      expect(ended).toBeNull();
      expect(await endOf(evidence)).toEqual(DESTROYED);
      break;
    }
    expect(ended).toBeInstanceOf(KilledError);
    where.push(dying.steps.at(-1) ?? '');
    await liveRetention(on, owner.organizationId, inDays(7.1));
    await liveRetention(on, owner.organizationId, inDays(14.3));
    expect({ where: where.at(-1), ...(await endOf(evidence)) }).toEqual({
      where: where.at(-1),
      ...DESTROYED,
    });
  }
  expect(where.length).toBeGreaterThan(60);
  expect(where).toEqual(
    expect.arrayContaining(['before remove', 'after remove', 'before a commit', 'after a commit']),
  );
}, 240_000);

test('a store that is away leaves the row, which says so, and is tried again', async () => {
  const evidence = await buildMuch();
  const away = {
    ...on,
    store: { ...on.store, remove: async () => Promise.reject(new TypeError('away')) },
  };
  const organization = owner.organizationId;
  await slices.look(away, organization, new Date());
  await slices.look(away, organization, inDays(7.1));
  for (const days of [7.1, 7.2, 7.3]) await slices.destroy(away, organization, inDays(days));
  expect(await retentionOf(on, evidence.id)).toMatchObject({
    ...{ state: 'destroyed', goneAt: null, failure: 'TypeError', attempts: 3 },
  });
  const plan = await liveRetention(on, organization, inDays(7.3));
  expect(plan.shown.attention).toBe('1 pieces of evidence could not be destroyed yet');
  const later = await liveRetention(on, organization, inDays(7.5));
  expect(later.shown.attention).toBeNull();
  expect(await endOf(evidence)).toEqual(DESTROYED);
});

test('a store that keeps giving what was removed ends nothing', async () => {
  const evidence = await buildDue(on, owner);
  const stubborn = { ...on, store: { ...on.store, remove: async () => undefined } };
  await slices.look(stubborn, owner.organizationId, new Date());
  await slices.look(stubborn, owner.organizationId, inDays(7.1));
  await slices.destroy(stubborn, owner.organizationId, inDays(7.1));
  expect(await retentionOf(on, evidence.id)).toMatchObject({
    ...{ goneAt: null, failure: 'StillReadableError' },
  });
});
