import { randomUUID } from 'node:crypto';
import { Connection, Client as TemporalClient } from '@temporalio/client';
import { Client } from 'minio';
import pg from 'pg';
import { createDatabase, type TestDatabase, testServers } from './servers.ts';

describe('the servers of a test run', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createDatabase();
  });
  afterAll(() => database.drop());

  test('a new database has every migration and no row of another test', async () => {
    const app = new pg.Client(database.appUrl);
    await app.connect();
    const { rows } = await app.query('select count(*)::int as cases from cases');
    await app.end();
    expect(rows).toEqual([{ cases: 0 }]);
  });

  test('the application role can make no table, and stamps UTC', async () => {
    const app = new pg.Client(database.appUrl);
    await app.connect();
    await expect(app.query('create table intruder (id int)')).rejects.toThrow('permission denied');
    const { rows } = await app.query('show timezone');
    await app.end();
    expect(rows).toEqual([{ TimeZone: 'UTC' }]);
  });

  test('databases are made at the same time from one template', async () => {
    const made = await Promise.all([createDatabase(), createDatabase(), createDatabase()]);
    expect(new Set(made.map(({ appUrl }) => appUrl)).size).toBe(3);
    await Promise.all(made.map((one) => one.drop()));
  });

  test('the object store gives back what it was given', async () => {
    const { endpoint, bucket, ...keys } = testServers().objectStore;
    const { hostname, port } = new URL(endpoint);
    const client = new Client({ endPoint: hostname, port: Number(port), useSSL: false, ...keys });
    await client.putObject(bucket, 'servers-test', Buffer.from('evidence'));
    expect((await client.statObject(bucket, 'servers-test')).size).toBe(8);
    await client.removeObject(bucket, 'servers-test');
  });

  test('Temporal skips time', async () => {
    const { address, namespace } = testServers().temporal;
    const connection = await Connection.connect({ address });
    const client = new TemporalClient({ connection, namespace });
    const workflowId = `servers-test-${randomUUID()}`;
    const handle = await client.workflow.start('nobody', { workflowId, taskQueue: 'nobody' });
    const answer = await client.workflowService.updateWorkflowExecutionOptions({
      namespace,
      workflowExecution: { workflowId },
      workflowExecutionOptions: { timeSkippingConfig: { enabled: true } },
      updateMask: { paths: ['time_skipping_config'] },
    });
    await handle.terminate();
    await connection.close();
    expect(answer.workflowExecutionOptions?.timeSkippingConfig?.enabled).toBe(true);
  });
});
