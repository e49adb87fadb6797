import { z } from 'zod';
import { migrate } from '../domain/migrations/migrate.ts';
import { command, UsageError } from './command.ts';

export const migrateCommand = command(
  {
    name: 'migrate',
    summary: 'Bring the database to the current schema, as DATABASE_OWNER_URL',
    flags: {},
    input: z.object({}),
  },
  async (_, { config, print }) => {
    if (config.DATABASE_OWNER_URL === undefined) {
      throw new UsageError(
        'DATABASE_OWNER_URL is missing: migrations run as the owner of the schema.',
      );
    }
    const role = decodeURIComponent(new URL(config.DATABASE_URL).username);
    if (role === '') throw new UsageError('DATABASE_URL names no user to give rights to.');
    await migrate(config.DATABASE_OWNER_URL, role);
    print(`The schema is current; ${role} has the rights that it needs.`);
    return 0;
  },
);
