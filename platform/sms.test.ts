import { freePort } from '../dev/servers/ports.ts';
import { type SmsSink, startSmsSink } from '../test/support/sms-sink.ts';
import { sendTextMessage } from './sms.ts';

let sink: SmsSink;
beforeEach(async () => {
  sink = await startSmsSink();
});
afterEach(() => sink.stop());

const MESSAGE = { id: 'n-1', to: '+15550100200', text: 'Grüße: https://x.test/i/abc' };

test('a message is posted as JSON, under a key that stays the same', async () => {
  expect(await sendTextMessage(sink.url, MESSAGE)).toEqual({ type: 'sent' });
  expect(sink.texts).toEqual([{ ...MESSAGE, key: 'n-1' }]);
});

test.each([
  [200, { type: 'sent' }],
  [204, { type: 'sent' }],
  [302, { type: 'refused', permanent: false, reason: 'SMS 302' }],
  [400, { type: 'refused', permanent: true, reason: 'SMS 400' }],
  [408, { type: 'refused', permanent: false, reason: 'SMS 408' }],
  [429, { type: 'refused', permanent: false, reason: 'SMS 429' }],
  [500, { type: 'refused', permanent: false, reason: 'SMS 500' }],
] as const)('an answer of %i says what became of it', async (status, outcome) => {
  sink.status = status;
  expect(await sendTextMessage(sink.url, MESSAGE)).toEqual(outcome);
  expect(sink.texts).toHaveLength(1);
});

test('a webhook that is away may be asked again; of one that hangs nobody knows', async () => {
  sink.hangs = true;
  const unknown = await sendTextMessage(sink.url, MESSAGE, 50);
  expect(unknown).toMatchObject({ type: 'unknown' });
  const away = await sendTextMessage(`http://127.0.0.1:${await freePort()}/sms`, MESSAGE);
  expect(away).toMatchObject({ type: 'refused', permanent: false, reason: 'SMS ECONNREFUSED' });
  expect(JSON.stringify([unknown, away])).not.toContain('5550100');
});

test.each([
  'https://127.0.0.1/sms',
  'https://localhost/sms',
  'https://[::1]/sms',
  'https://[::ffff:127.0.0.1]/sms',
  'https://0.0.0.0/sms',
  'https://169.254.169.254/latest',
])('a webhook on our own machine, or beside it, is sent nothing: %s', async (url) => {
  const port = new URL(sink.url).port;
  expect(await sendTextMessage(url.replace('/sms', `:${port}/sms`), MESSAGE)).toEqual({
    type: 'refused',
    permanent: false,
    reason: 'SMS own address',
  });
});
