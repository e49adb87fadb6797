import { createReadStream } from 'node:fs';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request } from 'node:http';
import { Agent as HttpsAgent, request as requestTls } from 'node:https';
import { pipeline, Transform } from 'node:stream';
import { PassingError } from './retry.ts';

/** A range of a file on the disk. */
export interface FilePart {
  readonly path: string;
  readonly offset: number;
  readonly length: number;
}

/** The address is not good any longer: ask for another one. */
export class AddressExpiredError extends PassingError {
  constructor() {
    super('the address of the part has expired', { after: 0 });
    this.name = 'AddressExpiredError';
  }
}

const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgent = new HttpsAgent({ keepAlive: true });

/** Milliseconds without any byte after which a connection is given up. */
const SILENCE = 60_000;

/**
 * PUTs a range of a file to the object store, read from the disk as it is sent; gives the ETag.
 * @throws AddressExpiredError; PassingError for anything else that may go better next time
 */
export async function sendPart(
  part: FilePart,
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  options: { readonly onBytes: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<string> {
  let sent = 0;
  try {
    return await put(part, target, options.signal, (bytes) => {
      sent += bytes;
      options.onBytes(bytes);
    });
  } catch (error) {
    // What was counted is sent once more.
    options.onBytes(-sent);
    throw error;
  }
}

function put(
  { path, offset, length }: FilePart,
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const fail = (error: unknown) => {
    if (signal.aborted) reject(signal.reason);
    else if (error instanceof PassingError) reject(error);
    else reject(new PassingError('the object store broke the connection', { cause: error }));
  };
  const isTls = target.url.startsWith('https:');
  const sending: ClientRequest = (isTls ? requestTls : request)(target.url, {
    method: 'PUT',
    agent: isTls ? httpsAgent : httpAgent,
    headers: { ...target.headers, 'Content-Length': length },
    timeout: SILENCE,
    signal,
  });
  sending.on('timeout', () => sending.destroy(new Error('no byte for a minute')));
  sending.on('error', fail);
  sending.on('response', (response) => {
    etagOf(response).then(resolve, fail);
  });
  if (length === 0) sending.end();
  else {
    const bytes = createReadStream(path, { start: offset, end: offset + length - 1 });
    pipeline(bytes, counting(length, onBytes), sending, (error) => {
      if (error) fail(error);
    });
  }
  return promise;
}

/** Breaks where a file was cut short, which would leave the store waiting for the rest. */
function counting(length: number, onBytes: (bytes: number) => void): Transform {
  let left = length;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      onBytes(chunk.length);
      done(null, chunk);
    },
    flush(done) {
      done(left === 0 ? null : new Error('the file is shorter than it was'));
    },
  });
}

async function etagOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk);
  const { statusCode = 0 } = response;
  if (statusCode === 403) throw new AddressExpiredError();
  if (statusCode !== 200) {
    const said = Buffer.concat(chunks).toString('utf8').slice(0, 300);
    throw new PassingError(`the object store answered ${statusCode}: ${said}`);
  }
  return (response.headers.etag ?? '').replaceAll('"', '');
}
