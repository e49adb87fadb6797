/** What an import remembers for the next run: lines that are added, the last one of a file counts. */
import { createHash } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import type { LocalFile } from './folder.ts';

const line = z.object({
  path: z.string(),
  size: z.int(),
  mtimeMs: z.number(),
  sha256: z.string(),
  /** The upload that sends it, if one was begun. */
  uploadId: z.string().nullable(),
});
type Line = z.output<typeof line>;

/** What is remembered of a file; nothing where the file has changed since. */
export type Memory = Pick<Line, 'sha256' | 'uploadId'>;

export interface ImportState {
  readonly recall: (file: LocalFile) => Memory | null;
  readonly remember: (file: LocalFile, memory: Memory) => Promise<void>;
}

/** `casebridge/` in the user's folder for state (XDG Base Directory Specification). */
export function stateFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { XDG_STATE_HOME: state, HOME: home = '.' } = environment;
  const base = state !== undefined && state.startsWith('/') ? state : join(home, '.local', 'state');
  return join(base, 'casebridge');
}

/** Opens what is remembered of imports into one case. */
export async function openState(
  folder: string,
  origin: string,
  caseId: string,
): Promise<ImportState> {
  const id = createHash('sha256').update(`${origin} ${caseId}`).digest('hex').slice(0, 16);
  const file = join(folder, `import-${id}.jsonl`);
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const lines = await readLines(file);
  return {
    recall({ path, size, mtimeMs }) {
      const known = lines.get(path);
      const same = known !== undefined && known.size === size && known.mtimeMs === mtimeMs;
      return same ? { sha256: known.sha256, uploadId: known.uploadId } : null;
    },
    async remember({ path, size, mtimeMs }, memory) {
      const entry: Line = { path, size, mtimeMs, ...memory };
      lines.set(path, entry);
      await appendFile(file, `${JSON.stringify(entry)}\n`, { mode: 0o600 });
    },
  };
}

async function readLines(file: string): Promise<Map<string, Line>> {
  const lines = new Map<string, Line>();
  const text = await readFile(file, 'utf8').catch(() => '');
  for (const row of text.split('\n')) {
    const entry = line.safeParse(parsed(row));
    if (entry.success) lines.set(entry.data.path, entry.data);
  }
  return lines;
}

/** A line that was cut off by a crash is no line. */
function parsed(row: string): unknown {
  try {
    return JSON.parse(row);
  } catch {
    return null;
  }
}
