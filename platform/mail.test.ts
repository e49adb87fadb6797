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
  const mailer = createMailer({
    ...{ smtpUrl: sink.url, from: 'casebridge@example.test', patience: 300 },
  });
  sink.afterContent = { type: 'silence' };
  expect(await mailer.send(MAIL)).toEqual({ type: 'unknown', reason: 'SMTP ETIMEDOUT' });
  expect(sink.deliveries).toHaveLength(1);
  sink.greetsAfter = 5_000;
  const ungreeted = await mailer.send(MAIL);
  expect(ungreeted).toEqual({ type: 'refused', permanent: false, reason: 'SMTP ETIMEDOUT' });
});

test('where encryption is required, a server without it gets no mail', async () => {
  const mailer = createMailer({
    ...{ smtpUrl: `${sink.url}?requireTLS=true`, from: 'casebridge@example.test' },
  });
  expect(await mailer.send(MAIL)).toMatchObject({ type: 'refused', permanent: false });
  expect(sink.deliveries).toEqual([]);
});
