import { createServer, type IncomingMessage, type Server } from 'node:http';
import { listen } from '../../platform/listen.ts';
import { PassingError, ProblemError } from './errors.ts';
import { callsBelow, uploadCalls } from './upload-calls.ts';

let server: Server;
let base: string;
let answer: { status: number; headers?: Record<string, string>; body: string };
let asked: IncomingMessage[] = [];
beforeAll(async () => {
  server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(answer.status, answer.headers).end(answer.body);
  });
  base = `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port: 0 })}`;
});
afterAll(() => {
  server.close();
});
beforeEach(() => {
  asked = [];
});

const failing = async () =>
  callsBelow(base)('GET', '/x').then(
    () => null,
    (error: unknown) => error,
  );

test.each([
  [503, { 'Retry-After': '7' }, 7_000],
  [500, {}, null],
  [429, { 'Retry-After': '2' }, 2_000],
])('a server that answers %d may do better later', async (status, headers, after) => {
  answer = { status, headers, body: 'busy' };
  expect(await failing()).toMatchObject({ name: 'PassingError', after });
});

test('a page instead of JSON comes from something on the way: it is tried again', async () => {
  answer = { status: 200, body: '<!doctype html>' };
  expect(await failing()).toMatchObject({ name: 'UnexpectedAnswerError' });
});

test('a problem is told with its members', async () => {
  answer = { status: 409, body: JSON.stringify({ code: 'parts-missing', missing: [3] }) };
  const error = await failing();
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ code: 'parts-missing', members: { missing: [3] } });
});

test('a key whose first request still runs is a matter of time', async () => {
  answer = { status: 409, body: JSON.stringify({ code: 'idempotency-key-in-use' }) };
  expect(await failing()).toBeInstanceOf(PassingError);
});

test('nobody at the address is a matter of time', async () => {
  const calls = callsBelow('http://127.0.0.1:1');
  await expect(calls('GET', '')).rejects.toThrow(PassingError);
});

test('a call that is broken off ends with the reason of whoever broke it off', async () => {
  const stop = new AbortController();
  stop.abort(new Error('paused'));
  await expect(callsBelow(base)('GET', '', { signal: stop.signal })).rejects.toThrow('paused');
});

test('a begun upload has no parts yet, and its size is the file’s', async () => {
  const begun = { id: 'u1', state: 'uploading', partSize: 16, partCount: 3 };
  answer = { status: 201, body: JSON.stringify(begun) };
  const file = { path: 'a.mp4', size: 40, lastModified: 0, slice: () => new Blob([]) };
  const api = uploadCalls(callsBelow(base));
  const { signal } = new AbortController();
  expect(await api.begin({ source: file, caption: '' }, 'key', signal)).toEqual({
    ...begun,
    size: 40,
    parts: [],
    failure: null,
  });
  expect(asked[0]?.headers['idempotency-key']).toBe('key');
});
