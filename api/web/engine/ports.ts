/** What the engine needs of the world around it; the page gives the browser's, tests give others. */
import type { PartAddress, Upload } from '../contract.ts';

/** A file as it was chosen. Bytes are read when a part is sent, and only those of that part. */
export interface SourceFile {
  /** Its name with the folders before it, separated by "/". */
  readonly path: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly lastModified: number;
  slice(start: number, end: number): Blob;
}

/** A file with what its sender says of it. */
export interface DescribedFile {
  readonly source: SourceFile;
  /** '' for nothing. */
  readonly caption: string;
}

/**
 * The calls for uploads.
 * Each throws `PassingError`, `ProblemError` or `UnexpectedAnswerError`, or the signal's reason.
 */
export interface UploadApi {
  /** Begun once under one key, however often it is asked. */
  begin(file: DescribedFile, key: string, signal: AbortSignal): Promise<Upload>;
  read(uploadId: string, size: number, signal: AbortSignal): Promise<Upload>;
  sign(
    uploadId: string,
    partNumbers: readonly number[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<number, PartAddress>>;
  complete(
    uploadId: string,
    size: number,
    etags: ReadonlyMap<number, string>,
    signal: AbortSignal,
  ): Promise<Upload>;
  /** The ids of all uploads that are being checked. */
  verifying(signal: AbortSignal): Promise<ReadonlySet<string>>;
  abort(uploadId: string): Promise<void>;
}

/**
 * PUTs the bytes of a part to the store; gives the entity tag.
 * @param onSent how many bytes are on their way so far
 * @throws AddressRefusedError, UploadGoneError, FileUnreadableError, PassingError, the signal's reason
 */
export type SendPart = (
  bytes: Blob,
  address: PartAddress,
  options: { readonly onSent: (bytes: number) => void; readonly signal: AbortSignal },
) => Promise<string>;

/** Which upload a file belongs to, also after the page was loaded anew. */
export interface UploadMemory {
  /** @throws FileUnreadableError */
  recall(file: SourceFile): Promise<string | null>;
  /**
   * The key to begin this file under: the one given, or that of an earlier visit which said the same of
   * it and whose answer never arrived, so that what it may have begun is gone on with.
   */
  keyFor(file: DescribedFile, key: string): Promise<string>;
  remember(file: SourceFile, uploadId: string): Promise<void>;
  forget(file: SourceFile): Promise<void>;
}

/** Lets go of a claim. */
export type Release = () => void;

/** Which tab of the browser sends a file. */
export interface Claims {
  /** Null while another tab sends the same file to the same place. */
  take(file: SourceFile): Promise<Release | null>;
}

export interface EngineClock {
  /** Milliseconds from any beginning. */
  now(): number;
  /** Does something later, unless what it gives is called before. */
  after(milliseconds: number, work: () => void): () => void;
  /** From 0 up to 1. */
  random(): number;
  /** A key that nobody has used before. */
  newKey(): string;
}

export interface EnginePorts {
  readonly api: UploadApi;
  readonly sendPart: SendPart;
  readonly memory: UploadMemory;
  readonly claims: Claims;
  readonly clock: EngineClock;
}
