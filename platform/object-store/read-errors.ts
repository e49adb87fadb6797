/** How a read of an object can fail. */

/** The object is no longer the one that was meant: its entity tag or its length is another. */
export class ObjectChangedError extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`Object ${key} is not the one that was verified`);
    this.key = key;
    this.name = 'ObjectChangedError';
  }
}

/** The object, or this version of it, is not there. */
export class ObjectMissingError extends Error {
  readonly key: string;
  constructor(key: string) {
    super(`Object ${key} is missing`);
    this.key = key;
    this.name = 'ObjectMissingError';
  }
}

/** The store did not give the bytes; asking again later may help where `retryable`. */
export class ObjectReadError extends Error {
  readonly retryable: boolean;
  constructor(key: string, fault: string, options: { retryable: boolean; cause?: unknown }) {
    super(`Object ${key} could not be read: ${fault}`, { cause: options.cause });
    this.name = 'ObjectReadError';
    this.retryable = options.retryable;
  }
}
