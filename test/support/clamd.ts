import { createServer, type Server, type Socket } from 'node:net';

/** A server that speaks the protocol of clamd (INSTREAM), and finds what a test tells it to. */
export interface TestClamd {
  readonly address: string;
  /** The files that it was sent whole. */
  readonly scanned: Buffer[];
  /** Bytes that it takes of a stream; clamd's `StreamMaxLength`. */
  largest: number;
  stop(): Promise<void>;
}

/** What a file holds that this scanner takes for malware. */
export const MALWARE = 'X5O!P%@AP-a-test-of-malware';

/** @param where port 0 for any, or the path of a socket */
export async function startClamd(where: number | string = 0): Promise<TestClamd> {
  const sockets = new Set<Socket>();
  const clamd: TestClamd = {
    address: '',
    scanned: [],
    largest: 25 * 1024 ** 2,
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    let received = Buffer.alloc(0);
    socket.on('data', (data: Buffer) => {
      received = Buffer.concat([received, data]);
      const answer = answerTo(received, clamd);
      if (answer === null) return;
      socket.end(`${answer}\0`);
    });
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  const bound = server.address();
  const address = typeof bound === 'string' ? `unix:${bound}` : `127.0.0.1:${bound?.port}`;
  return Object.assign(clamd, { address });
}

const COMMAND = 'zINSTREAM\0';

/** The answer to what was received so far; null while more is to come. */
function answerTo(received: Buffer, clamd: TestClamd): string | null {
  if (received.length < COMMAND.length) return null;
  if (received.toString('latin1', 0, COMMAND.length) !== COMMAND) return 'UNKNOWN COMMAND';
  const pieces: Buffer[] = [];
  let bytes = 0;
  for (let at = COMMAND.length; at + 4 <= received.length; ) {
    const length = received.readUInt32BE(at);
    if (length === 0) {
      const content = Buffer.concat(pieces);
      clamd.scanned.push(content);
      return content.includes(MALWARE) ? 'stream: Test.Malware FOUND' : 'stream: OK';
    }
    bytes += length;
    if (bytes > clamd.largest) return 'INSTREAM size limit exceeded. ERROR';
    pieces.push(received.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return null;
}
