/**
 * The code that runs in browsers. It is TypeScript like everything else and is not built: its types are
 * stripped when the server starts, as Node strips those of the server's own sources, and the modules go
 * out one by one.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { posix } from 'node:path';

/** Modules that belong together, under addresses that change with what is in any of them. */
export interface WebModules {
  readonly entry: string;
  /** All addresses, for the page to ask for at once what would be found one after the other. */
  readonly addresses: readonly string[];
  readonly contentOf: (address: string) => string | undefined;
}

const ROOT = new URL('../../', import.meta.url);

/** Folders whose modules may run in a browser: nothing else of the project is ever sent out. */
const ALLOWED = /^(api\/web|api\/pages|domain\/evidence)\/[\w/-]+\.ts$/;

/** The relative imports that are left once types are gone. */
const IMPORT = /\b(from|import)(\s+')(\.{1,2}\/[^']+)\.ts'/g;

/**
 * Reads a module and everything that it imports.
 * @param entry its path in the project
 * @throws Error for an import of what may not run in a browser
 */
export function loadWebModules(entry: string): WebModules {
  const codes = new Map<string, string>();
  const queue = [entry];
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    if (codes.has(path)) continue;
    if (!ALLOWED.test(path)) throw new Error(`${path} is no module for browsers`);
    const code = withoutTypes(readFileSync(new URL(path, ROOT), 'utf8'));
    const folder = posix.dirname(path);
    for (const [, , , imported] of code.matchAll(IMPORT)) {
      queue.push(`${posix.join(folder, imported ?? '')}.ts`);
    }
    // Some filters take ".ts" for a video. The names are equally long: positions stay what they are.
    codes.set(path, code.replace(IMPORT, "$1$2$3.js'"));
  }
  const paths = [...codes.keys()].sort();
  const hash = createHash('sha256');
  for (const path of paths) hash.update(`${path}\0${codes.get(path)}\0`);
  const folder = `/assets/modules-${hash.digest('hex').slice(0, 12)}`;
  const addressOf = (path: string) => `${folder}/${path.replace(/\.ts$/, '.js')}`;
  const files = new Map(Array.from(codes, ([path, code]) => [addressOf(path), code]));
  return {
    entry: addressOf(entry),
    addresses: paths.map(addressOf),
    contentOf: (address) => files.get(address),
  };
}

/** Node tells everybody that this function may change; the sources of the server rest on the same. */
function withoutTypes(code: string): string {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  try {
    return stripTypeScriptTypes(code);
  } finally {
    process.emitWarning = emitWarning;
  }
}

/** The uploader's page. */
export const UPLOADER = loadWebModules('api/web/main.ts');

/** The same with what hands in, on the page of an invite. */
export const INVITE_UPLOADER = loadWebModules('api/web/invite.ts');
