import { act, OPERATOR, unpoked } from '../../domain/act.ts';
import { createAdministrator } from '../../domain/identity/administrators.ts';
import { FEATURES, Organization } from '../../domain/identity/organization.entity.ts';
import { createOrganization, type NewOrganization } from '../../domain/identity/organizations.ts';
import { Role, User } from '../../domain/identity/user.entity.ts';
import { addUser } from '../../domain/identity/users.ts';
import type { Database } from '../../platform/database.ts';
import type { DemoData } from '../stack/demo-data.ts';
import { DEMO_ADMINISTRATOR } from './administrator.ts';

/** An organization of the demo; names say what they are, nobody in particular. */
interface DemoOrganization extends NewOrganization {
  readonly administrator: string;
  readonly investigator: string;
}

/** The organization that shares, and whose administrator is the first user. */
export const POLICE: DemoOrganization = {
  slug: 'northfield-police',
  name: 'Northfield Police Department',
  kind: 'police',
  timeZone: 'America/Chicago',
  region: 'us',
  features: FEATURES,
  administrator: DEMO_ADMINISTRATOR,
  investigator: 'investigator@northfield.example',
};

/** A justice organization: it is given copies. */
export const PROSECUTOR: DemoOrganization = {
  slug: 'county-prosecutor',
  name: 'County Prosecutor',
  kind: 'justice',
  timeZone: 'America/New_York',
  region: 'us',
  features: FEATURES,
  administrator: 'administrator@prosecutor.example',
  investigator: 'investigator@prosecutor.example',
};

/** Another police department: it is given access by reference. */
export const NEIGHBOUR: DemoOrganization = {
  slug: 'southfield-police',
  name: 'Southfield Police Department',
  kind: 'police',
  timeZone: 'America/Denver',
  region: 'us',
  features: FEATURES,
  administrator: 'administrator@southfield.example',
  investigator: 'investigator@southfield.example',
};

const ORGANIZATIONS = [POLICE, PROSECUTOR, NEIGHBOUR];

/** Makes the organizations that are not there yet, each with an administrator and an investigator. */
export async function makeOrganizations(database: Database): Promise<void> {
  for (const { administrator, investigator, ...fields } of ORGANIZATIONS) {
    if ((await database.em.fork().count(Organization, { slug: fields.slug })) > 0) continue;
    await act(unpoked(database), OPERATOR, async (acting) => {
      const organization = await createOrganization(acting, fields);
      await acting.em.flush();
      await createAdministrator(acting, fields.slug, {
        email: administrator,
        name: `${fields.name}, administrator`,
        language: 'en',
      });
      const role = await acting.em.findOneOrFail(Role, {
        organizationId: organization.id,
        name: 'investigator',
      });
      await addUser(acting, organization.id, {
        email: investigator,
        name: `${fields.name}, investigator`,
        language: 'en',
        roles: [role.id],
      });
    });
  }
}

/** The organizations and their users, the sharing one and its administrator first. */
export async function readIdentities(database: Database): Promise<Omit<DemoData, 'links'>> {
  const em = database.em.fork();
  const organizations = await em.find(
    Organization,
    { slug: { $in: ORGANIZATIONS.map(({ slug }) => slug) } },
    { orderBy: { id: 'asc' } },
  );
  const users = await em.find(
    User,
    { organizationId: { $in: organizations.map(({ id }) => id) } },
    { orderBy: { id: 'asc' } },
  );
  const roles = await em.execute<{ user_id: string; name: string }[]>(
    'select ur.user_id, r.name from user_roles ur join roles r on r.id = ur.role_id',
  );
  return {
    organizations: organizations.map(({ id, slug, name }) => ({ id, slug, name })),
    users: users.map(({ id, email, organizationId }) => ({
      email,
      organizationId,
      roles: roles.filter((role) => role.user_id === id).map((role) => role.name),
    })),
  };
}
