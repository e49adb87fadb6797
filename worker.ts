/**
 * The worker process: runs every life with its activities, on three task queues, and the relay that
 * finds forgotten lives. Any number of them may run.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities } from './activities/index.ts';
import { createWorkers } from './activities/workers.ts';
import { endIdleContent } from './domain/evidence/content-session.ts';
import { beginReconciliation } from './domain/reconciliation/begin-reconciliation.ts';
import { observeBacklog } from './platform/backlog-metrics.ts';
import { type Config, loadConfig } from './platform/config.ts';
import { openDatabase } from './platform/database.ts';
import { startInternalServer } from './platform/internal-server.ts';
import { createLogger, type Logger } from './platform/logging.ts';
import { createMailer } from './platform/mail.ts';
import { countedMailer } from './platform/mail-metrics.ts';
import { createMalwareScanner } from './platform/malware-scanner.ts';
import { createMetrics } from './platform/metrics.ts';
import { openObjectStore } from './platform/object-store/object-store.ts';
import { measuredStore } from './platform/object-store/store-metrics.ts';
import { storeOptions } from './platform/object-store/store-options.ts';
import { createReadiness } from './platform/readiness.ts';
import { startRounds } from './platform/rounds.ts';
import { runProcess } from './platform/run-process.ts';
import { createDispatcher } from './platform/temporal/dispatcher.ts';
import { temporalEngine } from './platform/temporal/engine.ts';
import { startRelay } from './platform/temporal/relay.ts';
import { registerSearchAttributes } from './platform/temporal/search-attributes.ts';
import { startTraceExport } from './platform/trace-export.ts';

/** Milliseconds between two looks for downloads that nobody goes on with. */
const LOOK_FOR_IDLE = 60_000;

/** Milliseconds between two attempts to reach Temporal at the start. */
const RECONNECT = 2_000;

async function start(config: Config, logger: Logger): Promise<() => Promise<void>> {
  Runtime.install({
    ...(config.TEMPORAL_METRICS_ADDRESS === undefined
      ? {}
      : {
          telemetryOptions: {
            metrics: {
              prometheus: {
                bindAddress: config.TEMPORAL_METRICS_ADDRESS,
                useSecondsForDurations: true,
                unitSuffix: true,
              },
            },
          },
        }),
    // This process decides in which order things stop.
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      logger.warn({ temporal: level, meta }, message);
    }),
  });
  const traces = startTraceExport({
    process: 'worker',
    endpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
    ratio: config.OTEL_TRACES_SAMPLER_ARG,
  });
  const database = await openDatabase({
    url: config.DATABASE_URL,
    poolSize: config.DATABASE_POOL_SIZE,
  });
  const metrics = createMetrics('worker');
  observeBacklog(metrics.registry, database);
  const store = measuredStore(openObjectStore(storeOptions(config)), metrics.registry);
  const [connection, workerConnection] = await connect(config, logger);
  const prepare = async () => registerSearchAttributes(connection, config.TEMPORAL_NAMESPACE);
  await prepare();
  const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
  const taskQueuePrefix = config.TEMPORAL_TASK_QUEUE_PREFIX;
  const dispatcher = createDispatcher({ client, taskQueuePrefix, logger });
  const poke = dispatcher.poke;
  const workers = await createWorkers({
    connection: workerConnection,
    namespace: config.TEMPORAL_NAMESPACE,
    taskQueuePrefix,
    activities: createActivities({
      database,
      store,
      engine: temporalEngine({ client, taskQueuePrefix }),
      logger,
      poke,
      scanner:
        config.CLAMD_ADDRESS === undefined ? null : createMalwareScanner(config.CLAMD_ADDRESS),
      mailer: countedMailer(
        createMailer({ smtpUrl: config.SMTP_URL, from: config.MAIL_FROM }),
        metrics.registry,
      ),
      linkKeys: config.LINK_KEYS,
      publicUrl: config.CASEBRIDGE_PUBLIC_URL,
    }),
    database,
    workflows: { workflowsPath: fileURLToPath(import.meta.resolve('./workflows/index.ts')) },
  });
  // A worker starts while PostgreSQL is away, too; the next one to start begins it then.
  await beginReconciliation({ database, poke }, new Date()).catch((error: unknown) => {
    logger.warn({ err: error }, 'reconciliation could not be begun');
  });
  const running = Promise.all(workers.map((worker) => worker.run()));
  const relay = startRelay({ database, poke, logger, prepare });
  const idleContent = startRounds({
    name: 'idle downloads of files',
    interval: LOOK_FOR_IDLE,
    logger,
    round: () => endIdleContent({ database, poke }),
  });
  const readiness = createReadiness({ database, store, logger });
  const internal = await startInternalServer({
    host: config.CASEBRIDGE_HOST,
    port: config.CASEBRIDGE_WORKER_PORT,
    metrics,
    readiness,
  });
  logger.info({ internalPort: internal.port }, 'the worker runs');
  running.catch((error: unknown) => {
    logger.fatal({ err: error }, 'a worker ended by itself');
    process.exit(1);
  });

  return async () => {
    readiness.stop();
    await Promise.all([relay.stop(), idleContent.stop()]);
    for (const worker of workers) worker.shutdown();
    await running;
    await dispatcher.drain();
    await workerConnection.close();
    await connection.close();
    await database.close();
    await internal.close();
    await traces.stop();
  };
}

/** Waits for Temporal as long as it takes: nothing is lost meanwhile, since the rows keep it. */
async function connect(config: Config, logger: Logger): Promise<[Connection, NativeConnection]> {
  for (;;) {
    try {
      const address = config.TEMPORAL_ADDRESS;
      return [await Connection.connect({ address }), await NativeConnection.connect({ address })];
    } catch (error) {
      logger.warn(
        { err: error, temporal: config.TEMPORAL_ADDRESS },
        'Temporal does not answer yet',
      );
      await pause(RECONNECT);
    }
  }
}

const config = loadConfig();
const logger = createLogger({ level: config.LOG_LEVEL, process: 'worker' });
await runProcess(logger, async () => start(config, logger));
