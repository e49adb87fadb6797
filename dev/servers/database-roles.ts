import pg from 'pg';
import { query } from './postgres.ts';

/** Owns the database and its objects; migrations run as it, nothing else does. */
export const OWNER_ROLE = 'casebridge_owner';

/** What the API and the worker connect as: it owns nothing, and has the rights that migrations grant. */
export const APP_ROLE = 'casebridge_app';

/** Makes the two roles, or gives them these passwords. */
export async function ensureRoles(
  superuserUrl: string,
  passwords: { readonly owner: string; readonly app: string },
): Promise<void> {
  for (const [role, password] of [
    [OWNER_ROLE, passwords.owner],
    [APP_ROLE, passwords.app],
  ] as const) {
    const secret = pg.escapeLiteral(password);
    await query(
      superuserUrl,
      `DO $$ BEGIN CREATE ROLE ${role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$`,
      `ALTER ROLE ${role} WITH LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD ${secret}`,
    );
  }
}

/**
 * Makes a database that the owner role owns and to which, beside it, only the application's role can connect.
 * @param template database to copy; an empty one if not given. Rights on a database are not copied with it.
 */
export async function makeDatabase(
  superuserUrl: string,
  name: string,
  template = 'template1',
): Promise<void> {
  const database = pg.escapeIdentifier(name);
  await query(
    superuserUrl,
    `CREATE DATABASE ${database} OWNER ${OWNER_ROLE} TEMPLATE ${pg.escapeIdentifier(template)}`,
    `REVOKE ALL ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${APP_ROLE}`,
  );
}
