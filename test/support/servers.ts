import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { APP_ROLE, makeDatabase, OWNER_ROLE } from '../../dev/servers/database-roles.ts';
import { postgresUrl, query } from '../../dev/servers/postgres.ts';

/** The environment variable that names the servers of a test run. */
export const SERVERS_VARIABLE = 'CASEBRIDGE_TEST_SERVERS';

/** A database that migrations were run on; tests copy it and never connect to it. */
export const TEMPLATE_DATABASE = 'casebridge_template';

const schema = z.object({
  postgres: z.object({
    port: z.number(),
    superuserPassword: z.string(),
    ownerPassword: z.string(),
    appPassword: z.string(),
  }),
  temporal: z.object({ address: z.string(), namespace: z.string() }),
  objectStore: z.object({
    endpoint: z.string(),
    region: z.string(),
    bucket: z.string(),
    accessKey: z.string(),
    secretKey: z.string(),
  }),
  /** File with the workflow bundle, made once for the run; absent where there are no workflows. */
  workflowBundle: z.string().optional(),
});

/** The servers that all test files of a run share. */
export type TestServers = z.output<typeof schema>;

/** Reads the servers of this run. */
export function testServers(): TestServers {
  const published = process.env[SERVERS_VARIABLE];
  if (published === undefined) {
    throw new Error(`${SERVERS_VARIABLE} is not set: run the tests with npm test`);
  }
  return schema.parse(JSON.parse(published));
}

/** A migrated, empty database of its own. */
export interface TestDatabase {
  /** As the role that API and worker use. */
  readonly appUrl: string;
  /** As the role that owns the schema. */
  readonly ownerUrl: string;
  /** Ends its sessions and deletes it. */
  readonly drop: () => Promise<void>;
}

/** Makes a migrated, empty database for one test file. */
export async function createDatabase(): Promise<TestDatabase> {
  const { postgres } = testServers();
  const { port } = postgres;
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const administration = superuserUrl(postgres, 'postgres');
  await makeDatabase(administration, name, TEMPLATE_DATABASE);
  const urlFor = (user: string, password: string) =>
    postgresUrl({ user, password, port, database: name });
  return {
    appUrl: urlFor(APP_ROLE, postgres.appPassword),
    ownerUrl: urlFor(OWNER_ROLE, postgres.ownerPassword),
    drop: () => query(administration, `DROP DATABASE "${name}" WITH (FORCE)`),
  };
}

/** Connection string of the superuser, for what only it can do: making and breaking databases. */
export function superuserUrl(postgres: TestServers['postgres'], database: string): string {
  const { port, superuserPassword } = postgres;
  return postgresUrl({ user: 'postgres', password: superuserPassword, port, database });
}
