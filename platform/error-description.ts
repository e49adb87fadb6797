/** What may be said of an error where its users' data must not go: in logs and in Temporal's histories. */
import { fileURLToPath } from 'node:url';

/** Where our sources lie, as frames of a stack name it. */
const ROOT_URL = new URL('..', import.meta.url).href;
const ROOT = fileURLToPath(ROOT_URL);

/**
 * Identifiers that errors of PostgreSQL and Node carry. PostgreSQL's `detail`, `where` and message hold
 * values of rows, and the ORM's message the statement with its parameters: none of them is taken.
 */
const IDENTIFIERS = ['code', 'constraint', 'table', 'column', 'routine', 'syscall'] as const;

/** Causes and members of an AggregateError that are followed. */
const DEPTH = 5;
const MEMBERS = 5;

/** An error without the data that it may hold. */
export interface ErrorDescription {
  readonly type: string;
  /** Of errors that our own code made; those of others quote what they were given. */
  readonly message?: string;
  readonly code?: string;
  readonly constraint?: string;
  readonly table?: string;
  readonly column?: string;
  readonly routine?: string;
  readonly syscall?: string;
  /** The frames that lie in our sources. */
  readonly stack?: string;
  readonly cause?: ErrorDescription;
  readonly errors?: readonly ErrorDescription[];
}

/** Describes whatever was thrown; never throws itself. */
export function describeError(error: unknown, depth = DEPTH): ErrorDescription {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = framesOf(error);
  const own = frames.filter(isOurs).map((frame) => frame.replace(ROOT_URL, '').replace(ROOT, ''));
  const isMadeByUs = frames[0] !== undefined && isOurs(frames[0]);
  return {
    type: error.constructor.name,
    ...(isMadeByUs ? { message: error.message } : {}),
    ...identifiersOf(error),
    ...(own.length > 0 ? { stack: own.join('\n') } : {}),
    ...(error.cause === undefined || depth <= 1
      ? {}
      : { cause: describeError(error.cause, depth - 1) }),
    ...(error instanceof AggregateError && depth > 1
      ? {
          errors: error.errors
            .slice(0, MEMBERS)
            .map((member: unknown) => describeError(member, depth - 1)),
        }
      : {}),
  };
}

function identifiersOf(error: Error): Partial<ErrorDescription> {
  const given = error as Readonly<Partial<Record<string, unknown>>> & Error;
  return Object.fromEntries(
    IDENTIFIERS.flatMap((name) => {
      const value = given[name];
      const isIdentifier =
        typeof value === 'number' || (typeof value === 'string' && /^[\w-]{1,100}$/.test(value));
      return isIdentifier ? [[name, String(value)]] : [];
    }),
  );
}

/** The stack without its first lines, which are the message. */
function framesOf(error: Error): string[] {
  const stack = error.stack ?? '';
  const at = stack.indexOf(error.message);
  return stack
    .slice(at < 0 ? 0 : at + error.message.length)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
}

function isOurs(frame: string): boolean {
  return (frame.includes(ROOT_URL) || frame.includes(ROOT)) && !frame.includes('/node_modules/');
}
