/** API and worker told to stop while they are busy. */
import { randomBytes } from 'node:crypto';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildUser } from '../support/factories.ts';
import { buildLink, openLink } from '../support/links.ts';
import { startMailSink } from '../support/mail-sink.ts';
import { buildRequest } from '../support/requests.ts';
import { casesOf, keepBusy, ownQueues, startStoppable } from '../support/shutdown.ts';
import { slowDownload } from '../support/slow-download.ts';
import { connectTemporal, type TestTemporal } from '../support/temporal.ts';
import { sendFile, uploadFile } from '../support/uploads.ts';

const MIB = 1024 ** 2;

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

test('an API that stops: not ready first, what runs is answered, what is long is cut, nothing is half done', async () => {
  const owner = await buildUser(api);
  const inCase = await buildCase(api, { owner });
  const sent = await Promise.all(
    Array.from({ length: 8 }, async (_, index) =>
      sendFile(api, owner, { caseId: inCase.id, content: Buffer.from(`${index}`) }),
    ),
  );
  const busy = await startStoppable(api, 'api/server.ts', {
    SHUTDOWN_NOTICE_SECONDS: '1',
    SHUTDOWN_DRAIN_SECONDS: '2',
    ...ownQueues(),
  });
  const link = await buildLink(api, { owner, files: { 'cam3.mp4': randomBytes(64 * MIB) } });
  const headers = { Cookie: await openLink(busy, link) };
  const long = await slowDownload(`${busy.origin}/shared/${link.shareId}/package`, headers);
  const { seen, over } = await keepBusy(busy, owner, {
    clients: 4,
    uploads: sent.map(({ id }) => id),
  });
  await eventually('work to be done', () => seen.created.length > 20);

  const stopped = busy.stop();
  await eventually('it to say that it is not ready', async () => (await busy.readiness()) === 503);
  const answered = seen.created.length;
  await eventually('more to be answered all the same', () => seen.created.length > answered);
  await over;
  // The download still runs: nobody new is served before the process has ended.
  expect(await busy.readiness()).toBe(503);
  expect(await stopped).toBe(0);
  long.hurry();
  expect((await long.over).complete).toBe(false);

  expect(seen.refused).toBe(4);
  expect(seen.failed.filter((failure) => failure.includes(':'))).toEqual([]);
  const { whole, half } = await casesOf(api, seen.asked);
  expect(half).toEqual([]);
  expect(seen.created.filter((number) => !whole.includes(number))).toEqual([]);
  const states = await api.database.em
    .fork()
    .execute<{ state: string }[]>(`select state from uploads where id in (?)`, [seen.completed]);
  expect(states).toHaveLength(8);
  expect(new Set(states.map(({ state }) => state))).toEqual(new Set(['verifying']));
}, 60_000);

test('a worker that stops while it verifies and mails: the next one goes on, and nothing happens twice', async () => {
  const sink = await startMailSink();
  sink.greetsAfter = 1_000;
  const owner = await buildUser(api);
  const inCase = await buildCase(api, { owner });
  const uploads = await Promise.all(
    [1, 2, 3].map(async () =>
      uploadFile(api, owner, { caseId: inCase.id, content: randomBytes(48 * MIB) }),
    ),
  );
  const request = await buildRequest(api, { sender: owner });
  const variables = { SMTP_URL: sink.url, ...ownQueues() };
  const handle = (id: string) => temporal.client.workflow.getHandle(id);
  const intake = handle(workflowIdOf('evidence-intake', inCase.id));

  const first = await startStoppable(api, 'worker.ts', variables);
  await eventually('the work to have begun', async () => {
    const lives = [intake, handle(workflowIdOf('upload-request', request.id))];
    const running = await Promise.all(
      lives.map(async (life) => (await life.describe().catch(() => null))?.raw.pendingActivities),
    );
    return running.every((pending) =>
      pending?.some(({ activityType }) =>
        ['verifyUploads', 'sendMail'].includes(activityType?.name ?? ''),
      ),
    );
  });
  expect(await first.stop()).toBe(0);

  sink.greetsAfter = 0;
  const second = await startStoppable(api, 'worker.ts', variables);
  await intake.result();
  await eventually('the invitation', () => sink.mails.length > 0);
  expect(await second.stop()).toBe(0);

  const events = await api.database.em.fork().execute<{ id: string }[]>(
    `select e.id from audit_events a join evidence e on a.objects @> array[e.id]
       where a.action = 'evidence.verified' and e.id in (?)`,
    [uploads.map(({ evidenceId }) => evidenceId)],
  );
  expect(events).toHaveLength(3);
  expect(sink.deliveries.map(({ to }) => to)).toEqual([[request.email]]);
  // Nobody had to find out that the first worker was gone.
  const { events: history } = await intake.fetchHistory();
  expect(history?.filter((event) => event.activityTaskTimedOutEventAttributes != null)).toEqual([]);
  await sink.stop();
}, 60_000);
