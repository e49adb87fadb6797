/** The programs that people open archives with, run on an archive that a test wrote. */
import { execFileSync, spawnSync } from 'node:child_process';
import type { TestFile } from './archives.ts';

const JAVA_UTF8 = '-Dfile.encoding=UTF-8 -Dsun.jnu.encoding=UTF-8 -Dstdout.encoding=UTF-8';

const environment = {
  ...process.env,
  // Where Debian keeps what looks into block devices.
  PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin`,
  LC_ALL: 'C.UTF-8',
  PYTHONUTF8: '1',
  JAVA_TOOL_OPTIONS: JAVA_UTF8,
};

/**
 * What a program prints.
 * @throws Error with what it complained about where it fails
 */
export function run(command: string, parameters: readonly string[]): string {
  return execFileSync(command, parameters, {
    env: environment,
    encoding: 'utf8',
    maxBuffer: 64 * 2 ** 20,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What a program complains about, also where it succeeds. */
export function complaints(command: string, parameters: readonly string[]): string {
  return spawnSync(command, parameters, { env: environment, encoding: 'utf8' }).stderr;
}

/** Whether a program is there and runs with a parameter that asks for nothing but its version. */
export function runs(command: string, version: string): boolean {
  return spawnSync(command, [version], { stdio: 'ignore', env: environment }).status === 0;
}

/** Whether a program is there. */
export function exists(command: string): boolean {
  return spawnSync(command, ['--help'], { stdio: 'ignore', env: environment }).error === undefined;
}

/** The last file of every archive, by whose content readers show that they found their way. */
export const LAST_FILE: TestFile = {
  name: 'last.txt',
  content: Buffer.from('the last member'),
};

/** Names of many scripts, a long one, an empty file, and the last. */
export const SCRIPTS: readonly TestFile[] = [
  { name: 'Latin/Grüße aus Kiel.txt', content: Buffer.from('latin') },
  { name: 'Кириллица/снимок.jpg', content: Buffer.from('cyrillic') },
  { name: 'عربي/صورة.jpg', content: Buffer.from('arabic') },
  { name: '漢字/証拠.png', content: Buffer.from('cjk') },
  { name: 'ไทย/ภาพ.png', content: Buffer.from('thai') },
  { name: 'हिन्दी/चित्र.png', content: Buffer.from('devanagari') },
  { name: `${'ж'.repeat(70)}.bin`, content: Buffer.from('long name') },
  { name: 'empty.log', content: Buffer.alloc(0) },
  LAST_FILE,
];
