/** A run of reconciliation that dies before or after each of its steps: the next one does the rest, once. */

import type { User } from '../../domain/identity/user.entity.ts';
import { newId } from '../../domain/ids.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { beginReconciliation } from '../../domain/reconciliation/begin-reconciliation.ts';
import type { ReconcilingDeps } from '../../domain/reconciliation/check.ts';
import { reconcileSlice } from '../../domain/reconciliation/reconcile.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { buildUser } from '../support/factories.ts';
import { dyingAt, KilledError } from '../support/killing.ts';
import { inDays } from '../support/retention.ts';
import { beginUpload } from '../support/uploads.ts';

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
  await beginReconciliation(api, new Date());
});
afterAll(async () => api.stop());

const NOW = inDays(17);
/** When nobody's upload was found first. */
const FOUND = inDays(2.5);
const never = new AbortController().signal;

async function sql<Row>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
  return api.database.em.fork().execute<Row[]>(text, [...values]);
}

/** An engine in which everything runs but one life. */
function engineWithout(lost: string): ReconcilingDeps['engine'] {
  return {
    runningAmong: async (ids) => new Set(ids.filter((id) => id !== lost)),
    running: async () => ({ workflowIds: [], next: null }),
    placeOf: async (id) => (id === lost ? 'nowhere' : 'here'),
    pokeRunning: async () => undefined,
  };
}

/** One fault of each kind that is repaired; gives how to look at what became of them. */
async function breakThings() {
  const lost = workflowIdOf('retention', owner.organizationId);
  const intake = workflowIdOf('evidence-intake', owner.organizationId);
  const known = await sql<unknown>(`select 1 from uploads where state = 'uploading'`);
  if (known.length === 0) await beginUpload(api, owner, { content: Buffer.alloc(5) });
  await sql(`update lifecycles set planned = wanted, wanted_at = wanted_at - interval '1 hour'`);
  const name = newId();
  const key = `evidence/${owner.organizationId}/${name}`;
  const stray = await api.store.beginUpload(key, 'a/b');
  await sql(
    `insert into reconciliation_findings (kind, subject, organization_id, detail, first_found_at, last_found_at)
     values ('upload-unknown', ?, ?, 'found before', ?, ?)`,
    [`${key} ${stray}`, owner.organizationId, FOUND, FOUND],
  );
  await sql('update reconciliation set next_at = ?', [NOW]);
  return {
    deps: engineWithout(lost),
    async outcome() {
      const woken = await sql<{ id: string }>(
        `select workflow_id as id from lifecycles where planned < wanted order by workflow_id`,
      );
      const [recorded] = await sql<{ times: number }>(
        `select count(*)::int as times from audit_events
         where action = 'upload.discarded' and objects @> array[?::uuid]`,
        [name],
      );
      const [run] = await sql<{ through: boolean }>(
        'select began_at is null and next_at > ? as through from reconciliation',
        [NOW],
      );
      const left = await api.store.listParts(key, stray).catch(() => 'no upload');
      return {
        isWoken: [lost, intake].every((id) => woken.some((one) => one.id === id)),
        isThrough: run?.through,
        left,
        recorded: recorded?.times ?? 0,
      };
    },
  };
}

async function slice(on: ReconcilingDeps): Promise<void> {
  const [row] = await sql<{ id: string }>('select id from reconciliation');
  await reconcileSlice(on, workflowIdOf('reconciliation', row?.id ?? ''), NOW, never);
}

test('wherever it dies, the next run ends it as if nothing had happened', async () => {
  let deaths = 0;
  for (;;) {
    const { deps, outcome } = await breakThings();
    const dying = dyingAt(api, deaths + 1);
    const end = await slice({ ...dying.on, engine: deps }).then(
      () => 'through',
      (error: unknown) => {
        if (!(error instanceof KilledError)) throw error;
        return 'killed';
      },
    );
    if (end === 'killed') await slice({ ...api, engine: deps });
    expect([dying.steps.at(-1), await outcome()]).toEqual([
      dying.steps.at(-1),
      { isWoken: true, isThrough: true, left: 'no upload', recorded: 1 },
    ]);
    if (end === 'through') break;
    deaths += 1;
  }
  process.stdout.write(`${deaths} deaths\n`);
  expect(deaths).toBeGreaterThan(30);
});
