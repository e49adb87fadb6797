import { pino } from 'pino';

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

/** Structured lines on standard output; whatever is called like a secret is left out of them. */
export function createLogger(options: {
  level: string;
  process: 'api' | 'worker' | 'test';
}): Logger {
  return pino({
    level: options.level,
    base: { process: options.process },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    redact: {
      paths: SECRET_NAMES.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
      censor: '[redacted]',
    },
  });
}
