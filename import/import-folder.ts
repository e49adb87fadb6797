/** Loads a folder into a case: hashes every file, sends what the case lacks, waits for the end. */
import type { Api } from './api.ts';
import { awaitVerification, type Sent } from './await-verification.ts';
import { readCase, targetCase } from './case.ts';
import { type LocalFile, readFolder } from './folder.ts';
import { hashFile } from './hash-file.ts';
import { reasonOf } from './import-error.ts';
import type { ImportOptions } from './options.ts';
import type { ImportResult, Outcome } from './outcome.ts';
import type { Progress } from './progress.ts';
import { sendFile } from './send-file.ts';
import { inLanes, openSlots } from './slots.ts';
import { type ImportState, openState } from './state.ts';

export interface Importing {
  readonly api: Api;
  readonly origin: string;
  readonly options: Pick<ImportOptions, 'folder' | 'caseNumber' | 'title' | 'files' | 'parts'>;
  readonly stateFolder: string;
  readonly progress: Progress;
}

interface Work extends Importing {
  readonly caseId: string;
  readonly state: ImportState;
  readonly outcomes: Map<LocalFile, Outcome>;
}

/** A file whose hash is known. */
interface Hashed {
  readonly file: LocalFile;
  readonly sha256: string;
}

/** Loads a folder; what went wrong with single files is in the result. */
export async function importFolder(importing: Importing): Promise<ImportResult> {
  const { api, options, origin, progress } = importing;
  const { files, skipped } = await readFolder(options.folder);
  const { id: caseId, said } = await targetCase(api, options.caseNumber, options.title);
  progress.say(said);
  const state = await openState(importing.stateFolder, origin, caseId);
  const work: Work = { ...importing, caseId, state, outcomes: new Map() };
  const hashed = await hashAll(files, work);
  const missing = await withoutKnown(hashed, work);
  const sent = await sendAll(missing, work);
  progress.stretch('Verifying', sum(sent), sent.length);
  const verified = await awaitVerification(api, caseId, sent, progress);
  for (const [file, outcome] of verified) work.outcomes.set(file, outcome);
  // In the order of the folder, whatever the order in which they ended.
  const ordered = files.flatMap((file): [LocalFile, Outcome][] => {
    const outcome = work.outcomes.get(file);
    return outcome === undefined ? [] : [[file, outcome]];
  });
  return { outcomes: new Map(ordered), skipped };
}

async function hashAll(files: readonly LocalFile[], work: Work): Promise<Hashed[]> {
  const hashed: Hashed[] = [];
  work.progress.stretch('Hashing', sum(files.map((file) => ({ file }))), files.length);
  await each(files, work, async (file, onBytes) => {
    const known = work.state.recall(file);
    const sha256 = known?.sha256 ?? (await hashFile(file, onBytes, work.api.signal));
    if (known === null) await work.state.remember(file, { sha256, uploadId: null });
    hashed.push({ file, sha256 });
  });
  return hashed.toSorted((a, b) => (a.file.name < b.file.name ? -1 : 1));
}

/** What the case does not have; of several equal files the first is sent. */
async function withoutKnown(hashed: readonly Hashed[], work: Work): Promise<Hashed[]> {
  const { hashes } = await readCase(work.api, work.caseId);
  const sending = new Set<string>();
  return hashed.filter(({ file, sha256 }) => {
    if (hashes.has(sha256)) work.outcomes.set(file, { type: 'already-there' });
    else if (sending.has(sha256)) work.outcomes.set(file, { type: 'duplicate' });
    else {
      sending.add(sha256);
      return true;
    }
    return false;
  });
}

async function sendAll(hashed: readonly Hashed[], work: Work): Promise<Sent[]> {
  const { api, caseId, options, progress, state } = work;
  const slots = openSlots(options.parts);
  const hashes = new Map(hashed.map(({ file, sha256 }) => [file, sha256]));
  const sent: Sent[] = [];
  progress.stretch('Sending', sum(hashed), hashed.length);
  await each([...hashes.keys()], work, async (file, onBytes) => {
    const sha256 = hashes.get(file) ?? '';
    const upload = await sendFile(file, sha256, {
      api,
      caseId,
      slots,
      uploadId: state.recall(file)?.uploadId ?? null,
      onBegun: (uploadId) => state.remember(file, { sha256, uploadId }),
      onBytes,
    });
    sent.push({ file, uploadId: upload.id, evidenceId: upload.evidenceId });
  });
  return sent;
}

/** Does something with each file, several at once; a file that fails does not stop the others. */
async function each(
  files: readonly LocalFile[],
  { api, options, progress, outcomes }: Work,
  work: (file: LocalFile, onBytes: (bytes: number) => void) => Promise<void>,
): Promise<void> {
  await inLanes(files, options.files, async (file) => {
    api.signal.throwIfAborted();
    const shown = progress.file(file.name, file.size);
    try {
      await work(file, shown.add);
    } catch (error) {
      api.signal.throwIfAborted();
      outcomes.set(file, { type: 'failed', reason: reasonOf(error) });
    } finally {
      shown.end();
    }
  });
}

function sum(files: readonly { readonly file: LocalFile }[]): number {
  return files.reduce((bytes, { file }) => bytes + file.size, 0);
}
