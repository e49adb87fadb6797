/** What becomes of a mail, with a real SMTP server that misbehaves. */
import { type Database, openDatabase } from '../../platform/database.ts';
import { createMailer, type Mailer } from '../../platform/mail.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { startBreakableProxy } from '../../test/support/breakable-proxy.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildLink, type TestLink } from '../../test/support/links.ts';
import { type MailSink, startMailSink } from '../../test/support/mail-sink.ts';
import { act, OPERATOR } from '../act.ts';
import { workflowIdOf } from '../lifecycle/life.ts';
import { DownloadLink } from '../sharing/download-link/download-link.entity.ts';
import { notifyExpiring, notifyFailed } from '../sharing/download-link/link-notices.ts';
import { deliverMail } from './deliver.ts';

let api: TestApi;
let sink: MailSink;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());
beforeEach(async () => {
  sink = await startMailSink();
});
afterEach(async () => sink.stop());

const MINUTE = 60_000;

/** A mail that waits: `share-expiring` may not be sent twice, `share-failed` may. */
async function waiting(kind: 'share-expiring' | 'share-failed'): Promise<TestLink> {
  const link = await buildLink(api);
  await act(api, OPERATOR, async (acting) => {
    const share = await acting.em.findOneOrFail(DownloadLink, { id: link.shareId });
    if (kind === 'share-expiring') {
      share.expiryNoticeFor = share.expiresAt ?? null;
      await notifyExpiring(acting, share, new Date());
    } else await notifyFailed(acting, share, new Date());
  });
  return link;
}

function mailerTo({ url }: MailSink): Mailer {
  return createMailer({ smtpUrl: url, from: 'casebridge@example.test' });
}

async function deliver(
  link: TestLink,
  later = 0,
  others: { readonly mailer?: Mailer; readonly database?: Database } = {},
): Promise<void> {
  await deliverMail(
    { ...api, mailer: mailerTo(sink), ...others },
    workflowIdOf('download-link', link.shareId),
    new Date(Date.now() + later),
    new AbortController().signal,
  );
}

async function outcome(link: TestLink) {
  const rows = await api.database.em
    .fork()
    .execute<{ state: string; failure: string | null; attempts: number }[]>(
      'select state, failure, attempts from notifications where subject_id = ?',
      [link.shareId],
    );
  expect(rows).toHaveLength(1);
  return rows[0];
}

test('a mail is sent once, however often it is asked for', async () => {
  const link = await waiting('share-expiring');
  await Promise.all([deliver(link), deliver(link), deliver(link)]);
  await deliver(link);
  expect(sink.mails).toHaveLength(1);
  expect(await outcome(link)).toMatchObject({ state: 'sent', attempts: 1 });
});

test('a refusal for good ends the mail, and says the code without the words', async () => {
  const link = await waiting('share-failed');
  sink.refuse = { code: 550, message: `no ${link.owner.email} here` };
  await deliver(link);
  const { state, failure } = (await outcome(link)) ?? {};
  expect(state).toBe('failed');
  expect(failure).toBe('SMTP 550');
});

test('a refusal for now is tried again after a minute, not before', async () => {
  const link = await waiting('share-expiring');
  sink.refuse = { code: 451, message: 'come back' };
  await deliver(link);
  sink.refuse = undefined;
  await deliver(link, MINUTE / 2);
  expect(sink.mails).toHaveLength(0);
  await deliver(link, 2 * MINUTE);
  expect(sink.mails).toHaveLength(1);
  expect(await outcome(link)).toMatchObject({ state: 'sent', attempts: 2 });
});

test('a notice that may have arrived is not sent again', async () => {
  const link = await waiting('share-expiring');
  sink.afterContent = { type: 'hang up' };
  await deliver(link);
  sink.afterContent = { type: 'accept' };
  await deliver(link, 10 * MINUTE);
  expect(sink.mails).toHaveLength(1);
  expect(await outcome(link)).toMatchObject({ state: 'failed', failure: 'outcome unknown' });
});

