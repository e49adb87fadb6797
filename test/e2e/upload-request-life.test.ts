/** The life of an upload request, with everything real: API, PostgreSQL, Temporal, worker, store, SMTP. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventsOf } from '../support/events.ts';
import { eventually } from '../support/eventually.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import {
  buildGuest,
  buildRequest,
  guestSend,
  guestUpload,
  requestPath,
  type TestRequest,
} from '../support/requests.ts';
import { alter } from '../support/rows.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

const lifeOf = ({ id }: TestRequest) => workflowIdOf('upload-request', id);

function mailsTo(address: string): string[] {
  return lives.mail.mails
    .filter((mail) => mail.to?.[0]?.address === address)
    .map((mail) => mail.subject ?? '');
}

async function planned(request: TestRequest): Promise<void> {
  await eventually('the request to be planned', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ planned: boolean }[]>(
        'select planned = wanted as planned from lifecycles where workflow_id = ?',
        [lifeOf(request)],
      );
    return row?.planned;
  });
}

/** A request whose invitation has arrived. */
async function invited(options: Parameters<typeof buildRequest>[1] = {}): Promise<TestRequest> {
  const request = await buildRequest(lives.api, options);
  await eventually('the invitation', () => mailsTo(request.email).length === 1);
  await planned(request);
  return request;
}

async function end(request: TestRequest): Promise<void> {
  await lives.temporal.client.workflow.getHandle(lifeOf(request)).terminate();
}

/** Moves everything that a request counts from into the past, as an outage would; its life is not told. */
async function shift(request: TestRequest, days: number): Promise<void> {
  const em = lives.api.database.em.fork();
  const by = `- interval '${days * 24} hours'`;
  await alter(lives.api, 'upload_requests', request.id, `expires_at = expires_at ${by}`);
  await em.execute(
    `update upload_request_progress set invited_at = invited_at ${by}, last_mail_at = last_mail_at ${by}
     where request_id = ?`,
    [request.id],
  );
  await em.execute(`update lifecycles set wake_at = wake_at ${by} where workflow_id = ?`, [
    lifeOf(request),
  ]);
}

test('the invitation comes from the organization, answers go to the sender, and its button opens the request', async () => {
  const request = await invited({ note: 'Aisle 3 <b>please</b>', language: 'es' });
  const mail = lives.mail.mails.find(({ to }) => to?.[0]?.address === request.email);
  expect(mail?.from).toEqual({ name: 'Northfield Police', address: 'casebridge@example.test' });
  expect(mail?.replyTo?.map(({ address }) => address)).toEqual([request.sender.email]);
  expect(mail?.subject).toBe('Northfield Police le solicita pruebas');
  const path = requestPath(lives.api, request.id);
  expect(mail?.html).toContain('>Subir de forma segura</a>');
  for (const content of [mail?.text, mail?.html]) {
    expect(content).toContain(`${lives.api.config.CASEBRIDGE_PUBLIC_URL}${path}`);
    expect(content).toContain('P-4711');
    expect(content).not.toContain(request.inCase.title);
    expect(content).not.toContain('secret-');
  }
  expect(mail?.html).toContain('&lt;b&gt;please&lt;/b&gt;');
  const [stored] = await lives.api.database.em
    .fork()
    .execute<{ text: string }[]>('select text from notifications where subject_id = ?', [
      request.id,
    ]);
  expect(stored?.text).not.toContain(path.slice(3));
  await end(request);
});

test('reminders come 3 and 7 days after sending and a day before expiry; then it expires and waits', async () => {
  const request = await invited();
  const count = () => mailsTo(request.email).length;
  const forward = (milliseconds: number) =>
    lives.temporal.fastForward(lifeOf(request), milliseconds);
  await forward(3 * DAY - 5 * MINUTE);
  expect(count()).toBe(1);
  await forward(10 * MINUTE);
  await eventually('the first reminder', () => count() === 2);
  await forward(4 * DAY);
  await eventually('the second reminder', () => count() === 3);
  await forward(6 * DAY - 20 * MINUTE);
  expect(count()).toBe(3);
  await forward(30 * MINUTE);
  await eventually('the last reminder', () => count() === 4);
  await forward(2 * DAY);
  await eventually('the expiry to be recorded', async () =>
    (await eventsOf(lives.api, request.id)).includes('request.expired'),
  );
  expect(count()).toBe(4);
  const handle = lives.temporal.client.workflow.getHandle(lifeOf(request));
  expect((await handle.describe()).status.name).toBe('RUNNING');
  await end(request);
});

test('an outage over several reminders gives one catch-up', async () => {
  const request = await invited();
  await lives.temporal.client.workflow.getHandle(lifeOf(request)).terminate('an outage');
  await shift(request, 13.5);
  lives.startRelay();
  await eventually('the catch-up', () => mailsTo(request.email).length === 2);
  await planned(request);
  expect(mailsTo(request.email)[1]).toMatch(/^Reminder: /);
  await lives.temporal.fastForward(lifeOf(request), DAY);
  expect(mailsTo(request.email)).toHaveLength(2);
  await end(request);
});

