import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { listen } from '../platform/listen.ts';
import { closeHttpServer } from './shutdown.ts';

/** Milliseconds: longer than a test may take. */
const DAY = 24 * 3600 * 1000;

let server: Server;
let origin: string;
let release: () => void;
let begun: Promise<void>;

beforeEach(async () => {
  const begin = Promise.withResolvers<void>();
  const end = Promise.withResolvers<void>();
  begun = begin.promise;
  release = end.resolve;
  server = createServer((request, response) => {
    if (request.url === '/quick') return void response.end('quick');
    response.write('first ');
    begin.resolve();
    void end.promise.then(() => response.end('last'));
  });
  origin = `http://127.0.0.1:${await listen(server, { host: '127.0.0.1', port: 0 })}`;
});
afterEach(() => server.closeAllConnections());

test('what runs may end, and nothing new is taken', async () => {
  const running = fetch(`${origin}/slow`).then((answer) => answer.text());
  await begun;
  const closing = closeHttpServer(server, 10_000);
  await expect(fetch(`${origin}/quick`)).rejects.toThrow();
  release();
  expect(await running).toBe('first last');
  await closing;
});

test('a connection that is only kept open does not hold it up, and is not waited for', async () => {
  server.keepAliveTimeout = DAY;
  await (await fetch(`${origin}/quick`)).text();
  expect(await promisify(server.getConnections.bind(server))()).toBe(1);
  await closeHttpServer(server, DAY);
});

test('what does not end is cut, and is not taken for whole', async () => {
  const running = fetch(`${origin}/slow`).then((answer) => answer.text());
  const outcome = expect(running).rejects.toThrow('terminated');
  await begun;
  await closeHttpServer(server, 50);
  await outcome;
});
