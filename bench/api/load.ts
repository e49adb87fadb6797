/** Asks a server the same thing from a few connections, for some seconds. */
import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { percentile } from '../lifecycles/percentile.ts';

/** Requests at once. */
const LANES = 8;

/** A call of the API as a client makes it; each act comes with an Idempotency-Key of its own. */
export interface Call {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Below `/api/v1`. */
  readonly path: string;
  readonly body?: unknown;
}

export interface Measured {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** The headers of a call, with a key of its own. */
export function headersOf(call: Call): Record<string, string> {
  return call.method === 'GET' ? {} : { 'Idempotency-Key': randomUUID() };
}

/** @throws Error for any answer that is not a success */
export async function load(
  url: string,
  token: string,
  call: Call,
  seconds: number,
): Promise<Measured> {
  const agent = new Agent({ keepAlive: true, maxSockets: LANES });
  const began = performance.now();
  const times: number[] = [];
  const lane = async () => {
    while (performance.now() - began < seconds * 1_000) {
      const asked = performance.now();
      await ask(agent, url, token, call);
      times.push(performance.now() - asked);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  const elapsed = (performance.now() - began) / 1_000;
  agent.destroy();
  return { perSecond: times.length / elapsed, p99Ms: percentile(times, 0.99) };
}

function ask(agent: Agent, url: string, token: string, call: Call): Promise<void> {
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const asking = request(url, {
      agent,
      method: call.method,
      headers: {
        Authorization: `Bearer ${token}`,
        ...headersOf(call),
        ...(body === undefined
          ? {}
          : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
    });
    asking.on('error', reject);
    asking.on('response', (answer) => {
      answer.resume();
      answer.on('error', reject);
      answer.on('end', () => {
        const { statusCode = 0 } = answer;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${call.name}: ${statusCode}`));
      });
    });
    asking.end(body);
  });
}
