/** What may go wrong on the way, told apart by what there is to do about it. */

/** Something that may go better the next time: no connection, a server that is busy or starting. */
export class PassingError extends Error {
  /** Milliseconds that the server asked to wait, if it did. */
  readonly after: number | null;
  constructor(message: string, options: ErrorOptions & { readonly after?: number | null } = {}) {
    super(message, options);
    this.name = 'PassingError';
    this.after = options.after ?? null;
  }
}

/** A problem document (RFC 9457) that the API answered: asking the same again will not help. */
export class ProblemError extends Error {
  readonly status: number;
  readonly code: string;
  readonly members: Readonly<Record<string, unknown>>;
  constructor(status: number, members: Readonly<Record<string, unknown>>) {
    super(textOf(members['detail']) ?? `the API answered ${status}`);
    this.name = 'ProblemError';
    this.status = status;
    this.code = textOf(members['code']) ?? 'unknown';
    this.members = members;
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The store does not take this address of a part (any longer): another one is needed. */
export class AddressRefusedError extends Error {
  constructor() {
    super('the address of the part was refused');
    this.name = 'AddressRefusedError';
  }
}

/** The store knows nothing of the upload (any longer): the API knows why. */
export class UploadGoneError extends Error {
  constructor() {
    super('the store has no such upload');
    this.name = 'UploadGoneError';
  }
}

/** The file cannot be read as it was chosen: it was changed, moved or removed since. */
export class FileUnreadableError extends Error {
  constructor(options?: ErrorOptions) {
    super('the file cannot be read any more', options);
    this.name = 'FileUnreadableError';
  }
}
