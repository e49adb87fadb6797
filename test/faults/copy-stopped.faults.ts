/** A copy whose worker is told to stop, again and again, as by a deployment. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { crashCopy } from '../support/copy-crash.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';

let api: TestApi;
let temporal: TestTemporal;
beforeAll(async () => {
  api = await startApi();
  temporal = await connectTemporal();
});
afterAll(async () => {
  await api.stop();
  await temporal.close();
});

test('60 files and a worker that is told to stop again and again: the next one goes on at once, to the same end', async () => {
  const largest = 12 * 2 ** 20;
  const outcome = await crashCopy(api, { items: 60, ends: 5, signal: 'SIGTERM', largest });
  expect(outcome).toMatchObject({ state: 'delivered', cases: 1, orphans: [], invitations: 1 });
  expect(outcome.ends).toBeGreaterThan(2);
  expect(outcome.received).toEqual(outcome.expected);
  expect(outcome.seen).toEqual(['0 cases, 0 evidence', '1 cases, 60 evidence']);
  // Nobody had to find out that a worker was gone.
  const life = temporal.client.workflow.getHandle(workflowIdOf('case-copy', outcome.shareId));
  const { events } = await life.fetchHistory();
  expect(events?.filter((event) => event.activityTaskTimedOutEventAttributes != null)).toEqual([]);
});
