/**
 * A process that downloads and throws away, at the least cost: plain sockets that read into one buffer.
 * It reads what to do from standard input and writes what it measured to standard output, both as JSON.
 */
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';

/** What a client process is told. */
export interface ClientTask {
  readonly urls: readonly string[];
  /** Downloads at the same time. */
  readonly parallel: number;
  /** Stop after the first byte of the body. */
  readonly firstByteOnly: boolean;
}

/** What it measured, over all downloads. */
export interface Measured {
  readonly bytes: number;
  readonly seconds: number;
  /** Milliseconds from the request to the first byte of the first body. */
  readonly firstByteMs: number;
}

const memory = Buffer.allocUnsafeSlow(1024 * 1024);
const task: ClientTask = JSON.parse(await text(process.stdin));

/** Downloads one after the other over one connection, and gives the bytes of their bodies. */
function download(urls: string[], firstByte: () => void): Promise<number> {
  return new Promise((resolve, reject) => {
    let bytes = 0;
    let remaining = -1;
    let head = '';
    const first = new URL(urls[0] ?? '');
    const socket = connect({
      host: first.hostname,
      port: Number(first.port),
      noDelay: true,
      onread: {
        buffer: memory,
        callback(length) {
          take(length);
          return true;
        },
      },
    });
    function ask(): void {
      const url = new URL(urls.shift() ?? '');
      head = '';
      remaining = -1;
      socket.write(`GET ${url.pathname}${url.search} HTTP/1.1\r\nHost: ${url.host}\r\n\r\n`);
    }
    function take(length: number): void {
      let body = length;
      if (remaining < 0) {
        head += memory.toString('latin1', 0, length);
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        if (!/^HTTP\/1.1 200/.test(head)) reject(new Error(head.slice(0, end)));
        // A body of unknown length ends with its connection.
        remaining = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? Number.POSITIVE_INFINITY);
        body = head.length - end - 4;
      }
      if (body > 0) firstByte();
      bytes += body;
      remaining -= body;
      if (remaining > 0 && !(task.firstByteOnly && bytes > 0)) return;
      if (urls.length > 0) return ask();
      socket.destroy();
      resolve(bytes);
    }
    socket.on('error', reject);
    socket.on('end', () => remaining === Number.POSITIVE_INFINITY && resolve(bytes));
    socket.on('close', () => reject(new Error('the connection was closed')));
    ask();
  });
}

const started = performance.now();
let firstByteMs = 0;
const queues: string[][] = Array.from({ length: task.parallel }, () => []);
task.urls.forEach((url, index) => {
  queues[index % task.parallel]?.push(url);
});
const all = await Promise.all(
  queues.map((urls) =>
    download(urls, () => {
      firstByteMs ||= performance.now() - started;
    }),
  ),
);
const measured: Measured = {
  bytes: all.reduce((sum, bytes) => sum + bytes, 0),
  seconds: (performance.now() - started) / 1000,
  firstByteMs,
};
process.stdout.write(JSON.stringify(measured));
