/**
 * What can go wrong that a client may be told: one catalogue of stable codes, each with the HTTP
 * status it is answered with (RFC 9457 problem details are made from it in `api/problems.ts`).
 */
export const PROBLEMS = {
  'validation-failed': { status: 422, title: 'The request is not valid' },
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'not-signed-in': { status: 401, title: 'Not signed in' },
  'permission-missing': { status: 403, title: 'Not allowed' },
  'warning-not-accepted': { status: 403, title: 'A warning has to be accepted first' },
  'passphrase-wrong': { status: 403, title: 'Not the passphrase of this link' },
  'cross-site-request': { status: 403, title: 'Another site sent this request' },
  'feature-missing': { status: 403, title: 'A feature is not switched on' },
  'partner-access-not-for-justice': {
    status: 409,
    title: 'Partner access is not for justice organizations',
  },
  'partner-direction-missing': {
    status: 403,
    title: 'The partnership does not go in this direction',
  },
  'copy-cannot-be-revoked': { status: 409, title: 'A copy belongs to the partner' },
  'not-found': { status: 404, title: 'Not found' },
  'method-not-allowed': { status: 405, title: 'This address does not take that method' },
  'iso-too-large': { status: 422, title: 'Too large for an ISO image' },
  'wrong-state': { status: 409, title: 'Not possible in the present state' },
  'already-exists': { status: 409, title: 'It exists already' },
  'too-many-files': { status: 409, title: 'No more files are taken' },
  'evidence-protected': { status: 409, title: 'This evidence has to be kept' },
  'in-use': { status: 409, title: 'It is still in use' },
  'parts-missing': { status: 409, title: 'Parts of the upload are missing' },
  'part-ambiguous': { status: 409, title: 'A part was sent more than once' },
  'part-wrong-size': { status: 409, title: 'A part has the wrong size' },
  'idempotency-key-reused': {
    status: 409,
    title: 'The idempotency key belongs to another request',
  },
  'idempotency-key-in-use': { status: 409, title: 'The first request is still running' },
  'precondition-failed': { status: 412, title: 'It was changed since you read it' },
  'link-dead': { status: 410, title: 'This link no longer opens anything' },
  'body-too-large': { status: 413, title: 'The request is too large' },
  'file-too-large': { status: 413, title: 'The file is too large' },
  'too-many-bytes': { status: 413, title: 'No more bytes are taken' },
  'file-type-not-supported': { status: 415, title: 'The file type is not supported' },
  'unsupported-media-type': { status: 415, title: 'The content type is not supported' },
  'range-not-satisfiable': { status: 416, title: 'The range lies outside the file' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  unavailable: { status: 503, title: 'Not available at the moment' },
  internal: { status: 500, title: 'Something went wrong on our side' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One fault of a request: a JSON pointer into the body, or `?name` for a query parameter. */
export interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

/** A refusal with a stable code, a sentence for the client that says what to do, and private context. */
export class DomainError extends Error {
  readonly code: ProblemCode;
  readonly detail: string;
  /** Every fault of a request that is not valid. */
  readonly faults: readonly Fault[];
  /** Further public members of the problem document, such as the numbers of missing parts. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: ProblemCode,
    detail: string,
    options: {
      cause?: unknown;
      faults?: readonly Fault[];
      members?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.name = 'DomainError';
    this.code = code;
    this.detail = detail;
    this.faults = options.faults ?? [];
    this.members = options.members ?? {};
  }
}

/** The answer for what does not exist and for what belongs to another organization: the same. */
export function notFound(what: string): DomainError {
  return new DomainError('not-found', `There is no such ${what}.`);
}

/** A request that breaks rules which its schema cannot express; give every fault at once. */
export function invalid(...faults: Fault[]): DomainError {
  return new DomainError('validation-failed', 'See errors for what to change.', { faults });
}
