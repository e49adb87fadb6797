/** Some dozens of upload requests on the real Temporal, each with a course of its own. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import {
  buildGuest,
  buildRequest,
  guestUpload,
  requestPath,
  type TestRequest,
} from '../support/requests.ts';

const DAY = 24 * 3_600_000;
const REQUESTS = 24;
const LANES = 4;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(() => lives.stop());

const reminders = (request: TestRequest) =>
  mailsTo(request).filter((subject) => subject.startsWith('Reminder'));

function mailsTo({ email }: TestRequest): string[] {
  return lives.mail.mails
    .filter(({ to }) => to?.[0]?.address === email)
    .map(({ subject }) => subject ?? '');
}

async function planned(request: TestRequest): Promise<void> {
  await eventually('the request to be planned and its mail sent', async () => {
    const [row] = await lives.api.database.em.fork().execute<{ done: boolean }[]>(
      `select l.planned = l.wanted and not exists (select from notifications n
         where n.workflow_id = l.workflow_id and n.state in ('pending', 'sending')) as done
       from lifecycles l where l.workflow_id = ?`,
      [workflowIdOf('upload-request', request.id)],
    );
    return row?.done;
  });
}

/** One request: days pass, a file comes or not, access is refreshed or not, it is closed. */
async function course(index: number, by: Pick<TestRequest, 'sender' | 'inCase'>): Promise<void> {
  const request = await buildRequest(lives.api, { ...by, fields: [] });
  const life = workflowIdOf('upload-request', request.id);
  await planned(request);
  const forward = async (days: number) => {
    await lives.temporal.fastForward(life, days * DAY + 60_000);
    await planned(request);
  };
  const before = index % 5;
  await forward(before * 2);
  expect(reminders(request)).toHaveLength([0, 0, 1, 1, 2][before] ?? 0);
  if (index % 3 === 1) {
    await fetch(`${lives.api.origin}${requestPath(lives.api, request.id)}/refresh`, {
      method: 'POST',
    });
    await planned(request);
  }
  if (index % 2 === 1) {
    await guestUpload(await buildGuest(lives.api, request), Buffer.from(request.id));
    await planned(request);
    const told = reminders(request).length;
    await forward(15);
    expect(reminders(request)).toHaveLength(told);
  } else await forward(index % 4 === 0 ? 3 : 15);
  const told = reminders(request).length;
  await lives.api.post(`/upload-requests/${request.id}/close`, request.sender);
  await planned(request);
  await eventually('the closing mail', () =>
    mailsTo(request).some((subject) => subject.includes('has closed')),
  );
  expect(reminders(request)).toHaveLength(told);
  expect(mailsTo(request).at(-1)).toContain('has closed');
}

test('two dozen requests are invited, reminded, refreshed and closed, and told of nothing else', async () => {
  const sender = await buildUser(lives.api);
  const by = { sender, inCase: await buildCase(lives.api, { owner: sender }) };
  const waiting = Array.from({ length: REQUESTS }, (_, index) => index);
  const lane = async () => {
    for (let index = waiting.shift(); index !== undefined; index = waiting.shift()) {
      await course(index, by);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
});
