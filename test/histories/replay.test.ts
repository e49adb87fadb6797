/** Recorded lives replay on the present code: none that sleeps breaks when it is deployed. */
import { readdirSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { historyFromJSON } from '@temporalio/common/lib/proto-utils.js';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { LIFE_KINDS } from '../../domain/lifecycle/life.ts';
import { testServers } from '../support/servers.ts';

const SUFFIX = '.json.gz';
const recorded = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith(SUFFIX))
  .map((name) => name.slice(0, -SUFFIX.length));

beforeAll(() => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
});

test('there are recorded histories of every kind of life', () => {
  const kinds = new Set(recorded.map((name) => name.split('.')[0]));
  expect(kinds).toEqual(new Set(LIFE_KINDS));
});

test('there are recorded histories of every course that the loop can take', () => {
  const courses = recorded.map((name) => name.split('.')[1]);
  expect(courses).toEqual(
    expect.arrayContaining([
      'sleeping',
      'expired',
      'work-failed',
      'work-without-effect',
      'work-cancelled',
      'mail-failed',
      'turn-failed',
      'continued-1',
      'continued-2',
      'worker-lost',
      // Of a loop that rested for long after such a loss.
      'worker-lost-rested',
    ]),
  );
});

test.each(recorded)('%s replays', async (name) => {
  const { workflowBundle } = testServers();
  if (workflowBundle === undefined) throw new Error('the workflows were not bundled');
  const json = gunzipSync(readFileSync(`${import.meta.dirname}/${name}${SUFFIX}`)).toString();
  await Worker.runReplayHistory(
    { workflowBundle: { codePath: workflowBundle }, replayName: name },
    historyFromJSON(JSON.parse(json)),
    name,
  );
});
