import { createServer } from 'node:net';
import { StackError } from './stack-error.ts';

/** SeaweedFS serves gRPC at each port plus this. */
export const SEAWEEDFS_GRPC_OFFSET = 10_000;

/** Below the ranges from which systems take the ports of outgoing connections (Linux: from 32,768). */
const LOWEST = 11_000;
const HIGHEST = 22_000;

const handedOut = new Set<number>();

/** Whether this port of the loopback interface can be listened on. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}

/** Whether this port and the one for its gRPC are free. */
export async function isFreeWithGrpc(port: number): Promise<boolean> {
  return (await isFree(port)) && (await isFree(port + SEAWEEDFS_GRPC_OFFSET));
}

/**
 * A free port that this process has not been given before, with its gRPC neighbour free as well. At
 * random, so that two stacks that start together hardly ever choose the same.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 200; tries++) {
    const port = LOWEST + Math.floor(Math.random() * (HIGHEST - LOWEST));
    if (!handedOut.has(port) && (await isFreeWithGrpc(port))) {
      handedOut.add(port);
      return port;
    }
  }
  throw new StackError(`No free port was found between ${LOWEST} and ${HIGHEST}.`);
}
