import { createServer } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { observeBacklog } from '../platform/backlog-metrics.ts';
import { type Config, loadConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/database.ts';
import { startInternalServer } from '../platform/internal-server.ts';
import { listen } from '../platform/listen.ts';
import { createLogger, type Logger } from '../platform/logging.ts';
import { createMetrics } from '../platform/metrics.ts';
import { openObjectStore } from '../platform/object-store/object-store.ts';
import { createRangeReader } from '../platform/object-store/range-reader.ts';
import { measuredStore } from '../platform/object-store/store-metrics.ts';
import { storeOptions } from '../platform/object-store/store-options.ts';
import { createReadiness } from '../platform/readiness.ts';
import { runProcess } from '../platform/run-process.ts';
import { createDispatcher } from '../platform/temporal/dispatcher.ts';
import { startTraceExport } from '../platform/trace-export.ts';
import { createApp } from './app.ts';
import type { ApiDeps } from './deps.ts';
import { createDevelopmentIssuer } from './development-issuer.ts';
import { createPackages } from './package/packages.ts';
import { SIGN_IN_SPAN } from './pages/sign-in/evenly.ts';
import { closeHttpServer } from './shutdown.ts';
import { createStreaming } from './streaming/streaming.ts';
import { tokenVerifier } from './tokens.ts';

/** Starts the API; gives what stops it, in the order in which nothing that is needed is gone. */
async function start(config: Config, logger: Logger): Promise<() => Promise<void>> {
  const traces = startTraceExport({
    process: 'api',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  });
  const database = await openDatabase({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
  });
  const metrics = createMetrics('api');
  observeBacklog(metrics.registry, database);
  const store = measuredStore(openObjectStore(storeOptions(config)), metrics.registry);
  // Lazy: the API starts and answers while Temporal is down.
  const temporal = Connection.lazy({ address: config.TEMPORAL_ADDRESS });
  const dispatcher = createDispatcher({
    client: new Client({ connection: temporal, namespace: config.TEMPORAL_NAMESPACE }),
    taskQueuePrefix: config.TEMPORAL_TASK_QUEUE_PREFIX,
    logger,
  });
  const reader = createRangeReader(storeOptions(config));
  const poke: ApiDeps['poke'] = (workflowId) => dispatcher.poke(workflowId);
  const streaming = createStreaming({
    database,
    reader,
    logger,
    onSent: (bytes) => metrics.countSent(bytes),
  });
  metrics.observeStreams(() => streaming.running);
  const packages = createPackages({ database, poke, streaming });
  const readiness = createReadiness({ database, store, logger });
  const developmentIssuer = config.CASEBRIDGE_DEVELOPMENT
    ? await createDevelopmentIssuer(config.OIDC_AUDIENCE)
    : null;

  const app = createApp({
    config,
    database,
    store,
    logger,
    linkKeys: config.LINK_KEYS,
    tokens: tokenVerifier(config, developmentIssuer),
    developmentIssuer,
    metrics,
    readiness,
    streaming,
    packages,
    signInSpan: SIGN_IN_SPAN,
    poke,
  });
  const handle = app.callback();
  let stopping = false;
  const server = createServer((request, response) => {
    // The next request of this client goes to a process that stays.
    if (stopping) response.shouldKeepAlive = false;
    void handle(request, response);
  });
  const host = config.CASEBRIDGE_HOST;
  const port = await listen(server, { host, port: config.CASEBRIDGE_PORT });
  const internal = await startInternalServer({
    host,
    port: config.CASEBRIDGE_INTERNAL_PORT,
    metrics,
    readiness,
  });
  logger.info({ host, port, internalPort: internal.port }, 'the API listens');

  return async () => {
    readiness.stop();
    stopping = true;
    await pause(config.SHUTDOWN_NOTICE_SECONDS * 1000);
    await closeHttpServer(server, config.SHUTDOWN_DRAIN_SECONDS * 1000);
    await Promise.all([packages.drain(), streaming.drain()]);
    reader.close();
    await dispatcher.drain();
    await temporal.close();
    await database.close();
    await internal.close();
    await traces.stop();
  };
}

const config = loadConfig();
const logger = createLogger({ level: config.LOG_LEVEL, process: 'api' });
await runProcess(logger, async () => start(config, logger));
