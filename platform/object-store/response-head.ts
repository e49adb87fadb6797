/** The head of an HTTP/1.1 response from the store, read strictly (RFC 9112): what is odd is refused. */

/** What a ranged read needs to know. */
export interface ResponseHead {
  readonly status: number;
  /** Null where the response does not say it plainly, as with a transfer coding. */
  readonly contentLength: number | null;
  readonly contentRange: string | null;
  /** Quoted, as the store sent it. */
  readonly etag: string | null;
  /** Whether the connection may serve another request. */
  readonly keepsAlive: boolean;
}

/** A head longer than this is refused. */
export const LONGEST_HEAD = 16 * 1024;

/** The response cannot be read as HTTP/1.1. */
export class MalformedResponseError extends Error {
  constructor(fault: string) {
    super(`The store's response is malformed: ${fault}`);
    this.name = 'MalformedResponseError';
  }
}

function headersOf(lines: readonly string[]): Map<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const match = /^([!#$%&'*+.^_`|~\w-]+):[ \t]*(.*?)[ \t]*$/.exec(line);
    if (match === null) throw new MalformedResponseError('a header line');
    const [, name = '', value = ''] = match;
    const key = name.toLowerCase();
    const earlier = headers.get(key);
    if (earlier !== undefined && key === 'content-length' && earlier !== value) {
      throw new MalformedResponseError('two lengths');
    }
    headers.set(key, value);
  }
  return headers;
}

/**
 * Reads a head.
 * @param text the head up to, not including, the empty line, as latin1
 * @throws MalformedResponseError
 */
export function parseResponseHead(text: string): ResponseHead {
  const [statusLine = '', ...lines] = text.split('\r\n');
  const status = /^HTTP\/1\.([01]) (\d{3})(?: |$)/.exec(statusLine);
  if (status === null) throw new MalformedResponseError('the status line');
  const headers = headersOf(lines);
  const length = headers.get('content-length');
  if (length !== undefined && !/^\d{1,15}$/.test(length)) {
    throw new MalformedResponseError('the length');
  }
  const isPlain = length !== undefined && !headers.has('transfer-encoding');
  const connection = headers.get('connection')?.toLowerCase() ?? '';
  return {
    status: Number(status[2]),
    contentLength: isPlain ? Number(length) : null,
    contentRange: headers.get('content-range') ?? null,
    etag: headers.get('etag') ?? null,
    keepsAlive: status[1] === '1' && isPlain && !connection.includes('close'),
  };
}
