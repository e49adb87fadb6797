import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { OPERATOR } from '../domain/act.ts';
import { reconcileNow } from '../domain/reconciliation/reconcile.ts';
import { type Report, reportOf } from '../domain/reconciliation/report.ts';
import { createLogger } from '../platform/logging.ts';
import { openObjectStore } from '../platform/object-store/object-store.ts';
import { storeOptions } from '../platform/object-store/store-options.ts';
import { createDispatcher } from '../platform/temporal/dispatcher.ts';
import { temporalEngine } from '../platform/temporal/engine.ts';
import { command } from './command.ts';

export const reconcile = command(
  {
    name: 'reconcile',
    summary: 'Compare rows, Temporal and the store; the exit status is 1 where anything was found',
    flags: {
      repair: { description: 'repair what is safe to, as the daily run does' },
      json: { description: 'print the report as JSON' },
    },
    input: z.object({ repair: z.boolean().default(false), json: z.boolean().default(false) }),
  },
  async ({ repair, json }, { config, database: openDatabase, print }) => {
    const database = await openDatabase();
    const connection = await Connection.connect({ address: config.TEMPORAL_ADDRESS });
    const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
    const taskQueuePrefix = config.TEMPORAL_TASK_QUEUE_PREFIX;
    const logger = createLogger({ level: 'silent', process: 'admin' });
    const { poke, drain } = createDispatcher({ client, taskQueuePrefix, logger });
    try {
      const run = await reconcileNow(
        {
          database,
          poke,
          store: openObjectStore(storeOptions(config)),
          engine: temporalEngine({ client, taskQueuePrefix }),
        },
        { now: new Date(), repair, actor: OPERATOR.actor },
      );
      const report = await reportOf(database.em.fork(), run);
      if (json) print(JSON.stringify(report, null, 2));
      else for (const line of linesOf(report)) print(line);
      return report.findings.length === 0 ? 0 : 1;
    } finally {
      await drain();
      await connection.close();
    }
  },
);

function linesOf({ checked, findings }: Report): string[] {
  return [
    Object.entries(checked)
      .map(([name, count]) => `${name} ${count}`)
      .join('  '),
    ...findings.map(
      ({ kind, subject, detail, repaired }) =>
        `    ${kind}  ${subject}  (${detail})${repaired ? '  repaired' : ''}`,
    ),
    findings.length === 0 ? 'Nothing was found.' : `${findings.length} findings`,
  ];
}
