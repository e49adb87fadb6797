/**
 * A model of the API and the object store, with everything that may happen on the way: requests and
 * answers that are lost, servers that are away, addresses that are refused, parts that the store lists
 * twice.
 */
import type { Upload, UploadState } from '../../api/web/contract.ts';
import type {
  Claims,
  SendPart,
  SourceFile,
  UploadApi,
  UploadMemory,
} from '../../api/web/engine/ports.ts';
import {
  AddressRefusedError,
  PassingError,
  ProblemError,
  UploadGoneError,
} from '../../api/web/errors.ts';
import { DomainError } from '../../domain/errors.ts';
import { chooseParts } from '../../domain/evidence/uploads/part-plan.ts';
import type { VirtualClock } from './virtual-clock.ts';

/** What happens to one request. */
export type Fate = 'well' | 'request-lost' | 'answer-lost' | 'busy' | 'refused';

interface StoredPart {
  readonly partNumber: number;
  readonly size: number;
  readonly etag: string;
  readonly range: string;
}

interface Held {
  readonly id: string;
  readonly size: number;
  readonly path: string;
  state: UploadState;
  readonly parts: StoredPart[];
  completed: readonly StoredPart[] | null;
  completions: number;
  looks: number;
}

export interface UploadWorld {
  readonly api: UploadApi;
  readonly sendPart: SendPart;
  /** Of one browser: it survives the page. */
  readonly memory: UploadMemory;
  /** Of one tab of that browser; what `elsewhere` names, another one has. */
  readonly claims: Claims;
  readonly elsewhere: Set<string>;
  readonly uploads: ReadonlyMap<string, Held>;
  /** Parts on their way at most at one moment. */
  readonly mostAtOnce: number;
  /** Each part that was sent although its sender had been told that the store has it. */
  readonly sentAgain: readonly string[];
  /** What the API answers to everything; null where it does its work. */
  refusal: ProblemError | null;
}

/** Bytes of a part. */
const PART = 10;

/** A file of so many bytes, which is never read. */
export function modelFile(path: string, size: number): SourceFile {
  const slice = (start: number, end: number) => ({ start, end, size: end - start });
  return {
    path,
    size,
    lastModified: 0,
    slice: (start, end) => slice(start, end) as unknown as Blob,
  };
}

/** @param fate of the next request */
export function createUploadWorld(clock: VirtualClock, fate: () => Fate): UploadWorld {
  const uploads = new Map<string, Held>();
  const byKey = new Map<string, string>();
  const remembered = new Map<string, string>();
  const told = new Set<string>();
  const elsewhere = new Set<string>();
  const sentAgain: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let etags = 0;

  /** A request that takes its time, and that may be lost on either way. */
  async function request<T>(signal: AbortSignal | null, work: () => T): Promise<T> {
    const outcome = fate();
    await passing(signal);
    if (outcome === 'request-lost') throw new PassingError('lost');
    if (outcome === 'busy') throw new PassingError('503', { after: 2_000 });
    const answer = work();
    await passing(signal);
    if (outcome === 'answer-lost') throw new PassingError('lost');
    return answer;
  }

  function passing(signal: AbortSignal | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = clock.after(1 + clock.random() * 200, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  function held(id: string): Held {
    const upload = uploads.get(id);
    if (upload === undefined) throw new ProblemError(404, { code: 'not-found' });
    return upload;
  }

  function refuse(): void {
    if (world.refusal !== null) throw world.refusal;
  }

  const planOf = ({ size }: Held) => ({
    size,
    partSize: PART,
    partCount: Math.max(1, Math.ceil(size / PART)),
  });

  function present(upload: Held): Upload {
    const { id, state, parts } = upload;
    return { id, state, parts, ...planOf(upload), failure: null };
  }

  const api: UploadApi = {
    begin: (file, key, signal) =>
      request(signal, () => {
        refuse();
        const id = byKey.get(key) ?? `upload-${uploads.size + 1}`;
        byKey.set(key, id);
        if (!uploads.has(id)) {
          const { path, size } = file.source;
          const rest = {
            state: 'uploading' as const,
            parts: [],
            completed: null,
            completions: 0,
            looks: 0,
          };
          uploads.set(id, { id, path, size, ...rest });
        }
        return present(held(id));
      }),
    read: (id, _size, signal) =>
      request(signal, () => {
        refuse();
        return present(held(id));
      }),
    sign: (id, partNumbers, signal) =>
      request(signal, () => {
        refuse();
        const url = (number: number) => ({ url: `${id} ${number}`, headers: {} });
        return new Map(partNumbers.map((number) => [number, url(number)]));
      }),
    complete: (id, _size, named, signal) =>
      request(signal, () => {
        refuse();
        const upload = held(id);
        if (upload.state === 'aborted') throw new ProblemError(409, { code: 'wrong-state' });
        if (upload.state !== 'uploading') return present(upload);
        const tags = [...named].map(([partNumber, etag]) => ({ partNumber, etag }));
        try {
          upload.completed = chooseParts(planOf(upload), upload.parts, tags).map((chosen) => {
            const part = upload.parts.find(({ etag }) => etag === chosen.etag);
            if (part === undefined) throw new Error('the store has no such part');
            return part;
          });
        } catch (error) {
          if (!(error instanceof DomainError)) throw error;
          throw new ProblemError(409, { code: error.code, ...error.members });
        }
        upload.completions += 1;
        upload.state = 'verifying';
        return present(upload);
      }),
    verifying: (signal) =>
      request(signal, () => {
        refuse();
        const open = [...uploads.values()].filter(({ state }) => state === 'verifying');
        // A check ends while somebody asks.
        for (const upload of open) if (++upload.looks > 2) upload.state = 'verified';
        return new Set(open.filter(({ looks }) => looks <= 2).map(({ id }) => id));
      }),
    async abort(id) {
      held(id).state = 'aborted';
    },
  };

  const sendPart: SendPart = async (bytes, { url }, { signal }) => {
    const [id = '', number = ''] = url.split(' ');
    if (told.has(url)) sentAgain.push(url);
    atOnce += 1;
    mostAtOnce = Math.max(mostAtOnce, atOnce);
    try {
      const { start, end, size } = bytes as unknown as { start: number; end: number; size: number };
      const outcome = fate();
      await passing(signal);
      if (outcome === 'refused') throw new AddressRefusedError();
      if (outcome === 'request-lost' || outcome === 'busy') throw new PassingError('lost');
      if (held(id).state !== 'uploading') throw new UploadGoneError();
      const etag = `etag-${++etags}`;
      held(id).parts.push({ partNumber: Number(number), size, etag, range: `${start}-${end}` });
      await passing(signal);
      if (outcome === 'answer-lost') throw new PassingError('lost');
      told.add(url);
      return etag;
    } finally {
      atOnce -= 1;
    }
  };

  const memory: UploadMemory = {
    recall: async ({ path }) => remembered.get(path) ?? null,
    keyFor: async (_file, key) => key,
    remember: async ({ path }, id) => void remembered.set(path, id),
    forget: async ({ path }) => void remembered.delete(path),
  };
  const world: UploadWorld = {
    api,
    sendPart,
    memory,
    claims: { take: async ({ path }) => (elsewhere.has(path) ? null : () => undefined) },
    elsewhere,
    uploads,
    sentAgain,
    refusal: null,
    get mostAtOnce() {
      return mostAtOnce;
    },
  };
  return world;
}
