/** What the store can answer that trying again does not change. */

/** The object is not there, or not in this version. */
export class ObjectNotFoundError extends Error {
  constructor(key: string, options?: ErrorOptions) {
    super(`no object ${key}`, options);
    this.name = 'ObjectNotFoundError';
  }
}

/** The store no longer knows the upload, or refuses its parts. */
export class UploadRefusedError extends Error {
  readonly reason: 'unknown-upload' | 'parts';
  constructor(reason: 'unknown-upload' | 'parts', options?: ErrorOptions) {
    super(
      reason === 'unknown-upload'
        ? 'the store knows no such upload'
        : 'the store refused the parts',
      options,
    );
    this.name = 'UploadRefusedError';
    this.reason = reason;
  }
}
