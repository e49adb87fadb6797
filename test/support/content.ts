/** Original files as tests of their download ask for them, from a store that a test may slow or break. */
import { randomBytes } from 'node:crypto';
import { createStreaming } from '../../api/streaming/streaming.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { createRangeReader, type RangeReader } from '../../platform/object-store/range-reader.ts';
import { storeOptions } from '../../platform/object-store/store-options.ts';
import { startApi, type TestApi } from './api.ts';
import { eventually } from './eventually.ts';
import { buildEvidence, buildOrganization, buildUser } from './factories.ts';

interface TestEvent {
  readonly organizationId: string;
  readonly actor: { readonly id: string; readonly organizationId?: string };
  readonly reason: string | null;
  readonly outcome: string;
  readonly objects: readonly string[];
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ContentApi extends TestApi {
  readonly organization: Organization;
  /** An administrator of it, who asks where a test does not say who. */
  readonly owner: User;
  /** Stands for the reader's `read` where a test sets it. */
  read: RangeReader['read'] | null;
  /** Asks for the original file of evidence. */
  ask(
    id: string,
    headers?: Readonly<Record<string, string>>,
    options?: { readonly method?: string; readonly as?: User; readonly signal?: AbortSignal },
  ): Promise<Response>;
  /** A file of 200,000 bytes, of which half come at once and the others when a test gives them. */
  slowFile(): Promise<{
    readonly slow: Evidence;
    readonly content: Buffer;
    readonly more: PromiseWithResolvers<Buffer>;
  }>;
  /** The events of this action about a piece of evidence, oldest first. */
  events(action: string, id: string): Promise<readonly TestEvent[]>;
  /** How the last download of a piece of evidence ended. */
  lastEnd(id: string): Promise<TestEvent>;
  sql<T>(statement: string, ...values: unknown[]): Promise<T[]>;
  /** Half an hour goes by for whoever has a download of this evidence under way. */
  passHalfAnHour(id: string): Promise<void>;
}

/** Starts the API for a test file; stop it at the end. */
export async function startContentApi(): Promise<ContentApi> {
  const api = await startApi();
  const reader = createRangeReader(storeOptions(api.config));
  // One that can be told to fail; everything else is the real store.
  const reading: RangeReader = {
    connections: 0,
    close: () => undefined,
    read: (range) => (content.read ?? reader.read)(range),
  };
  const { database, logger } = api.deps;
  Object.assign(api.deps, { streaming: createStreaming({ database, logger, reader: reading }) });
  const organization = await buildOrganization(api);
  const owner = await buildUser(api, { organization });
  const content: ContentApi = {
    ...api,
    organization,
    owner,
    read: null,
    async ask(id, headers = {}, { method = 'GET', as = owner, signal } = {}) {
      return fetch(`${api.origin}/api/v1/evidence/${id}/content`, {
        method,
        headers: { Authorization: `Bearer ${await api.token(as)}`, ...headers },
        ...(signal && { signal }),
      });
    },
    async slowFile() {
      const bytes = randomBytes(200_000);
      const slow = await buildEvidence(api, { owner, content: bytes });
      const more = Promise.withResolvers<Buffer>();
      const cancelled = Promise.withResolvers<never>();
      cancelled.promise.catch(() => undefined);
      const pieces = [Promise.resolve(bytes.subarray(0, 100_000)), more.promise];
      content.read = () => ({
        async next() {
          const piece = pieces.shift();
          if (piece === undefined) return null;
          return {
            bytes: await Promise.race([piece, cancelled.promise]),
            release: () => undefined,
          };
        },
        cancel: () => cancelled.reject(new Error('the read was cancelled')),
      });
      return { slow, content: bytes, more };
    },
    async events(action, id) {
      const rows = await content.sql<{ content: string }>(
        `select content from audit_events where action = ? and ?::uuid = any(objects)
         order by sequence`,
        action,
        id,
      );
      return rows.map((row) => JSON.parse(row.content));
    },
    async lastEnd(id) {
      return eventually('the end of the download', async () =>
        (await content.events('evidence.download_ended', id)).at(-1),
      );
    },
    sql: async (statement, ...values) => api.database.em.fork().execute(statement, values),
    async passHalfAnHour(id) {
      await content.sql(
        `update content_sessions set last_active_at = last_active_at - interval '31 minutes'
         where evidence_id = ? and ended_at is null`,
        id,
      );
    },
    async stop() {
      await api.stop();
      reader.close();
    },
  };
  return content;
}

/** All bytes of an answer; rejects where the connection broke. */
export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}
