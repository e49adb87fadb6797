import { createLogger } from '../platform/logging.ts';
import { createMailer } from '../platform/mail.ts';
import { temporalEngine } from '../platform/temporal/engine.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { testServers } from '../test/support/servers.ts';
import { connectTemporal, type TestTemporal } from '../test/support/temporal.ts';
import { HEARTBEAT_EVERY } from './heartbeating.ts';
import { createActivities } from './index.ts';
import { createWorkers } from './workers.ts';

let api: TestApi;
let temporal: TestTemporal;
beforeAll(async () => {
  [api, temporal] = await Promise.all([startApi(), connectTemporal()]);
});
afterAll(async () => {
  await temporal.close();
  await api.stop();
});

test('no worker keeps back signs of life for longer than from one to the next', async () => {
  const { client, taskQueuePrefix } = temporal;
  const workers = await createWorkers({
    connection: temporal.connection,
    namespace: testServers().temporal.namespace,
    taskQueuePrefix,
    activities: createActivities({
      ...api,
      engine: temporalEngine({ client, taskQueuePrefix }),
      mailer: createMailer({ smtpUrl: 'smtp://127.0.0.1:1', from: 'casebridge@example.test' }),
      logger: createLogger({ level: 'silent', process: 'test' }),
    }),
    database: api.database,
    workflows: { workflowBundle: temporal.workflowBundle },
  });
  const kept = workers.map(({ options }) => options.maxHeartbeatThrottleIntervalMs);
  // A worker that never ran could not be closed.
  await Promise.all(workers.map((worker) => worker.runUntil(Promise.resolve())));
  expect(kept).toEqual([HEARTBEAT_EVERY, HEARTBEAT_EVERY, HEARTBEAT_EVERY]);
});