test('news that must arrive are sent again after a doubt, under the same Message-ID', async () => {
  const link = await waiting('share-failed');
  sink.afterContent = { type: 'hang up' };
  await deliver(link);
  sink.afterContent = { type: 'accept' };
  await deliver(link, 10 * MINUTE);
  expect(sink.mails).toHaveLength(2);
  expect(new Set(sink.mails.map(({ messageId }) => messageId)).size).toBe(1);
  expect(await outcome(link)).toMatchObject({ state: 'sent' });
});

test.each([
  ['share-expiring', { state: 'failed', failure: 'outcome unknown' }, 0],
  ['share-failed', { state: 'sent' }, 1],
] as const)('a %s whose sender died in the middle ends as %j', async (kind, expected, mails) => {
  const link = await waiting(kind);
  await api.database.em
    .fork()
    .execute(
      `update notifications set state = 'sending', attempts = 1, lease_until = clock_timestamp() where subject_id = ?`,
      [link.shareId],
    );
  await deliver(link, MINUTE);
  expect(await outcome(link)).toMatchObject(expected);
  expect(sink.mails).toHaveLength(mails);
});

test('a mail that is with another sender is left alone', async () => {
  const link = await waiting('share-failed');
  await api.database.em
    .fork()
    .execute(
      `update notifications set state = 'sending', lease_until = clock_timestamp() + interval '1 minute' where subject_id = ?`,
      [link.shareId],
    );
  await deliver(link);
  expect(sink.mails).toHaveLength(0);
});

test('a sender that was held beyond its lease undoes nothing that its successor noted', async () => {
  const link = await waiting('share-failed');
  const held: Mailer = {
    async send() {
      await api.database.em
        .fork()
        .execute('update notifications set lease_until = clock_timestamp() where subject_id = ?', [
          link.shareId,
        ]);
      await deliver(link, MINUTE);
      return { type: 'refused', permanent: false, reason: 'SMTP 451' };
    },
  };
  await deliver(link, 0, { mailer: held });
  expect(await outcome(link)).toMatchObject({ state: 'sent', attempts: 2 });
  await deliver(link, 10 * MINUTE);
  expect(sink.mails).toHaveLength(1);
});

test('a mail that arrived while PostgreSQL was away is noted when it is back, and not sent again', async () => {
  const link = await waiting('share-failed');
  const url = new URL(api.urls.appUrl);
  const proxy = await startBreakableProxy(`http://${url.host}`);
  url.port = String(proxy.port);
  const database = await openDatabase({ url: url.href, poolSize: 2 });
  const real = mailerTo(sink);
  const mailer: Mailer = {
    async send(mail) {
      const sent = await real.send(mail);
      proxy.swallowReplies(/^/);
      proxy.reset();
      return sent;
    },
  };
  const delivering = deliver(link, 0, { mailer, database });
  await eventually('PostgreSQL to be asked in vain', () => proxy.broken > 0);
  proxy.heal();
  await delivering;
  expect(await outcome(link)).toMatchObject({ state: 'sent', attempts: 1 });
  expect(sink.mails).toHaveLength(1);
  await database.close();
  await proxy.close();
});

test('a link that was revoked after the mail was written is not told of', async () => {
  const link = await waiting('share-expiring');
  expect((await api.post(`/shares/${link.shareId}/revoke`, link.owner)).status).toBe(200);
  await deliver(link);
  expect(sink.mails).toHaveLength(0);
  expect(await outcome(link)).toMatchObject({ state: 'cancelled' });
});

test('text from users stays text in a mail, and its subject one line', async () => {
  const link = await buildLink(api, {
    caseFields: { caseNumber: '<b>7</b>', title: '<script>alert(1)</script>' },
  });
  await act(api, OPERATOR, async (acting) => {
    const share = await acting.em.findOneOrFail(DownloadLink, { id: link.shareId });
    await notifyFailed(acting, share, new Date());
  });
  await deliver(link);
  expect(sink.mails[0]?.html).toContain('&lt;script&gt;');
  expect(sink.mails[0]?.html).not.toContain('<script>');
  expect(sink.mails[0]?.text).toContain('<script>alert(1)</script>');
  expect(sink.mails[0]?.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe(
    'auto-generated',
  );
});
