import { createActivities } from '../../activities/index.ts';
import { createWorkers } from '../../activities/workers.ts';
import { createLogger } from '../../platform/logging.ts';
import { createMailer } from '../../platform/mail.ts';
import type { MalwareScanner } from '../../platform/malware-scanner.ts';
import { createDispatcher } from '../../platform/temporal/dispatcher.ts';
import { temporalEngine } from '../../platform/temporal/engine.ts';
import { startRelay } from '../../platform/temporal/relay.ts';
import { startApi, type TestApi } from './api.ts';
import { type MailSink, startMailSink } from './mail-sink.ts';
import { testServers } from './servers.ts';
import { connectTemporal, type TestTemporal } from './temporal.ts';

/** All of Casebridge in this process: API, dispatcher, worker and a mail server. */
export interface TestLives {
  readonly api: TestApi;
  readonly temporal: TestTemporal;
  readonly mail: MailSink;
  /** Starts the worker; it runs from the beginning. */
  startWorker(): Promise<void>;
  stopWorker(): Promise<void>;
  /** Runs the relay too, looking often. */
  startRelay(): void;
  stop(): Promise<void>;
}

/**
 * Starts everything for a test file; pokes go to the real Temporal.
 * @param options.scanner looks at files before they are released; none where not given
 * @param options.variables environment variables of the API that differ from the usual ones of tests
 */
export async function startLives(
  options: {
    readonly scanner?: MalwareScanner;
    readonly variables?: Readonly<Record<string, string>>;
  } = {},
): Promise<TestLives> {
  const temporal = await connectTemporal();
  const mail = await startMailSink();
  const logger = createLogger({ level: 'silent', process: 'test' });
  const { taskQueuePrefix, client } = temporal;
  const dispatcher = createDispatcher({ client, taskQueuePrefix, logger });
  const { poke } = dispatcher;
  const api = await startApi({
    deps: { poke },
    variables: { SMTP_URL: mail.url, ...options.variables },
  });
  let stopWorker = async () => {};
  let relay: { stop(): Promise<void> } | null = null;
  const lives: TestLives = {
    api,
    temporal,
    mail,
    async startWorker() {
      const workers = await createWorkers({
        connection: temporal.connection,
        namespace: testServers().temporal.namespace,
        taskQueuePrefix,
        activities: createActivities({
          scanner: options.scanner ?? null,
          database: api.database,
          store: api.store,
          engine: temporalEngine({ client, taskQueuePrefix }),
          mailer: createMailer({ smtpUrl: mail.url, from: 'casebridge@example.test' }),
          logger,
          poke,
          linkKeys: api.linkKeys,
          publicUrl: api.publicUrl,
        }),
        database: api.database,
        workflows: { workflowBundle: temporal.workflowBundle },
      });
      const running = Promise.all(workers.map((worker) => worker.run()));
      stopWorker = async () => {
        for (const worker of workers) worker.shutdown();
        await running;
        stopWorker = async () => {};
      };
    },
    stopWorker: () => stopWorker(),
    startRelay() {
      relay = startRelay({ database: api.database, poke, logger, interval: 100 });
    },
    async stop() {
      await relay?.stop();
      await stopWorker();
      await dispatcher.drain();
      await api.stop();
      await temporal.close();
      await mail.stop();
    },
  };
  await lives.startWorker();
  return lives;
}
