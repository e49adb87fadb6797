/** A TCP proxy that loses connections when it is told to, for what must survive that. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';

export interface BreakableProxy {
  readonly endpoint: string;
  /** Bytes that went to clients. */
  readonly forwarded: number;
  /** Connections that `breakEvery` broke. */
  readonly broken: number;
  /** Breaks connections each time when so many more bytes went to clients; undefined stops that. */
  breakEvery(bytes: number | undefined): void;
  /** Breaks all connections; new ones are taken. */
  cut(): void;
  /** Breaks all connections and takes no new ones. */
  close(): Promise<void>;
}

/** Starts a proxy before an HTTP server. */
export async function startBreakableProxy(target: string): Promise<BreakableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let forwarded = 0;
  let broken = 0;
  let every: number | undefined;
  let nextBreak = Number.POSITIVE_INFINITY;

  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    client.pipe(upstream);
    upstream.on('data', (bytes) => {
      forwarded += bytes.length;
      const mayGoOn = client.write(bytes);
      if (forwarded >= nextBreak) {
        broken += 1;
        nextBreak = forwarded + (every ?? Number.POSITIVE_INFINITY);
        client.end(() => client.destroy());
        upstream.destroy();
      } else if (!mayGoOn) {
        upstream.pause();
        client.once('drain', () => upstream.resume());
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get forwarded() {
      return forwarded;
    },
    get broken() {
      return broken;
    },
    breakEvery(bytes) {
      every = bytes;
      nextBreak = forwarded + (bytes ?? Number.POSITIVE_INFINITY);
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
