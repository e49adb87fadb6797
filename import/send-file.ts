/** Sends one file: begins its upload or goes on with it, part by part, and completes it. */
import {
  type PartRange,
  partRange,
  partsRefused,
  storedParts,
} from '../domain/evidence/uploads/parts-to-send.ts';
import { type Api, ApiProblem } from './api.ts';
import { begunUpload, partAddresses, type Upload, upload as uploadAnswer } from './contract.ts';
import type { LocalFile } from './folder.ts';
import { FileChangedError, requireUnchanged } from './hash-file.ts';
import { ImportError } from './import-error.ts';
import { persistently } from './retry.ts';
import { sendPart } from './send-part.ts';
import type { Slots } from './slots.ts';

export interface Sending {
  readonly api: Api;
  readonly caseId: string;
  /** Parts that all files together send at once. */
  readonly slots: Slots;
  /** The upload of an earlier run, or null. */
  readonly uploadId: string | null;
  readonly onBegun: (uploadId: string) => Promise<void>;
  readonly onBytes: (bytes: number) => void;
}

/** Times that parts which the store does not have after all are sent again. */
const ROUNDS = 3;

/** Sends what the store does not have yet; gives the upload as it is after it was completed. */
export async function sendFile(file: LocalFile, sha256: string, sending: Sending): Promise<Upload> {
  const upload = (await earlier(file, sending)) ?? (await begin(file, sha256, sending));
  if (upload.state !== 'uploading') {
    sending.onBytes(file.size);
    return upload;
  }
  const etags = new Map<number, string>();
  for (let round = 1; ; round += 1) {
    const { parts: listed } = await current(upload.id, sending.api);
    const missing = keepStored(upload, listed, etags);
    if (round === 1)
      sending.onBytes(file.size - missing.reduce((sum, part) => sum + part.length, 0));
    await sendUnchanged(upload.id, file, missing, etags, sending);
    try {
      const parts = [...etags].map(([partNumber, etag]) => ({ partNumber, etag }));
      return await sending.api.post(
        `/evidence/uploads/${upload.id}/complete`,
        { parts },
        uploadAnswer,
      );
    } catch (error) {
      if (round >= ROUNDS || !sendAgain(error, etags)) throw error;
    }
  }
}

async function current(id: string, api: Api): Promise<Upload> {
  return api.get(`/evidence/uploads/${id}`, uploadAnswer);
}

/** The upload of an earlier run, where it is still good for something. */
async function earlier(file: LocalFile, { api, uploadId }: Sending): Promise<Upload | null> {
  if (uploadId === null) return null;
  try {
    const found = await current(uploadId, api);
    const ended = found.state === 'failed' || found.state === 'aborted';
    return ended || found.size !== file.size ? null : found;
  } catch (error) {
    if (error instanceof ApiProblem && (error.status === 404 || error.status === 403)) return null;
    throw error;
  }
}

async function begin(file: LocalFile, sha256: string, sending: Sending): Promise<Upload> {
  const { api, caseId, onBegun } = sending;
  const wanted = { caseId, fileName: file.name, size: file.size, sha256 };
  const begun = await api.create('/evidence/uploads', wanted, begunUpload);
  await onBegun(begun.id);
  return { ...begun, size: file.size, parts: [] };
}

/** Keeps the tags of the parts that the store has; gives those that are to be sent. */
function keepStored(
  upload: Upload,
  listed: Upload['parts'],
  etags: Map<number, string>,
): PartRange[] {
  const stored = storedParts(upload, listed, etags);
  etags.clear();
  for (const [number, etag] of stored) etags.set(number, etag);
  return Array.from({ length: upload.partCount }, (_, index) =>
    partRange(upload, index + 1),
  ).filter(({ number }) => !etags.has(number));
}

/** Sends parts; an upload of a file that changed meanwhile is given up. */
async function sendUnchanged(
  uploadId: string,
  file: LocalFile,
  parts: readonly PartRange[],
  etags: Map<number, string>,
  sending: Sending,
): Promise<void> {
  try {
    await sendParts(uploadId, file, parts, etags, sending);
    await requireUnchanged(file);
  } catch (error) {
    if (error instanceof FileChangedError)
      await sending.api.delete(`/evidence/uploads/${uploadId}`);
    throw error;
  }
}

/** Parts that a file has on their way at most: further addresses are asked for when it is their turn. */
const PARTS_OF_A_FILE = 16;

async function sendParts(
  uploadId: string,
  file: LocalFile,
  parts: readonly PartRange[],
  etags: Map<number, string>,
  { api, slots, onBytes }: Sending,
): Promise<void> {
  const failed = new AbortController();
  const signal = AbortSignal.any([api.signal, failed.signal]);
  const queue = parts.values();
  const lane = async () => {
    for (const { number, offset, length } of queue) {
      const etag = await slots(() =>
        persistently(async () => {
          await requireUnchanged(file);
          const target = await addressOf(api, uploadId, number);
          return sendPart({ path: file.path, offset, length }, target, { onBytes, signal });
        }, signal),
      );
      etags.set(number, etag);
    }
  };
  const lanes = Array.from({ length: Math.min(PARTS_OF_A_FILE, parts.length) }, async () => {
    try {
      await lane();
    } catch (error) {
      failed.abort(error);
      throw error;
    }
  });
  const [broken] = (await Promise.allSettled(lanes)).filter(({ status }) => status === 'rejected');
  if (broken !== undefined) throw failed.signal.reason;
}

async function addressOf(api: Api, uploadId: string, partNumber: number) {
  const wanted = { partNumbers: [partNumber] };
  const { urls } = await api.post(`/evidence/uploads/${uploadId}/part-urls`, wanted, partAddresses);
  const [address] = urls;
  if (address === undefined) throw new ImportError('The API gave no address for a part.');
  return address;
}

/** Forgets the parts that a refused completion names, so that they are sent again. */
function sendAgain(error: unknown, etags: Map<number, string>): boolean {
  const named = error instanceof ApiProblem ? partsRefused(error.members) : null;
  for (const number of named ?? []) etags.delete(number);
  return named !== null;
}
