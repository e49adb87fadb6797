/** What the worker does for downloads of files that nobody goes on with. */
import { randomBytes } from 'node:crypto';
import { freePort } from '../../dev/servers/ports.ts';
import { testEnvironment } from '../support/api.ts';
import { bytesOf, type ContentApi, startContentApi } from '../support/content.ts';
import { buildEvidence } from '../support/factories.ts';
import { startProcess } from '../support/processes.ts';

let api: ContentApi;
beforeAll(async () => {
  api = await startContentApi();
});
afterAll(() => api.stop());

test('the worker ends them as abandoned, with no API near', async () => {
  const { id } = await buildEvidence(api, { owner: api.owner, content: randomBytes(100) });
  await bytesOf(await api.ask(id, { Range: 'bytes=0-9' }));
  await api.deps.streaming.drain();
  await api.passHalfAnHour(id);
  const port = String(await freePort());
  const environment = testEnvironment(api.urls.appUrl, {
    CASEBRIDGE_WORKER_PORT: port,
    TEMPORAL_TASK_QUEUE_PREFIX: `idle-${randomBytes(4).toString('hex')}`,
  });
  const worker = await startProcess('worker.ts', environment, port);
  try {
    expect(await api.lastEnd(id)).toMatchObject({ reason: 'abandoned', data: { bytes: 10 } });
  } finally {
    await worker.stop();
  }
});
