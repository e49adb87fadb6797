import { randomUUID } from 'node:crypto';
import { type WorkflowId, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { connectTemporal, type TestTemporal } from '../../test/support/temporal.ts';
import { createLogger } from '../logging.ts';
import { createDispatcher } from './dispatcher.ts';

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

test('a life of a kind that only newer versions know is left to them, and stops no process', async () => {
  const { client, taskQueuePrefix } = temporal;
  const logger = createLogger({ level: 'silent', process: 'test' });
  const { poke, drain } = createDispatcher({ client, taskQueuePrefix, logger });
  const known = workflowIdOf('download-link', randomUUID());
  poke(`kind-of-tomorrow:${randomUUID()}` as WorkflowId);
  poke(known);
  await expect(drain()).resolves.toBeUndefined();
  const life = client.workflow.getHandle(known);
  expect((await life.describe()).status.name).toBe('RUNNING');
  await life.terminate();
});
