/** The uploader's page in a real browser, over an API process that a test may kill. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser, BrowserContext, CDPSession, Page } from 'playwright-core';
import { freePort } from '../../dev/servers/ports.ts';
import { verifyUploads } from '../../domain/evidence/intake/verify-uploads.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { startApi, type TestApi, testEnvironment } from './api.ts';
import { type BreakableProxy, startBreakableProxy } from './breakable-proxy.ts';
import { startBrowser, watchPage } from './browser.ts';
import { startProcess, type TestProcess } from './processes.ts';
import { buildRequest, requestPath, type TestRequest } from './requests.ts';
import { testServers } from './servers.ts';

/** An API in a process of its own, and one in this process that shares its database. */
export interface UploaderWorld {
  readonly api: TestApi;
  readonly origin: string;
  /** Stands before the object store. */
  readonly proxy: BreakableProxy;
  /** Kills the API, and starts it again. */
  killApi(): Promise<void>;
  startApi(): Promise<void>;
  /** Starts a worker, which verifies what is completed. */
  startWorker(): Promise<void>;
  stop(): Promise<void>;
}

const MIB = 1024 ** 2;

/** Parts are as small as the store takes them, unless a test says otherwise. */
const PART = 5 * MIB;

/**
 * @param options.partSize bytes of a part at least
 * @param options.direct lets the browser speak to the store without the proxy
 * @param options.addressSeconds for which addresses of parts are good; as usual if not given
 */
export async function startUploaderWorld(
  options: {
    readonly partSize?: number;
    readonly direct?: boolean;
    readonly addressSeconds?: number;
  } = {},
): Promise<UploaderWorld> {
  const { endpoint } = testServers().objectStore;
  const proxy = await startBreakableProxy(endpoint);
  const [port, internal, worker] = [await freePort(), await freePort(), await freePort()];
  const origin = `http://127.0.0.1:${port}`;
  const variables = {
    CASEBRIDGE_PUBLIC_URL: origin,
    CASEBRIDGE_PORT: String(port),
    CASEBRIDGE_INTERNAL_PORT: String(internal),
    CASEBRIDGE_WORKER_PORT: String(worker),
    S3_PUBLIC_ENDPOINT: options.direct ? endpoint : proxy.endpoint,
    UPLOAD_MINIMUM_PART_SIZE: String(options.partSize ?? PART),
    UPLOAD_ADDRESS_SECONDS: String(options.addressSeconds ?? ''),
    TEMPORAL_TASK_QUEUE_PREFIX: `uploader-${randomBytes(4).toString('hex')}`,
  };
  const { CASEBRIDGE_PORT: _, ...shared } = variables;
  const api = await startApi({ variables: shared });
  const environment = testEnvironment(api.urls.appUrl, variables);
  const start = () => startProcess('api/server.ts', environment, String(internal));
  let running: TestProcess | null = await start();
  let verifier: TestProcess | null = null;
  return {
    api,
    origin,
    proxy,
    async killApi() {
      await running?.kill();
      running = null;
    },
    async startApi() {
      running = await start();
    },
    async startWorker() {
      verifier = await startProcess('worker.ts', environment, String(worker));
    },
    async stop() {
      await Promise.all([running?.stop(), verifier?.stop()]);
      await api.stop();
      await proxy.close();
    },
  };
}

/** A world of the uploader with a browser, and a folder for the files that are sent. */
export interface UploaderStage {
  readonly world: UploaderWorld;
  readonly browser: Browser;
  readonly folder: string;
  stop(): Promise<void>;
}

export async function startUploaderStage(
  options: Parameters<typeof startUploaderWorld>[0] = {},
): Promise<UploaderStage> {
  const [world, browser] = await Promise.all([startUploaderWorld(options), startBrowser()]);
  const folder = mkdtempSync(join(tmpdir(), 'casebridge-uploader-'));
  return {
    ...{ world, browser, folder },
    async stop() {
      await browser.close();
      await world.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A request whose page is open in a browser. */
export interface OpenPage {
  readonly request: TestRequest;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of, and addresses that are neither ours nor the store's. */
  readonly faults: string[];
}

/** Makes a request and opens its page by its link. */
export async function openUploader(
  world: UploaderWorld,
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] & { readonly request?: TestRequest } = {},
): Promise<OpenPage> {
  const { request: given, ...contextOptions } = options;
  const request = given ?? (await buildRequest(world.api, { note: 'Cameras 3 and 4, please.' }));
  const context = await browser.newContext({ locale: 'en-GB', ...contextOptions });
  const page = await context.newPage();
  const faults = watchPage(page, [world.origin, String(world.api.config.S3_PUBLIC_ENDPOINT)]);
  await page.goto(`${world.origin}${requestPath(world.api, request.id)}`);
  await page.locator('form button').click();
  await page.waitForURL(`${world.origin}/requests/${request.id}`);
  return { request, context, page, faults };
}

/** The names of a folder's files, as uploads have them, and the SHA-256 of each. */
export type Hashes = ReadonlyMap<string, string>;

/** Writes a folder of files with random content below another one. */
export function writeFolder(
  below: string,
  name: string,
  sizes: Readonly<Record<string, number>>,
): Hashes {
  const hashes = new Map<string, string>();
  for (const [path, size] of Object.entries(sizes)) {
    const content = randomBytes(size);
    const target = join(below, name, path);
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, content);
    hashes.set(`${name}/${path}`, createHash('sha256').update(content).digest('hex'));
  }
  return hashes;
}

/** What the database has of a request's uploads. */
export async function uploadsOf(
  api: TestApi,
  request: Pick<TestRequest, 'id'>,
): Promise<{ file_name: string; state: string; sha256: string | null }[]> {
  return api.database.em
    .fork()
    .execute(
      'select file_name, state, sha256 from uploads where upload_request_id = ? order by id',
      [request.id],
    );
}

/** Each session has a limit of its own: only the one that set it can lift it. */
const sessions = new WeakMap<Page, CDPSession>();

/** Lets bytes leave the page no faster than this; -1 lifts it. */
export async function slowDown(
  { context, page }: Pick<OpenPage, 'context' | 'page'>,
  bytesPerSecond: number,
): Promise<void> {
  const session = sessions.get(page) ?? (await context.newCDPSession(page));
  sessions.set(page, session);
  await session.send('Network.emulateNetworkConditions', {
    offline: false,
    latency: 5,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

/** Drops a file or a folder of the disk on the page, as from the desktop. */
export async function drop(
  { context, page }: Pick<OpenPage, 'context' | 'page'>,
  path: string,
): Promise<void> {
  const session = await context.newCDPSession(page);
  const data = { items: [], files: [path], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await session.send('Input.dispatchDragEvent', { type, x: 200, y: 200, data });
  }
}

/** Lets the intake of a request or an invite verify what was completed, again and again until it is stopped. */
export function keepVerifying(
  api: TestApi,
  { id }: { readonly id: string },
): { stop(): Promise<void> } {
  const end = new AbortController();
  const workflowId = workflowIdOf('evidence-intake', id);
  const running = (async () => {
    while (!end.signal.aborted) {
      await verifyUploads(api, workflowId, new Date(), new AbortController().signal);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  return {
    async stop() {
      end.abort();
      await running;
    },
  };
}
