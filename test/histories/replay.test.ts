/** Recorded lives replay on the present code: none that sleeps breaks when it is deployed. */
import { readdirSync, readFileSync } from 'node:fs';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { testServers } from '../support/servers.ts';

const recorded = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.json'));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

test('there are recorded histories of every kind of life', () => {
  const kinds = new Set(recorded.map((name) => name.split('.')[0]));
  expect(kinds).toEqual(new Set(['download-link', 'evidence-intake']));
});

test.each(recorded)('%s replays', async (name) => {
  const { workflowBundle } = testServers();
  if (workflowBundle === undefined) throw new Error('the workflows were not bundled');
  const history = historyFromJSON(JSON.parse(readFileSync(`${import.meta.dirname}/${name}`, 'utf8')));
  await Worker.runReplayHistory(
    { workflowBundle: { codePath: workflowBundle }, replayName: name },
    history,
    name,
  );
});
