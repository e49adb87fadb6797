/** Beginning an upload while answers of PostgreSQL are lost. */
import { openDatabase } from '../platform/database.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { type BreakableProxy, startBreakableProxy } from '../test/support/breakable-proxy.ts';
import { buildUser, unique } from '../test/support/factories.ts';
import { createDatabase, type TestDatabase } from '../test/support/servers.ts';
import { sendPart } from '../test/support/uploads.ts';

let place: TestDatabase;
let proxy: BreakableProxy;
let api: TestApi;
beforeAll(async () => {
  place = await createDatabase();
  const url = new URL(place.appUrl);
  proxy = await startBreakableProxy(`http://${url.host}`);
  url.port = String(proxy.port);
  api = await startApi({
    deps: { database: await openDatabase({ url: url.href, poolSize: 4 }) },
  });
});
afterAll(async () => {
  await api.stop();
  await proxy.close();
  await place.drop();
});

test('an upload whose commit was not answered is given again under its key, and takes its parts', async () => {
  const owner = await buildUser(api);
  const content = Buffer.from('evidence');
  const headers = { 'Idempotency-Key': unique('key') };
  const begin = async () =>
    api.post('/evidence/uploads', owner, { fileName: 'cam3.mp4', size: content.length }, headers);
  proxy.swallowReplies(/\bcommit\b/i);
  // 503 outside Jest, where errors of Node's own are of this realm.
  expect((await begin()).status).toBeGreaterThanOrEqual(500);
  proxy.heal();
  const begun = await begin();
  expect(begun).toMatchObject({ status: 201, body: { state: 'uploading' } });
  expect(begun.headers.get('Idempotency-Replayed')).toBe('true');
  await sendPart(api, owner, begun.body.id, 1, content);
  const completed = await api.post(`/evidence/uploads/${begun.body.id}/complete`, owner, {});
  expect(completed.status).toBe(202);
});
