/** Intakes without a worker: their rows, their turns, and stores that do otherwise. */
import { act } from '../../domain/act.ts';
import { evidenceIntakeLife } from '../../domain/evidence/intake/intake-life.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';
import type { TestApi } from './api.ts';

/** The row that a query finds. */
export async function rowOf<T>(api: TestApi, sql: string, ...values: unknown[]): Promise<T> {
  const [found] = await api.database.em.fork().execute<T[]>(sql, values);
  if (found === undefined) throw new Error('there is no such row');
  return found;
}

/** An upload as the store knows it. */
export async function storedUpload(api: TestApi, uploadId: string) {
  return rowOf<{ object_key: string; store_upload_id: string; parts: never }>(
    api,
    'select object_key, store_upload_id, parts from uploads where id = ?',
    uploadId,
  );
}

/** The life of an intake does what is due, and says what is next. */
export function liveIntake(api: TestApi, entityId: string, now: Date) {
  const actor = { kind: 'lifecycle' as const, id: workflowIdOf('evidence-intake', entityId) };
  return act(api, { actor }, (acts) => evidenceIntakeLife.live(acts, entityId, now));
}

/** The store, with some operations that do otherwise. */
export function storeWith(api: TestApi, changed: Partial<ObjectStore>) {
  return { database: api.database, poke: api.poke, store: { ...api.store, ...changed } };
}
