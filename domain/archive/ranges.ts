/** One `Range` header and the conditional headers (RFC 9110 sections 13 and 14), as pure decisions. */

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export type RangeDecision = 'whole' | 'unsatisfiable' | ByteRange;

/** Longer ones are no range of one archive; RFC 9110 section 14.2 lets a server ignore any. */
const LONGEST_HEADER = 200;

/**
 * What a `Range` header asks for of `size` bytes. A header that is malformed, names another unit or
 * asks for several ranges is ignored: the whole is always a right answer (RFC 9110 section 14.2).
 */
export function parseRange(header: string | undefined, size: number): RangeDecision {
  if (header === undefined || header.length > LONGEST_HEADER) return 'whole';
  const match = /^bytes[ \t]*=[ \t]*(\d*)-(\d*)[ \t]*$/i.exec(header);
  if (match === null) return 'whole';
  const [, first = '', last = ''] = match;
  if (first === '') {
    if (last === '') return 'whole';
    const suffix = Math.min(Number(last), size);
    return suffix === 0 ? 'unsatisfiable' : { start: size - suffix, end: size };
  }
  const start = Number(first);
  if (last !== '' && isLess(last, first)) return 'whole';
  if (start >= size) return 'unsatisfiable';
  return { start, end: last === '' ? size : Math.min(Number(last) + 1, size) };
}

/** Compares decimal numbers that may be beyond what a JavaScript number tells apart. */
function isLess(left: string, right: string): boolean {
  return BigInt(left) < BigInt(right);
}

/** The request headers that matter here, by their lower-case names, as Node gives them. */
export interface ConditionalHeaders {
  readonly range?: string | undefined;
  readonly 'if-match'?: string | undefined;
  readonly 'if-none-match'?: string | undefined;
  readonly 'if-range'?: string | undefined;
}

export type DownloadDecision =
  | ({ readonly status: 200 | 206 } & ByteRange)
  | { readonly status: 304 | 412 | 416 };

function entityTags(list: string): string[] {
  return list.match(/(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g) ?? [];
}

/** Strong comparison (RFC 9110 section 8.8.3.2): a weak tag matches nothing. */
function matchesStrongly(list: string, etag: string): boolean {
  return list.trim() === '*' || entityTags(list).includes(etag);
}

function matchesWeakly(list: string, etag: string): boolean {
  return list.trim() === '*' || entityTags(list).some((tag) => tag.replace(/^W\//, '') === etag);
}

/**
 * How to answer a GET or HEAD of something with a strong entity tag and no modification date, in the
 * order of RFC 9110 section 13.2.2. An `If-Range` that is not exactly the tag asks for the whole.
 */
export function decideDownload(
  method: 'GET' | 'HEAD',
  headers: ConditionalHeaders,
  etag: string,
  size: number,
): DownloadDecision {
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined && !matchesStrongly(ifMatch, etag)) return { status: 412 };
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && matchesWeakly(ifNoneMatch, etag)) return { status: 304 };

  const ifRange = headers['if-range'];
  // RFC 9110 section 14.2: only GET has ranges.
  const mayBePart = method === 'GET' && (ifRange === undefined || ifRange.trim() === etag);
  const range = mayBePart ? parseRange(headers.range, size) : 'whole';
  switch (range) {
    case 'whole':
      return { status: 200, start: 0, end: size };
    case 'unsatisfiable':
      return { status: 416 };
    default:
      return { status: 206, ...range };
  }
}
