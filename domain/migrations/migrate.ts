import { Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';
import { Foundation } from './0001-foundation.ts';
import { PartnerSharing } from './0002-partner-sharing.ts';
import { ArchiveMetadata } from './0003-archive-metadata.ts';
import { SharedSearch } from './0004-shared-search.ts';
import { PartnerAccessMigration } from './0005-partner-access.ts';
import { PartnerContent } from './0006-partner-content.ts';
import { CaseCopies } from './0007-case-copies.ts';
import { TrustedUpload } from './0008-trusted-upload.ts';
import { SharedSearchSpeed } from './0009-shared-search-speed.ts';
import { CommunityRequest } from './0010-community-request.ts';
import { Retention } from './0011-retention.ts';
import { Reconciliation } from './0012-reconciliation.ts';

/** Every migration, oldest first. One that has landed is never edited. */
const MIGRATIONS = [
  { name: '0001-foundation', class: Foundation },
  { name: '0002-partner-sharing', class: PartnerSharing },
  { name: '0003-archive-metadata', class: ArchiveMetadata },
  { name: '0004-shared-search', class: SharedSearch },
  { name: '0005-partner-access', class: PartnerAccessMigration },
  { name: '0006-partner-content', class: PartnerContent },
  { name: '0007-case-copies', class: CaseCopies },
  { name: '0008-trusted-upload', class: TrustedUpload },
  { name: '0009-shared-search-speed', class: SharedSearchSpeed },
  { name: '0010-community-request', class: CommunityRequest },
  { name: '0011-retention', class: Retention },
  { name: '0012-reconciliation', class: Reconciliation },
];

/** Tables in which the application only ever inserts and reads. */
const APPEND_ONLY = ['audit_events'];

/**
 * Brings the database to the current schema and gives the application's role exactly what it needs:
 * it owns nothing, and the audit it can only add to.
 *
 * @param ownerUrl connection string of the role that owns the schema
 * @param applicationRole name of the role that API and worker connect as
 */
export async function migrate(ownerUrl: string, applicationRole: string): Promise<void> {
  const orm = await MikroORM.init({
    clientUrl: ownerUrl,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    extensions: [Migrator],
    migrations: {
      migrationsList: MIGRATIONS,
      snapshot: false,
      allOrNothing: true,
    },
    pool: { max: 2 },
    // The caller says what it does; the migrator's own lines would stand among them.
    logger: () => undefined,
  });
  try {
    await orm.migrator.up();
    const role = `"${applicationRole.replaceAll('"', '""')}"`;
    await orm.em.execute(`
      revoke create on schema public from public;
      grant usage on schema public to ${role};
      grant select, insert, update, delete on all tables in schema public to ${role};
      revoke insert, update, delete on mikro_orm_migrations from ${role};
      ${APPEND_ONLY.map((table) => `revoke update, delete, truncate on ${table} from ${role};`).join('\n')}
    `);
  } finally {
    await orm.close();
  }
}
