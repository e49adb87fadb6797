import { randomUUID } from 'node:crypto';
import { act, OPERATOR } from '../../domain/act.ts';
import { type WorkflowId, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildUser } from '../../test/support/factories.ts';
import { createLogger } from '../logging.ts';
import { startRelay } from './relay.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

/** A life whose poke was lost. */
async function forgotten(): Promise<WorkflowId> {
  const { organizationId } = await buildUser(api);
  const entityId = randomUUID();
  await act(api, OPERATOR, async ({ wake }) => {
    wake({ kind: 'download-link', entityId, organizationId, caseId: null });
  });
  await api.database.em
    .fork()
    .execute(`update lifecycles set wanted_at = clock_timestamp() - interval '1 minute'`);
  return workflowIdOf('download-link', entityId);
}

test('rounds while Temporal is away cost a life nothing: it is poked as soon as Temporal is back', async () => {
  const life = await forgotten();
  let rounds = 0;
  let isAway = true;
  const poked: WorkflowId[] = [];
  const relay = startRelay({
    database: api.database,
    poke: (workflowId) => void poked.push(workflowId),
    logger: createLogger({ level: 'silent', process: 'test' }),
    interval: 1,
    async prepare() {
      rounds += 1;
      if (isAway) throw new Error('Temporal is away');
    },
  });
  await eventually('some rounds', () => rounds >= 5);
  expect(poked).toEqual([]);
  isAway = false;
  await eventually('the poke', () => poked.includes(life));
  await relay.stop();
});
