/** Mails as another program reads them, after a real SMTP server took them. */
import { type MailSink, startMailSink } from '../test/support/mail-sink.ts';
import { createMailer } from './mail.ts';

let sink: MailSink;
beforeEach(async () => {
  sink = await startMailSink();
});
afterEach(async () => sink.stop());

const MAIL = {
  messageId: 'n-1',
  to: 'shop@example.test',
  subject: 'A subject',
  text: 'text',
  html: '<p>html</p>',
};

async function sent(fields: { fromName?: string | null; replyTo?: string | null } = {}) {
  const mailer = createMailer({ smtpUrl: sink.url, from: 'casebridge@example.test' });
  expect(await mailer.send({ ...MAIL, ...fields })).toEqual({ type: 'sent' });
  const mail = sink.mails.at(-1);
  if (mail === undefined) throw new Error('no mail arrived');
  return mail;
}

test('a mail comes from our address, with the name that it is given, and answers go where they should', async () => {
  const plain = await sent();
  expect(plain.from).toEqual({ name: '', address: 'casebridge@example.test' });
  expect(plain.replyTo).toBeUndefined();
  const named = await sent({ fromName: 'Polícia “Nord”, 3', replyTo: 'sender@example.test' });
  expect(named.from).toEqual({ name: 'Polícia “Nord”, 3', address: 'casebridge@example.test' });
  expect(named.replyTo?.map(({ address }) => address)).toEqual(['sender@example.test']);
});

test.each([
  'Evil\r\nBcc: other@example.test',
  'Evil" <other@example.test>, "',
  'Evil\u0000\nX-Header: yes',
])('a name stays a name: %j', async (fromName) => {
  const mail = await sent({ fromName });
  expect(mail.from?.address).toBe('casebridge@example.test');
  expect(mail.to?.map(({ address }) => address)).toEqual([MAIL.to]);
  const headers = mail.headers.map(({ key }) => key);
  expect(headers).not.toContain('bcc');
  expect(headers).not.toContain('x-header');
});

test('a server that falls silent is given up: with the content in its hands nobody knows the outcome', async () => {
  const within = (dialogue: number, verdict: number) =>
    createMailer({
      ...{ smtpUrl: sink.url, from: 'casebridge@example.test' },
      patience: { dialogue, verdict },
    });
  sink.afterContent = { type: 'silence' };
  expect(await within(60_000, 300).send(MAIL)).toEqual({
    type: 'unknown',
    reason: 'SMTP ETIMEDOUT',
  });
  expect(sink.deliveries).toHaveLength(1);
  sink.greetsAfter = 60_000;
  const ungreeted = await within(300, 60_000).send(MAIL);
  expect(ungreeted).toEqual({ type: 'refused', permanent: false, reason: 'SMTP ETIMEDOUT' });
});

test('a server that looks into the content for long before it takes it is waited for', async () => {
  const mailer = createMailer({
    ...{ smtpUrl: sink.url, from: 'casebridge@example.test' },
    patience: { dialogue: 2_000, verdict: 30_000 },
  });
  sink.afterContent = { type: 'accept', late: 2_500 };
  expect(await mailer.send(MAIL)).toEqual({ type: 'sent' });
  expect(sink.deliveries).toHaveLength(1);
});

test('where encryption is required, a server without it gets no mail', async () => {
  const mailer = createMailer({
    ...{ smtpUrl: `${sink.url}?requireTLS=true`, from: 'casebridge@example.test' },
  });
  expect(await mailer.send(MAIL)).toMatchObject({ type: 'refused', permanent: false });
  expect(sink.deliveries).toEqual([]);
});

test.each([
  { code: 530, permanent: false, of: 'the session, which lacks encryption or a password' },
  { code: 553, permanent: true, of: 'the sender' },
])('what a server says of $of is permanent: $permanent', async ({ code, permanent }) => {
  const mailer = createMailer({ smtpUrl: sink.url, from: 'casebridge@example.test' });
  sink.refuseSender = { code, message: 'not so' };
  expect(await mailer.send(MAIL)).toEqual({ type: 'refused', permanent, reason: `SMTP ${code}` });
});
