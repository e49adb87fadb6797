import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../api/app.ts';
import type { ApiDeps } from '../../api/deps.ts';
import { createDevelopmentIssuer } from '../../api/development-issuer.ts';
import { createPackages } from '../../api/package/packages.ts';
import { SIGN_IN_SPAN } from '../../api/pages/sign-in/evenly.ts';
import { closeHttpServer } from '../../api/shutdown.ts';
import { createStreaming } from '../../api/streaming/streaming.ts';
import { tokenVerifier } from '../../api/tokens.ts';
import type { Acting } from '../../domain/act.ts';
import type { WorkflowId } from '../../domain/lifecycle/life.ts';
import { type Config, parseConfig } from '../../platform/config.ts';
import { type Database, openDatabase } from '../../platform/database.ts';
import { listen } from '../../platform/listen.ts';
import { createLogger } from '../../platform/logging.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { type ObjectStore, openObjectStore } from '../../platform/object-store/object-store.ts';
import { createRangeReader } from '../../platform/object-store/range-reader.ts';
import { storeOptions } from '../../platform/object-store/store-options.ts';
import { createReadiness } from '../../platform/readiness.ts';
import { createDatabase, type TestDatabase, testServers } from './servers.ts';

/** Whoever asks: a user that a factory built, or nobody. */
export type Caller = { readonly email: string } | null;

/** An answer as a test looks at it: a JSON body is parsed, any other is text. */
export interface TestAnswer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests state what they expect of it
  // oxlint-disable-next-line typescript/no-explicit-any -- tests state what they expect of it
  readonly body: any;
}

type Send = (
  path: string,
  as: Caller,
  body?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<TestAnswer>;
type Ask = (
  path: string,
  as: Caller,
  headers?: Readonly<Record<string, string>>,
) => Promise<TestAnswer>;

/** The API on a database of its own, in this process, with the real object store. */
export interface TestApi extends Acting {
  readonly origin: string;
  readonly config: Config;
  readonly database: Database;
  readonly store: ObjectStore;
  /** The connection strings of both roles. */
  readonly urls: Pick<TestDatabase, 'appUrl' | 'ownerUrl'>;
  readonly deps: ApiDeps;
  /** What links are made of. */
  readonly linkKeys: ApiDeps['linkKeys'];
  readonly publicUrl: string;
  /** Every life that was poked, in order. */
  readonly pokes: WorkflowId[];
  token(user: { readonly email: string }): Promise<string>;
  /** Paths below `/api/v1`, or with a leading `!` below the origin. */
  readonly get: Ask;
  readonly delete: Ask;
  readonly post: Send;
  readonly put: Send;
  readonly patch: Send;
  stop(): Promise<void>;
}

/** The environment of a process that uses the servers of the test run. */
export function testEnvironment(
  databaseUrl: string,
  variables: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const { objectStore, temporal } = testServers();
  return {
    CASEBRIDGE_DEVELOPMENT: 'true',
    CASEBRIDGE_PUBLIC_URL: 'http://127.0.0.1:8080',
    DATABASE_URL: databaseUrl,
    S3_ENDPOINT: objectStore.endpoint,
    S3_REGION: objectStore.region,
    S3_BUCKET: objectStore.bucket,
    S3_ACCESS_KEY: objectStore.accessKey,
    S3_SECRET_KEY: objectStore.secretKey,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    SMTP_URL: 'smtp://127.0.0.1:1',
    MAIL_FROM: 'casebridge@example.test',
    LINK_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64url')}`,
    LOG_LEVEL: 'silent',
    // What Node makes of the sources is kept from one process to the next: they start in half the time.
    NODE_COMPILE_CACHE: join(tmpdir(), 'casebridge-compiled'),
    ...variables,
  };
}

/**
 * Starts the API for a test file; stop it at the end.
 * @param overrides.variables environment variables that differ from the usual ones of tests
 * @param overrides.deps parts to give instead of the real ones
 */
export async function startApi(
  overrides: {
    readonly variables?: Readonly<Record<string, string>>;
    readonly deps?: Partial<ApiDeps>;
  } = {},
): Promise<TestApi> {
  const testDatabase = await createDatabase();
  const config = parseConfig(testEnvironment(testDatabase.appUrl, overrides.variables));
  const database =
    overrides.deps?.database ??
    (await openDatabase({ url: config.DATABASE_URL, poolSize: config.DATABASE_POOL_SIZE }));
  const store = openObjectStore(storeOptions(config));
  const reader = createRangeReader(storeOptions(config));
  const logger =
    overrides.deps?.logger ?? createLogger({ level: config.LOG_LEVEL, process: 'test' });
  const issuer = await createDevelopmentIssuer(config.OIDC_AUDIENCE);
  const pokes: WorkflowId[] = [];
  const poke = (workflowId: WorkflowId): void => void pokes.push(workflowId);
  const streaming = overrides.deps?.streaming ?? createStreaming({ database, reader, logger });
  const deps: ApiDeps = {
    config,
    database,
    store,
    logger,
    linkKeys: config.LINK_KEYS,
    tokens: tokenVerifier(config, issuer),
    developmentIssuer: config.CASEBRIDGE_DEVELOPMENT ? issuer : null,
    metrics: createMetrics('test'),
    readiness: createReadiness({ database, store, logger }),
    streaming,
    packages: createPackages({ database, poke, streaming }),
    signInSpan: SIGN_IN_SPAN,
    poke,
    ...overrides.deps,
  };
  const handle = createApp(deps).callback();
  const server = createServer((request, response) => void handle(request, response));
  const port = await listen(server, {
    host: '127.0.0.1',
    port: overrides.variables?.CASEBRIDGE_PORT === undefined ? 0 : config.CASEBRIDGE_PORT,
  });
  const origin = `http://127.0.0.1:${port}`;

  async function request(
    method: string,
    path: string,
    as: Caller,
    headers: Readonly<Record<string, string>>,
    body?: unknown,
  ): Promise<TestAnswer> {
    const address = path.startsWith('!') ? `${origin}${path.slice(1)}` : `${origin}/api/v1${path}`;
    const response = await fetch(address, {
      method,
      redirect: 'manual',
      headers: {
        ...(as === null ? {} : { Authorization: `Bearer ${await issuer.issue(as.email)}` }),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const json = response.headers.get('Content-Type')?.includes('json') === true && text !== '';
    return {
      status: response.status,
      headers: response.headers,
      body: json ? JSON.parse(text) : text,
    };
  }
  const ask =
    (method: string): Ask =>
    (path, as, headers = {}) =>
      request(method, path, as, headers);
  const send =
    (method: string): Send =>
    (path, as, body, headers = {}) =>
      request(method, path, as, headers, body);

  return {
    origin,
    config,
    database,
    store,
    urls: testDatabase,
    deps,
    linkKeys: deps.linkKeys,
    publicUrl: config.CASEBRIDGE_PUBLIC_URL,
    pokes,
    poke: deps.poke,
    token: async (user) => issuer.issue(user.email),
    get: ask('GET'),
    delete: ask('DELETE'),
    post: send('POST'),
    put: send('PUT'),
    patch: send('PATCH'),
    async stop() {
      await closeHttpServer(server, 1_000);
      await Promise.all([deps.packages.drain(), deps.streaming.drain()]);
      reader.close();
      await deps.database.close();
      await testDatabase.drop();
    },
  };
}
