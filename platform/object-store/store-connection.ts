/**
 * Connections to the store that stay open: one request at a time on each, bodies read straight into
 * reused blocks. A plain socket costs about half of what `node:http` costs per byte.
 */
import { connect as connectPlain, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { type BlockFiller, type Chunk, createBlockPool } from './read-blocks.ts';
import {
  LONGEST_HEAD,
  MalformedResponseError,
  parseResponseHead,
  type ResponseHead,
} from './response-head.ts';

/** Without a byte for so long, the store is taken for dead. */
const SILENCE_MS = 30_000;

/** Below what stores close idle connections after, so that we nearly always close first. */
const IDLE_MS = 10_000;

const HEAD_END = Buffer.from('\r\n\r\n');

/** Who sent a request hears of its response. */
export interface ResponseListener {
  /** The head; false refuses the body, and with it the connection. */
  head(head: ResponseHead): boolean;
  /** A piece of the body, to be released by the listener; false holds further ones until `resume`. */
  body(chunk: Chunk): boolean;
  /** The body is complete. */
  end(): void;
  /** The connection is lost before that. */
  broken(reason: Error): void;
}

/** A request under way. */
export interface Exchange {
  /** Lets the body go on after `body` said to hold. */
  resume(): void;
  /** Ends the connection; the listener hears no more. */
  abandon(): void;
}

export interface ConnectionPool {
  /**
   * Sends a request as soon as there is a connection.
   * @param request its head with the final empty line; called when it is sent
   */
  send(request: () => string, listener: ResponseListener): Exchange;
  /** Connections open now. */
  readonly size: number;
  /** Ends all connections; listeners hear that theirs are broken. */
  close(): void;
}

interface Connection {
  send(request: string, listener: ResponseListener): Exchange;
  destroy(): void;
}

interface PoolOptions {
  readonly endpoint: URL;
  /** Requests beyond so many wait for a connection. */
  readonly maxConnections: number;
}

/** A pool of connections to one endpoint, `http:` or `https:`. */
export function createConnectionPool({ endpoint, maxConnections }: PoolOptions): ConnectionPool {
  const newFiller = createBlockPool();
  const open = new Set<Connection>();
  const idle: Connection[] = [];
  const waiting: ((connection: Connection) => void)[] = [];

  function give(connection: Connection): void {
    const next = waiting.shift();
    if (next === undefined) idle.push(connection);
    else next(connection);
  }

  function add(): Connection {
    const connection: Connection = openConnection(endpoint, newFiller(), {
      free: () => give(connection),
      closed() {
        open.delete(connection);
        const index = idle.indexOf(connection);
        if (index >= 0) idle.splice(index, 1);
        if (waiting.length > 0) give(add());
      },
    });
    open.add(connection);
    return connection;
  }

  return {
    get size() {
      return open.size;
    },
    send(request, listener) {
      const connection = idle.pop() ?? (open.size < maxConnections ? add() : undefined);
      if (connection !== undefined) return connection.send(request(), listener);
      let exchange: Exchange | undefined;
      const start = (freed: Connection) => {
        exchange = freed.send(request(), listener);
      };
      waiting.push(start);
      return {
        resume: () => exchange?.resume(),
        abandon() {
          exchange?.abandon();
          const index = waiting.indexOf(start);
          if (index >= 0) waiting.splice(index, 1);
        },
      };
    },
    close() {
      waiting.length = 0;
      for (const connection of open) connection.destroy();
    },
  };
}

interface ConnectionOwner {
  /** The connection can take another request. */
  free(): void;
  closed(): void;
}

/** A response being read. */
interface Pending {
  readonly listener: ResponseListener;
  /** What has come of the head while that is not complete. */
  partialHead: Buffer | undefined;
  head: ResponseHead | undefined;
  /** Bytes of the body still to come. */
  remaining: number;
  held: boolean;
}

function openSocket(
  endpoint: URL,
  filler: BlockFiller,
  received: (bytes: Buffer) => boolean,
): Socket {
  const host = endpoint.hostname.replace(/^\[|\]$/g, '');
  if (endpoint.protocol === 'https:') {
    const port = Number(endpoint.port || 443);
    const socket = connectTls({ host, port, servername: host, ALPNProtocols: ['http/1.1'] });
    // A TLS socket allocates what it decrypts into; its bytes need no block.
    return socket.on('data', (bytes: Buffer) => {
      if (!received(bytes)) socket.pause();
    });
  }
  return connectPlain({
    host,
    port: Number(endpoint.port || 80),
    noDelay: true,
    onread: {
      buffer: () => filler.room(),
      callback(length, buffer) {
        filler.filled(length);
        return received(Buffer.from(buffer.buffer, buffer.byteOffset, length));
      },
    },
  });
}

function openConnection(endpoint: URL, filler: BlockFiller, owner: ConnectionOwner): Connection {
  const isPlain = endpoint.protocol === 'http:';
  let pending: Pending | undefined;
  let failure: Error | undefined;
  const socket = openSocket(endpoint, filler, received);
  socket.setTimeout(SILENCE_MS);
  socket.on('timeout', () => {
    if (pending === undefined) socket.destroy();
    else if (!pending.held) socket.destroy(new Error('the store sent nothing'));
  });
  socket.on('error', (error) => {
    failure = error;
  });
  socket.on('end', () => socket.destroy());
  socket.on('close', () => {
    filler.close();
    const lost = pending;
    pending = undefined;
    owner.closed();
    lost?.listener.broken(failure ?? new Error('the store closed the connection'));
  });

  /** Takes what was read; says whether to read on. */
  function received(bytes: Buffer): boolean {
    try {
      return takeBytes(bytes);
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)));
      return false;
    }
  }

  function takeBytes(bytes: Buffer): boolean {
    if (pending === undefined) throw new MalformedResponseError('bytes that nobody asked for');
    if (pending.head !== undefined) return takeBody(pending, bytes);
    const start = pending.partialHead;
    const all = start === undefined ? bytes : Buffer.concat([start, bytes]);
    const end = all.indexOf(HEAD_END);
    if (end < 0) {
      if (all.length > LONGEST_HEAD) throw new MalformedResponseError('a head too long');
      pending.partialHead = Buffer.from(all);
      return true;
    }
    if (end > LONGEST_HEAD) throw new MalformedResponseError('a head too long');
    const head = parseResponseHead(all.toString('latin1', 0, end));
    pending.head = head;
    if (!pending.listener.head(head)) {
      pending = undefined;
      socket.destroy();
      return false;
    }
    if (head.contentLength === null) throw new MalformedResponseError('a body without a length');
    pending.remaining = head.contentLength;
    const bodyLength = all.length - end - HEAD_END.length;
    return takeBody(pending, bytes.subarray(bytes.length - bodyLength));
  }

  function takeBody(response: Pending, bytes: Buffer): boolean {
    if (bytes.length > response.remaining) throw new MalformedResponseError('a body too long');
    response.remaining -= bytes.length;
    let goesOn = true;
    if (bytes.length > 0) {
      const chunk = isPlain ? filler.chunk(bytes) : { bytes, release() {} };
      goesOn = response.listener.body(chunk);
    }
    if (response.remaining > 0) {
      response.held = !goesOn;
      // The listener may have abandoned the exchange.
      return goesOn && pending === response;
    }
    if (pending !== response) return false;
    pending = undefined;
    if (response.head?.keepsAlive === true) {
      socket.setTimeout(IDLE_MS);
      socket.unref();
      owner.free();
    } else {
      socket.destroy();
    }
    response.listener.end();
    return true;
  }

  return {
    send(request, listener) {
      const response: Pending = {
        listener,
        partialHead: undefined,
        head: undefined,
        remaining: 0,
        held: false,
      };
      pending = response;
      socket.ref();
      socket.setTimeout(SILENCE_MS);
      socket.write(request, 'latin1');
      return {
        resume() {
          if (pending !== response || !response.held) return;
          response.held = false;
          socket.resume();
        },
        abandon() {
          if (pending !== response) return;
          pending = undefined;
          socket.destroy();
        },
      };
    },
    destroy: () => socket.destroy(),
  };
}
