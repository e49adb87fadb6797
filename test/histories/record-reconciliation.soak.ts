/** Records the life of reconciliation (see `record.soak.ts`). */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { beginReconciliation } from '../../domain/reconciliation/begin-reconciliation.ts';
import { eventually } from '../support/eventually.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { DAY } from '../support/retention.ts';
import { writeHistory } from './write-history.ts';

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

async function rowOf(): Promise<{ id: string; ended_at: Date | null }> {
  const [row] = await lives.api.database.em
    .fork()
    .execute<{ id: string; ended_at: Date | null }[]>('select id, ended_at from reconciliation');
  if (row === undefined) throw new Error('it was not begun');
  return row;
}

test('reconciliation that waits for its first run, and one that did two', async () => {
  await beginReconciliation(lives.api, new Date());
  const life = workflowIdOf('reconciliation', (await rowOf()).id);
  const handle = lives.temporal.client.workflow.getHandle(life);
  await eventually('it to wait', async () => {
    const { searchAttributes } = (await handle.describe().catch(() => null)) ?? {};
    return searchAttributes?.['WaitingFor']?.[0] === 'the next reconciliation';
  });
  await writeHistory('reconciliation.sleeping', handle);
  for (let run = 0; run < 2; run += 1) {
    const before = (await rowOf()).ended_at;
    await lives.temporal.fastForward(life, DAY + 3_600_000);
    await eventually('a run', async () => {
      const { ended_at: endedAt } = await rowOf();
      return endedAt !== null && String(endedAt) !== String(before);
    });
  }
  await writeHistory('reconciliation.compared', handle);
});
