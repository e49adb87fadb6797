import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { listen } from '../platform/listen.ts';
import { PassingError } from './retry.ts';
import { AddressExpiredError, sendPart } from './send-part.ts';

let folder: string;
let path: string;
let url: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;
const server = createServer((request, response) => void answer(request, response));

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casebridge-part-'));
  path = join(folder, 'file');
  await writeFile(path, '0123456789');
  url = `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port: 0 })}/part`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});

async function send(range: { offset: number; length: number }) {
  const counted: number[] = [];
  const options = {
    onBytes: (bytes: number) => counted.push(bytes),
    signal: new AbortController().signal,
  };
  const sent = sendPart({ path, ...range }, { url, headers: {} }, options);
  const etag = await sent.catch((error: unknown) => error);
  return { etag, bytes: counted.reduce((sum, bytes) => sum + bytes, 0) };
}

describe('sending a part', () => {
  it.each([
    [{ offset: 2, length: 5 }, '23456'],
    [{ offset: 0, length: 0 }, ''],
  ])('sends exactly %j with its length, and gives the ETag', async (range, expected) => {
    const seen = Promise.withResolvers<{ body: string; length: string | undefined }>();
    answer = async (request, response) => {
      const body = (await buffer(request)).toString();
      seen.resolve({ body, length: request.headers['content-length'] });
      response.setHeader('ETag', '"abc"').end();
    };
    expect(await send(range)).toEqual({ etag: 'abc', bytes: expected.length });
    expect(await seen.promise).toEqual({ body: expected, length: String(expected.length) });
  });

  it('asks for another address where this one has expired, and takes back what it counted', async () => {
    answer = (request, response) => {
      request
        .resume()
        .on('end', () => void response.writeHead(403).end('<Code>AccessDenied</Code>'));
    };
    const { etag, bytes } = await send({ offset: 0, length: 10 });
    expect(etag).toBeInstanceOf(AddressExpiredError);
    expect(bytes).toBe(0);
  });

  it.each([
    ['a broken connection', (request: IncomingMessage) => void request.socket.destroy()],
    [
      'a server error',
      (request: IncomingMessage, response: ServerResponse) => {
        request.resume().on('end', () => void response.writeHead(500).end());
      },
    ],
  ])('may be tried again after %s', async (_, how) => {
    answer = how;
    const { etag, bytes } = await send({ offset: 0, length: 10 });
    expect(etag).toBeInstanceOf(PassingError);
    expect(bytes).toBe(0);
  });

  it('does not leave the store waiting for bytes that the file has no longer', async () => {
    answer = (request, response) => {
      request.resume().on('end', () => void response.end());
    };
    const { etag, bytes } = await send({ offset: 5, length: 10 });
    expect(etag).toBeInstanceOf(PassingError);
    expect(bytes).toBe(0);
  }, 5_000);
});
