/** A TCP proxy that misbehaves when it is told to, for what must survive that. */

import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Which way bytes go. */
export type Direction = 'to-server' | 'to-client';

/** What a proxy does to the bytes of a direction instead of passing them on at once. */
export type Misbehaviour =
  | { readonly type: 'delay'; readonly milliseconds: number }
  /** A few bytes at a time. */
  | { readonly type: 'dribble'; readonly bytes: number; readonly milliseconds: number }
  /** Takes bytes and passes none on: a peer that is gone without a sign. A connection that fell silent stays so. */
  | { readonly type: 'silence' }
  /** Resets a connection in the middle, each time when so many more bytes have come. */
  | { readonly type: 'reset'; readonly every: number };

export interface BreakableProxy {
  /** As an `http:` origin. */
  readonly endpoint: string;
  readonly port: number;
  /** Bytes that went to clients. */
  readonly forwarded: number;
  /** Connections that were broken in the middle, by `breakEvery`, `reset` or a swallowed reply. */
  readonly broken: number;
  /** Ends connections each time when so many more bytes went to clients; undefined stops that. */
  breakEvery(bytes: number | undefined): void;
  /** What it does to a direction from now on; undefined passes bytes on. */
  misbehave(direction: Direction, how: Misbehaviour | undefined): void;
  /**
   * Passes requests on and never their replies: at the first byte of one it resets the connection.
   * @param asked of which requests, by what stands in their bytes; undefined stops it
   */
  swallowReplies(asked: RegExp | undefined): void;
  /** Passes everything on again; what fell silent stays silent. */
  heal(): void;
  /** Breaks all connections; new ones are taken. */
  cut(): void;
  /** Resets all connections (RST); new ones are taken. */
  reset(): void;
  /** Breaks all connections and takes no new ones. */
  close(): Promise<void>;
}

/** One direction's misbehaviour, shared by all connections. */
interface Lane {
  how: Misbehaviour | undefined;
  /** Bytes until `reset` strikes. */
  remaining: number;
}

/** Starts a proxy before a server, an `http:` origin, on a port of this machine. */
export async function startBreakableProxy(target: string): Promise<BreakableProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  const lanes: Record<Direction, Lane> = {
    'to-server': { how: undefined, remaining: 0 },
    'to-client': { how: undefined, remaining: 0 },
  };
  let forwarded = 0;
  let broken = 0;
  let every: number | undefined;
  let nextBreak = Number.POSITIVE_INFINITY;
  let swallowed: RegExp | undefined;

  const server = createServer((client) => {
    const upstream = connect({ host: hostname, port: Number(port) });
    const pair = [client, upstream] as const;
    /** The reply to what was asked last is not to arrive. */
    let swallows = false;
    const fallenSilent = new Set<Direction>();
    for (const socket of pair) {
      sockets.add(socket);
      socket.setNoDelay();
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        for (const other of pair) if (other !== socket) other.destroySoon();
      });
    }
    const resetBoth = () => {
      broken += 1;
      for (const socket of pair) socket.resetAndDestroy();
    };

    async function forward(direction: Direction, to: Socket, bytes: Buffer): Promise<void> {
      const lane = lanes[direction];
      if (direction === 'to-client' && swallows) return resetBoth();
      if (fallenSilent.has(direction)) return;
      switch (lane.how?.type) {
        case undefined:
          break;
        case 'delay':
          await pause(lane.how.milliseconds);
          break;
        case 'dribble':
          return dribble(lane.how, to, bytes);
        case 'silence':
          fallenSilent.add(direction);
          return;
        case 'reset':
          lane.remaining -= bytes.length;
          if (lane.remaining > 0) break;
          lane.remaining = lane.how.every;
          await written(to, bytes.subarray(0, Math.floor(bytes.length / 2)));
          return resetBoth();
        default:
          lane.how satisfies never;
      }
      await written(to, bytes);
    }

    client.on('data', (bytes) => {
      client.pause();
      if (swallowed !== undefined) swallows = swallowed.test(bytes.toString('latin1'));
      void forward('to-server', upstream, bytes).finally(() => client.resume());
    });
    upstream.on('data', (bytes) => {
      upstream.pause();
      forwarded += bytes.length;
      if (forwarded >= nextBreak) {
        broken += 1;
        nextBreak = forwarded + (every ?? Number.POSITIVE_INFINITY);
        client.write(bytes);
        client.end(() => client.destroy());
        upstream.destroy();
        return;
      }
      void forward('to-client', client, bytes).finally(() => upstream.resume());
    });
    client.on('end', () => upstream.end());
    upstream.on('end', () => client.end());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ownPort = (server.address() as AddressInfo).port;
  const proxy: BreakableProxy = {
    endpoint: `http://127.0.0.1:${ownPort}`,
    port: ownPort,
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
    misbehave(direction, how) {
      lanes[direction] = { how, remaining: how?.type === 'reset' ? how.every : 0 };
    },
    swallowReplies(asked) {
      swallowed = asked;
    },
    heal() {
      for (const direction of ['to-server', 'to-client'] as const) {
        proxy.misbehave(direction, undefined);
      }
      proxy.swallowReplies(undefined);
      proxy.breakEvery(undefined);
    },
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    reset() {
      for (const socket of sockets) socket.resetAndDestroy();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}

/** Writes bytes and waits until more may be written, or until nobody takes them any more. */
async function written(to: Socket, bytes: Buffer): Promise<void> {
  if (to.destroyed || !to.writable) return;
  if (to.write(bytes)) return;
  await new Promise<void>((resolve) => {
    to.once('drain', resolve);
    to.once('close', resolve);
  });
}

async function dribble(
  { bytes: size, milliseconds }: Extract<Misbehaviour, { type: 'dribble' }>,
  to: Socket,
  bytes: Buffer,
): Promise<void> {
  for (let at = 0; at < bytes.length && !to.destroyed; at += size) {
    await pause(milliseconds);
    await written(to, bytes.subarray(at, at + size));
  }
}
