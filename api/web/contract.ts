/** What the page reads of the API's answers. They come from our own origin: checked for what is used. */

/** An upload as the API knows it. */
export interface Upload {
  readonly id: string;
  readonly size: number;
  readonly state: UploadState;
  readonly partSize: number;
  readonly partCount: number;
  readonly parts: readonly ListedPart[];
  readonly failure: { readonly code: string; readonly detail: string } | null;
}

export interface ListedPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
}

const UPLOAD_STATES = [
  'uploading',
  'verifying',
  'verified',
  'duplicate',
  'failed',
  'aborted',
] as const;
export type UploadState = (typeof UPLOAD_STATES)[number];

/** Where one part is to be PUT; a secret while it is good. */
export interface PartAddress {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** What the page is told of what takes the files: a request, or anything else that answers like one. */
export interface SendingFacts {
  /** `expired`: what was begun may be finished, nothing new begun. */
  readonly state: 'open' | 'expired';
  readonly finishBy: Date;
  readonly limits: SendingLimits;
  /** In lower case, without the dot. */
  readonly extensions: readonly string[];
  /** Uploads that are not complete, whichever visit began them. */
  readonly unfinished: readonly { readonly id: string; readonly path: string }[];
  /** How many there are: more than are listed, perhaps. */
  readonly unfinishedCount: number;
}

/** What is taken. */
export interface SendingLimits {
  /** Bytes that a file may have. */
  readonly fileSize: number;
  /** Files in all. */
  readonly files: number;
  /** Characters of the words that may go along with each file; null where there are none. */
  readonly captionLength: number | null;
}

/** An answer that is not what the API gives: another program answered, or another version. */
export class UnexpectedAnswerError extends Error {
  constructor(what: string) {
    super(`the answer has no ${what}`);
    this.name = 'UnexpectedAnswerError';
  }
}

type Fields = Readonly<Record<string, unknown>>;

/** @throws UnexpectedAnswerError */
export function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields;
  throw new UnexpectedAnswerError(what);
}

/** @throws UnexpectedAnswerError */
export function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string') return value;
  throw new UnexpectedAnswerError(name);
}

/** @throws UnexpectedAnswerError */
export function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number') return value;
  throw new UnexpectedAnswerError(name);
}

/** @throws UnexpectedAnswerError */
export function listOf(fields: Fields, name: string): readonly unknown[] {
  const value = fields[name];
  if (Array.isArray(value)) return value;
  throw new UnexpectedAnswerError(name);
}

/**
 * An upload, also one that was begun only just and is told without size and parts.
 * @throws UnexpectedAnswerError
 */
export function uploadOf(answer: unknown, size: number): Upload {
  const fields = fieldsOf(answer, 'upload');
  const state = UPLOAD_STATES.find((known) => known === fields['state']);
  if (state === undefined) throw new UnexpectedAnswerError('state');
  const failure = fields['failure'] == null ? null : fieldsOf(fields['failure'], 'failure');
  return {
    id: textOf(fields, 'id'),
    size: fields['size'] === undefined ? size : numberOf(fields, 'size'),
    state,
    partSize: numberOf(fields, 'partSize'),
    partCount: numberOf(fields, 'partCount'),
    parts: fields['parts'] === undefined ? [] : listOf(fields, 'parts').map(partOf),
    failure:
      failure === null
        ? null
        : { code: textOf(failure, 'code'), detail: textOf(failure, 'detail') },
  };
}

function partOf(value: unknown): ListedPart {
  const fields = fieldsOf(value, 'part');
  return {
    partNumber: numberOf(fields, 'partNumber'),
    size: numberOf(fields, 'size'),
    etag: textOf(fields, 'etag'),
  };
}

/** @throws UnexpectedAnswerError */
export function addressesOf(answer: unknown): Map<number, PartAddress> {
  const urls = listOf(fieldsOf(answer, 'addresses'), 'urls');
  return new Map(
    urls.map((value) => {
      const fields = fieldsOf(value, 'address');
      const headers = Object.entries(fieldsOf(fields['headers'], 'headers')).map(
        ([name, text]) => [name, String(text)] as const,
      );
      const address = { url: textOf(fields, 'url'), headers: Object.fromEntries(headers) };
      return [numberOf(fields, 'partNumber'), address];
    }),
  );
}

/** @throws UnexpectedAnswerError */
export function factsOf(answer: unknown): SendingFacts {
  const fields = fieldsOf(answer, 'facts');
  const uploads = listOf(fields, 'uploads').map((value) => fieldsOf(value, 'upload'));
  const limits = fieldsOf(fields['limits'], 'limits');
  return {
    state: textOf(fields, 'state') === 'expired' ? 'expired' : 'open',
    finishBy: new Date(textOf(fields, 'finishBy')),
    limits: {
      fileSize: numberOf(limits, 'fileSize'),
      files: numberOf(limits, 'files'),
      captionLength:
        limits['captionLength'] === undefined ? null : numberOf(limits, 'captionLength'),
    },
    extensions: listOf(fields, 'supportedExtensions').map(String),
    unfinished: uploads
      .filter((upload) => upload['state'] === 'uploading')
      .map((upload) => ({ id: textOf(upload, 'id'), path: textOf(upload, 'fileName') })),
    unfinishedCount: numberOf(fieldsOf(fields['counts'], 'counts'), 'uploading'),
  };
}

/** A page of a list of uploads. */
export interface UploadPage {
  readonly ids: readonly string[];
  /** The cursor of the next page; null on the last. */
  readonly next: string | null;
}

/** @throws UnexpectedAnswerError */
export function uploadPageOf(answer: unknown): UploadPage {
  const fields = fieldsOf(answer, 'list');
  const ids = listOf(fields, 'data').map((value) => textOf(fieldsOf(value, 'upload'), 'id'));
  const { next } = fieldsOf(fields['page'], 'page');
  return { ids, next: typeof next === 'string' ? next : null };
}
