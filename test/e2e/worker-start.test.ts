import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { freePort } from '../../dev/servers/ports.ts';
import { testEnvironment } from '../support/api.ts';
import { createDatabase, type TestDatabase } from '../support/servers.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createDatabase();
});
afterAll(() => database.drop());

test('a worker that waits for Temporal says for which, and ends when it is told to', async () => {
  const nowhere = `127.0.0.1:${await freePort()}`;
  const worker = spawn(process.execPath, [`${import.meta.dirname}/../../worker.ts`], {
    env: testEnvironment(database.appUrl, {
      PATH: process.env['PATH'] ?? '',
      TEMPORAL_ADDRESS: nowhere,
      LOG_LEVEL: 'info',
    }),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  for await (const chunk of worker.stdout) {
    output += String(chunk);
    if (output.includes('Temporal does not answer yet')) break;
  }
  const ended = once(worker, 'exit');
  worker.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
  expect(output).toContain(nowhere);
}, 60_000);
