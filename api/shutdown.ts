import type { Server } from 'node:http';

/**
 * Takes no more connections, lets running requests end, and cuts those that have not ended after
 * `milliseconds`.
 */
export async function closeHttpServer(server: Server, milliseconds: number): Promise<void> {
  const { promise: closed, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  // A kept connection becomes idle when its request has ended, and is then in nobody's use.
  const sweep = setInterval(() => server.closeIdleConnections(), 100);
  const cut = setTimeout(() => server.closeAllConnections(), milliseconds);
  try {
    await closed;
  } finally {
    clearInterval(sweep);
    clearTimeout(cut);
  }
}