test('Refresh Access on an expired link mails a new one that works, and reminders begin anew', async () => {
  const request = await invited();
  await shift(request, 15);
  const path = requestPath(lives.api, request.id);
  expect((await fetch(`${lives.api.origin}${path}`)).status).toBe(410);
  await fetch(`${lives.api.origin}${path}/refresh`, { method: 'POST' });
  await eventually('the new link', () => mailsTo(request.email).length === 2);
  const renewed = requestPath(lives.api, request.id, 2);
  expect(lives.mail.mails.find(({ text }) => text?.includes(renewed))?.to?.[0]?.address).toBe(
    request.email,
  );
  expect((await fetch(`${lives.api.origin}${renewed}`)).status).toBe(200);
  await planned(request);
  await lives.temporal.fastForward(lifeOf(request), 3 * DAY + MINUTE);
  await eventually('a reminder of the new link', () => mailsTo(request.email).length === 3);
  await end(request);
});

test('a completed upload ends reminding, is verified, and the sender is told of all files at once', async () => {
  const request = await invited();
  const guest = await buildGuest(lives.api, request);
  for (const name of ['a.mp4', 'b.mp4', 'c.mp4']) {
    await guestUpload(guest, Buffer.from(`content of ${name}`), name);
  }
  await eventually('verification', async () => (await guest.get()).body.counts.verified === 3);
  await planned(request);
  await lives.temporal.fastForward(lifeOf(request), 16 * MINUTE);
  await eventually('the notice', () => mailsTo(request.sender.email).length === 1);
  const notice = lives.mail.mails.find(({ to }) => to?.[0]?.address === request.sender.email);
  expect(notice?.subject).toBe(`New evidence in case ${request.inCase.caseNumber}`);
  expect(notice?.text).toContain('3 files');
  await lives.temporal.fastForward(lifeOf(request), 13 * DAY);
  expect(mailsTo(request.email)).toHaveLength(1);
  expect(mailsTo(request.sender.email)).toHaveLength(1);
  await end(request);
});

test('closing mails the log’s link, tidies what was not finished, and ends the life', async () => {
  const request = await invited();
  const guest = await buildGuest(lives.api, request);
  await guestSend(guest, Buffer.from('never finished'));
  await lives.api.post(`/upload-requests/${request.id}/close`, request.sender);
  await lives.temporal.client.workflow.getHandle(lifeOf(request)).result();
  await eventually('the closing mail', () => mailsTo(request.email).length === 2);
  const closing = lives.mail.mails.find(({ subject, to }) => {
    return to?.[0]?.address === request.email && subject?.includes('has closed');
  });
  const [, path = ''] = /(\/l\/[\w-]{43})/.exec(closing?.text ?? '') ?? [];
  const opened = await fetch(`${lives.api.origin}${path}`, { method: 'POST', redirect: 'manual' });
  const cookie = (opened.headers.get('Set-Cookie') ?? '').split(';')[0] ?? '';
  const log = await fetch(`${lives.api.origin}/requests/${request.id}/activity-log`, {
    headers: { Cookie: cookie },
  });
  expect(log.status).toBe(200);
  expect(await log.text()).toContain('Request closed');
  const intake = workflowIdOf('evidence-intake', request.id);
  await lives.temporal.fastForward(intake, 2 * 60 * MINUTE);
  await lives.temporal.client.workflow.getHandle(intake).result();
  const [left] = await lives.api.database.em
    .fork()
    .execute('select state, tidy_at from uploads where upload_request_id = ?', [request.id]);
  expect(left).toEqual({ state: 'aborted', tidy_at: null });

  const asked = await fetch(`${lives.api.origin}${requestPath(lives.api, request.id)}`, {
    method: 'POST',
    body: new URLSearchParams({ ask: 'activity-log' }),
  });
  expect(asked.status).toBe(202);
  await eventually('the log’s link again', () => mailsTo(request.email).length === 3);
  await eventually('the life to have ended again', async () => {
    const { status } = await lives.temporal.client.workflow.getHandle(lifeOf(request)).describe();
    return status.name === 'COMPLETED';
  });
});

test('a reminder that waits for the mail server is not sent after the request was closed', async () => {
  const request = await invited();
  lives.mail.refuse = { code: 451, message: 'greylisted' };
  await lives.temporal.fastForward(lifeOf(request), 3 * DAY + MINUTE);
  const states = async (kind: string) =>
    (
      await lives.api.database.em
        .fork()
        .execute<{ state: string; attempts: number }[]>(
          'select state, attempts from notifications where subject_id = ? and kind = ?',
          [request.id, kind],
        )
    )[0];
  await eventually('the attempt', async () => (await states('upload-reminder'))?.attempts);
  await lives.api.post(`/upload-requests/${request.id}/close`, request.sender);
  lives.mail.refuse = undefined;
  await planned(request);
  await lives.temporal.fastForward(lifeOf(request), 5 * 60 * MINUTE);
  await eventually('the closing mail', () => mailsTo(request.email).length === 2);
  expect((await states('upload-reminder'))?.state).toBe('cancelled');
});

test('histories hold no address, name, file name or token', async () => {
  const request = await invited({ note: 'A note that is nobody else’s affair' });
  const guest = await buildGuest(lives.api, request);
  await guestUpload(guest, Buffer.from('some bytes'), 'victim-name.mp4');
  await eventually('verification', async () => (await guest.get()).body.counts.verified === 1);
  for (const workflowId of [lifeOf(request), workflowIdOf('evidence-intake', request.id)]) {
    const handle = lives.temporal.client.workflow.getHandle(workflowId);
    const history = JSON.stringify(await handle.fetchHistory());
    for (const secret of [
      request.email,
      'victim-name',
      'nobody else',
      'P-4711',
      requestPath(lives.api, request.id).slice(3),
    ]) {
      expect(history).not.toContain(secret);
    }
  }
  await end(request);
});
