import type { Upload } from '../contract.ts';
import { ProblemError } from '../errors.ts';
import type { DescribedFile, EnginePorts } from './ports.ts';
import type { Seen } from './transfer.ts';

/**
 * The upload of a file: the one that an earlier visit began, where it is still good for something, or a
 * new one.
 * @param file.key under which it is begun, once however often that is tried
 */
export async function openUpload(
  { api, memory }: Pick<EnginePorts, 'api' | 'memory'>,
  { key, ...file }: DescribedFile & { readonly key: string },
  signal: AbortSignal,
): Promise<Upload> {
  const { source } = file;
  const known = await memory.recall(source);
  if (known !== null) {
    const earlier = await read(api, known, source.size, signal);
    const isGood = earlier !== null && earlier.state !== 'failed' && earlier.state !== 'aborted';
    if (isGood && earlier.size === source.size) return earlier;
    await memory.forget(source);
  }
  const begun = await api.begin(file, await memory.keyFor(file, key), signal);
  await memory.remember(source, begun.id);
  return begun;
}

/** An upload; null where the API knows none of that id, or does not let this page see it. */
async function read(
  api: EnginePorts['api'],
  uploadId: string,
  size: number,
  signal: AbortSignal,
): Promise<Upload | null> {
  try {
    return await api.read(uploadId, size, signal);
  } catch (error) {
    if (error instanceof ProblemError && error.code === 'not-found') return null;
    throw error;
  }
}

/** What the state of an upload means for what comes next. */
export function seenOf(upload: Upload): Seen {
  const { id: uploadId, size, partSize, partCount, state, parts } = upload;
  const plan = { uploadId, size, partSize, partCount };
  switch (state) {
    case 'uploading':
      return { type: 'open', plan, listed: parts };
    case 'verifying':
      return { type: 'verifying', plan };
    case 'verified':
    case 'duplicate':
      return { type: 'settled', outcome: { type: state } };
    case 'failed':
      return settledAsFailed(upload.failure ?? { code: 'failed', detail: '' });
    case 'aborted':
      return settledAsFailed({ code: 'given-up', detail: '' });
    default:
      return state satisfies never;
  }
}

function settledAsFailed(failure: { readonly code: string; readonly detail: string }): Seen {
  return { type: 'settled', outcome: { type: 'failed', failure } };
}
