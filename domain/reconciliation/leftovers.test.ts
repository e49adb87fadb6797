import { randomUUID } from 'node:crypto';
import { eventually } from '../../test/support/eventually.ts';
import { buildUser } from '../../test/support/factories.ts';
import { buildLink } from '../../test/support/links.ts';
import { startLives, type TestLives } from '../../test/support/lives.ts';
import { reconcile, reconcilingOn } from '../../test/support/reconciliation.ts';
import { inDays } from '../../test/support/retention.ts';
import { beginUpload } from '../../test/support/uploads.ts';
import type { User } from '../identity/user.entity.ts';
import { newId } from '../ids.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import type { ReconcilingDeps } from './check.ts';

let lives: TestLives;
let deps: ReconcilingDeps;
let owner: User;
beforeAll(async () => {
  lives = await startLives();
  deps = reconcilingOn(lives);
  owner = await buildUser(lives.api);
});
afterAll(() => lives.stop());

async function sql<Row>(text: string, values: readonly unknown[]): Promise<Row[]> {
  return lives.api.database.em.fork().execute<Row[]>(text, [...values]);
}

async function stateOf(table: 'uploads' | 'notifications', id: string): Promise<string> {
  const [row] = await sql<{ state: string }>(`select state from ${table} where id = ?`, [id]);
  return row?.state ?? 'gone';
}

/** Waits until a life has heard of everything so far. */
async function planned(workflowId: string): Promise<void> {
  await eventually('the life to have planned', async () => {
    const rows = await sql<unknown>(
      'select 1 from lifecycles where workflow_id = ? and planned = wanted',
      [workflowId],
    );
    return rows.length > 0;
  });
}

test.each(['pending', 'sending'])(
  'mail that was forgotten, %s, is found, and its life sends or settles it',
  async (state) => {
    const { shareId } = await buildLink(lives.api, { owner });
    const workflowId = workflowIdOf('download-link', shareId);
    const forgotten = newId();
    await planned(workflowId);
    const anHourAgo = new Date(Date.now() - 3_600_000);
    await sql(
      `insert into notifications (id, organization_id, workflow_id, kind, subject_id, recipient, sequence,
       repeatable, subject, text, html, message_id, state, next_attempt_at, lease_until, created_at)
     values (?, ?, ?, 'link-expires', ?, ?, 1, false, 's', 't', 'h', ?, ?, ?, ?, ?)`,
      [
        ...[forgotten, owner.organizationId, workflowId, shareId, owner.email],
        ...[`<${forgotten}@example.test>`, state, anHourAgo],
        ...[state === 'sending' ? anHourAgo : null, anHourAgo],
      ],
    );
    const [found, ...others] = await reconcile(deps);
    expect(found).toMatchObject({ kind: 'mail-unsent', subject: forgotten, repaired: false });
    expect(JSON.stringify(found)).not.toContain(owner.email);
    expect(others).toEqual([]);
    await reconcile(deps, { repair: true });
    await eventually('it to be settled', async () => {
      return ['sent', 'failed', 'cancelled'].includes(await stateOf('notifications', forgotten));
    });
    expect(await reconcile(deps)).toEqual([]);
  },
);

test('an upload that its intake forgot is found, and its intake gives it up', async () => {
  const { id } = await beginUpload(lives.api, owner, { content: Buffer.alloc(5) });
  await planned(workflowIdOf('evidence-intake', owner.organizationId));
  await sql(
    `update uploads set last_active_at = clock_timestamp() - interval '15 days' where id = ?`,
    [id],
  );
  const found = await reconcile(deps, { repair: true });
  expect(found).toMatchObject([{ kind: 'upload-not-tidied', subject: id, repaired: true }]);
  await eventually('it to be given up', async () => (await stateOf('uploads', id)) === 'aborted');
});

test('parts in the store that no row knows are found after two days and removed fourteen days later', async () => {
  const known = await beginUpload(lives.api, owner, { content: Buffer.alloc(5) });
  const uploadId = newId();
  const key = `evidence/${owner.organizationId}/${uploadId}`;
  const stray = await lives.api.store.beginUpload(key, 'a/b');
  const copied = `copies/${owner.organizationId}/${randomUUID()}/${randomUUID()}`;
  await lives.api.store.beginUpload(copied, 'a/b');
  const unknown = async (days: number, repair: boolean) =>
    (await reconcile(deps, { repair, now: inDays(days) }))
      .filter(({ kind }) => kind === 'upload-unknown')
      .map(({ subject, repaired }) => [subject.split(' ')[0], repaired]);
  expect(await unknown(1, true)).toEqual([]);
  expect(await unknown(3, true)).toEqual([
    [copied, false],
    [key, false],
  ]);
  expect(await lives.api.store.listParts(key, stray)).toEqual([]);
  expect(await unknown(17, false)).toHaveLength(2);
  expect(await unknown(17, true)).toEqual([
    [copied, true],
    [key, true],
  ]);
  await expect(lives.api.store.listParts(key, stray)).rejects.toThrow('no such upload');
  const events = await sql<unknown>(
    `select 1 from audit_events where action = 'upload.discarded' and objects @> array[?::uuid]`,
    [uploadId],
  );
  expect(events).toHaveLength(1);
  expect(await unknown(17, true)).toEqual([]);
  const [row] = await sql<{ key: string; store: string }>(
    'select object_key as key, store_upload_id as store from uploads where id = ?',
    [known.id],
  );
  expect(await lives.api.store.listParts(row?.key ?? '', row?.store ?? '')).toEqual([]);
});
