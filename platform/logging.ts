import { type LoggerOptions, pino } from 'pino';
import { describeError } from './error-description.ts';

export type Logger = pino.Logger;

/** Names under which secrets or personal data might be logged by mistake. */
const SECRET_NAMES = [
  'authorization',
  'cookie',
  'password',
  'passphrase',
  'token',
  'secret',
  'link',
  'url',
  'email',
  'address',
  'recipient',
];

/**
 * Structured lines on standard output. Whatever is called like a secret is left out of them, and so is
 * what errors of the database and of libraries say of the data.
 */
export function createLogger(options: {
  level: string;
  process: 'api' | 'worker' | 'admin' | 'test';
}): Logger {
  // Each line is written at once. Lines that wait to be written would be tried for ever at the end of a
  // process whose reader has gone, and lost with one that is killed.
  const output = pino.destination({ fd: process.stdout.fd, sync: true });
  const settings = {
    level: options.level,
    base: { process: options.process },
    timestamp: pino.stdTimeFunctions.isoTime,
    serializers: { err: describeError },
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  } satisfies LoggerOptions;
  return pino(settings, output);
}
