import type { MemoryRecord, RecordStore } from '../memory/upload-memory.ts';

const DATABASE = 'casebridge-uploads';
const RECORDS = 'records';

/** Milliseconds after which no upload can be finished any more: 28 days, and some to spare. */
const KEPT = 35 * 24 * 3_600_000;

/**
 * Records in the browser's database, so that they survive the page. A browser that has none, or does not
 * let us, remembers until the page is left.
 */
export function browserRecords(): RecordStore {
  const fallback = new Map<string, MemoryRecord>();
  const opened = open().catch(() => null);
  opened.then((database) => database && prune(database)).catch(() => undefined);

  async function perform<T>(
    mode: IDBTransactionMode,
    work: (records: IDBObjectStore) => IDBRequest<T>,
  ): Promise<T | null> {
    const database = await opened;
    if (database === null) return null;
    const records = database.transaction(RECORDS, mode).objectStore(RECORDS);
    return answerOf(work(records)).catch(() => null);
  }

  return {
    async get(key) {
      const kept = fallback.get(key);
      if (kept !== undefined) return kept;
      const found: unknown = await perform('readonly', (records) => records.get(key));
      return (found as MemoryRecord | null | undefined) ?? null;
    },
    async put(key, record) {
      fallback.set(key, record);
      await perform('readwrite', (records) => records.put(record, key));
    },
    async delete(key) {
      fallback.delete(key);
      await perform('readwrite', (records) => records.delete(key));
    },
  };
}

async function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(DATABASE, 1);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(RECORDS);
  });
  return answerOf(request);
}

async function prune(database: IDBDatabase): Promise<void> {
  const records = database.transaction(RECORDS, 'readwrite').objectStore(RECORDS);
  const cursor = records.openCursor();
  cursor.addEventListener('success', () => {
    const found = cursor.result;
    if (found === null) return;
    if ((found.value as MemoryRecord).at < Date.now() - KEPT) found.delete();
    found.continue();
  });
}

function answerOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error ?? new Error('no answer')));
    request.addEventListener('blocked', () => reject(new Error('blocked')));
  });
}
