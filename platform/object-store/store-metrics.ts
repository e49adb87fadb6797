import { Counter, Histogram, type Registry } from 'prom-client';
import type { ObjectStore } from './object-store.ts';
import type { OpenedObject } from './opened-object.ts';
import { ObjectNotFoundError, UploadRefusedError } from './store-errors.ts';

/** Seconds; copying and putting parts together may take minutes. */
const DURATIONS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60, 600];

/** What is one request to the store each; a listing is as many as it has pages. */
const OPERATIONS: ReadonlySet<PropertyKey> = new Set<keyof ObjectStore>([
  'beginUpload',
  'listParts',
  'completeUpload',
  'abortUpload',
  'stat',
  'put',
  'read',
  'open',
  'copy',
  'copyPart',
  'remove',
]);

/**
 * A store that measures what is asked of it: how long each operation takes until it is answered and how
 * it ends, and the bytes that are asked for. An object that is not there, or an upload that is over, is
 * an answer.
 */
export function measuredStore(store: ObjectStore, registry: Registry): ObjectStore {
  const requests = new Histogram({
    name: 'casebridge_object_store_request_duration_seconds',
    help: 'Requests to the object store, by operation and outcome',
    labelNames: ['operation', 'outcome'] as const,
    buckets: DURATIONS,
    registers: [registry],
  });
  const bytes = new Counter({
    name: 'casebridge_object_store_read_bytes_total',
    help: 'Bytes asked for of the object store',
    registers: [registry],
  });

  async function measured(operation: string, ask: () => unknown): Promise<unknown> {
    const end = requests.startTimer({ operation });
    try {
      const answer = await ask();
      end({ outcome: 'done' });
      return answer;
    } catch (error) {
      const answered = error instanceof ObjectNotFoundError || error instanceof UploadRefusedError;
      end({ outcome: answered ? 'done' : 'failed' });
      throw error;
    }
  }

  return new Proxy(store, {
    get(target, property, receiver) {
      const member: unknown = Reflect.get(target, property, receiver);
      if (!OPERATIONS.has(property) || typeof member !== 'function') return member;
      return async (...given: unknown[]) => {
        if (property === 'read') bytes.inc((given[1] as { length: number }).length);
        const answer = await measured(String(property), () => Reflect.apply(member, target, given));
        if (property === 'open') bytes.inc((answer as OpenedObject).object.size);
        return answer;
      };
    },
  });
}
