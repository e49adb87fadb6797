/** Runs beside each other, and runs whose checks fail. */
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildOrganization } from '../../test/support/factories.ts';
import { withoutEngine } from '../../test/support/reconciliation.ts';
import { inDays } from '../../test/support/retention.ts';
import { OPERATOR } from '../act.ts';
import { newId, type OrganizationId } from '../ids.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import { beginReconciliation, reconciliationOf } from './begin-reconciliation.ts';
import type { ReconcilingDeps } from './check.ts';
import { reconcileSlice } from './reconcile.ts';
import { advance, endRun, NOTHING, type Position } from './run.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

async function sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return api.database.em.fork().execute<Row[]>(text, [...values]);
}

/** An engine in which every life runs, and these workflows beside them. */
function running(...workflowIds: string[]): ReconcilingDeps {
  const deps = withoutEngine(api);
  return {
    ...deps,
    engine: {
      ...deps.engine,
      runningAmong: async (asked) => new Set(asked),
      running: async () => ({ workflowIds, next: null }),
      placeOf: async () => 'here',
    },
  };
}

/** One step of a run, at an instant. */
async function step(deps: ReconcilingDeps, check: Position['check'], now: Date) {
  const position = { check, after: null };
  const look = { now, repair: true, actor: OPERATOR.actor };
  return advance(deps, { position, totals: NOTHING }, look);
}

/** An upload that no row knows, of an organization of its own in which nothing else is. */
async function strayUpload(): Promise<{ organizationId: OrganizationId; find: Find }> {
  const { id: organizationId } = await buildOrganization(api);
  const key = `evidence/${organizationId}/${newId()}`;
  const uploadId = await api.store.beginUpload(key, 'a/b');
  const [before] = await sql<{ id: string }>(
    'select id from organizations where id < ? order by id desc limit 1',
    [organizationId],
  );
  const find: Find = async (deps, days) => {
    const look = { now: inDays(days), repair: true, actor: OPERATOR.actor };
    const position = { check: 'unfinished uploads', after: before?.id ?? null } as const;
    const { findings } = await advance(deps, { position, totals: NOTHING }, look);
    const isStill = (await api.store.unfinishedUploads(key)).some(
      (one) => one.uploadId === uploadId,
    );
    return { repaired: findings.map(({ repaired }) => repaired), isStill };
  };
  return { organizationId, find };
}

type Find = (
  deps: ReconcilingDeps,
  days: number,
) => Promise<{ readonly repaired: readonly boolean[]; readonly isStill: boolean }>;

async function discarded(organizationId: OrganizationId): Promise<number> {
  const rows = await sql<unknown>(
    `select 1 from audit_events where organization_id = ? and action = 'upload.discarded'`,
    [organizationId],
  );
  return rows.length;
}

test('an upload of weeks ago is not removed when rows that do not know it are first looked at', async () => {
  const { find } = await strayUpload();
  const deps = withoutEngine(api);
  // As if a backup of before its beginning had just been restored.
  expect(await find(deps, 30)).toEqual({ repaired: [false], isStill: true });
  expect(await find(deps, 43)).toEqual({ repaired: [false], isStill: true });
  expect(await find(deps, 44.1)).toEqual({ repaired: [true], isStill: false });
});

test('a removal that the store refuses is recorded once, however often it is tried', async () => {
  const { organizationId, find } = await strayUpload();
  const deps = withoutEngine(api);
  const abortUpload = async () => {
    throw new Error('the store refused');
  };
  const refusing = { ...deps, store: { ...deps.store, abortUpload } };
  await find(deps, 3);
  await expect(find(refusing, 18)).rejects.toThrow('the store refused');
  await expect(find(refusing, 19)).rejects.toThrow('the store refused');
  expect(await discarded(organizationId)).toBe(1);
  expect(await find(deps, 20)).toEqual({ repaired: [true], isStill: false });
  expect(await discarded(organizationId)).toBe(1);
});

test('what a run found stays noted where one that began earlier finds it after it', async () => {
  const deps = running('by-hand');
  await step(deps, 'workflows', inDays(0.2));
  await step(deps, 'workflows', inDays(0));
  await endRun(api.database.em.fork(), { began: inDays(0.1), now: inDays(0.3), totals: NOTHING });
  const standing = await sql<unknown>(
    `select 1 from reconciliation_findings where subject = 'by-hand'`,
  );
  expect(standing).toHaveLength(1);
});

test('a workflow that is listed twice, as while it goes on in a new run, is one finding', async () => {
  const { findings } = await step(running('twice', 'twice'), 'workflows', new Date());
  expect(findings[0]).toMatchObject({ subject: 'twice', repaired: false });
  expect(
    await sql<unknown>(`select 1 from reconciliation_findings where subject = 'twice'`),
  ).toHaveLength(1);
});

test('a check that always fails keeps no other from its next day, and comes after them', async () => {
  const { id: organizationId } = await buildOrganization(api);
  await beginReconciliation(api, new Date());
  const life = await reconciliationOf(api.database.em.fork());
  const workflowId = workflowIdOf('reconciliation', life?.entityId ?? '');
  let asked = 0;
  const deps = running();
  const failing: ReconcilingDeps = {
    ...deps,
    engine: {
      ...deps.engine,
      async running() {
        asked += 1;
        return { workflowIds: [], next: null };
      },
    },
    store: {
      ...deps.store,
      async unfinishedUploads() {
        throw new Error('the store does not list them');
      },
    },
  };
  const slice = async (days: number) =>
    expect(
      reconcileSlice(failing, workflowId, inDays(days), new AbortController().signal),
    ).rejects.toThrow('the store does not list them');
  await slice(1);
  const read = await sql<unknown>(
    'select 1 from audit_verifications where organization_id = ? and read_sequence > 0',
    [organizationId],
  );
  expect(read).toHaveLength(1);
  await slice(1.5);
  expect(asked).toBe(1);
  await slice(2.1);
  expect(asked).toBe(2);
});
