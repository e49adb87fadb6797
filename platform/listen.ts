import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Listens, and gives the port: the one asked for, or the one that 0 found.
 * @throws Error naming the address, where it is in use or not this machine's
 */
export async function listen(server: Server, at: { host: string; port: number }): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(at.port, at.host, resolve);
  try {
    await promise;
  } catch (error) {
    throw new Error(`cannot listen on ${at.host}:${at.port}`, { cause: error });
  }
  server.off('error', reject);
  return (server.address() as AddressInfo).port;
}
