import { act } from '../domain/act.ts';
import type { Actor } from '../domain/audit/event.ts';
import { createAdministrator } from '../domain/identity/administrators.ts';
import { FEATURES, Organization } from '../domain/identity/organization.entity.ts';
import { createOrganization, type NewOrganization } from '../domain/identity/organizations.ts';
import { Role, User } from '../domain/identity/user.entity.ts';
import { addUser } from '../domain/identity/users.ts';
import { LINK_STATE } from '../domain/sharing/link-state.ts';
import { rederiveToken } from '../domain/sharing/link-token.ts';
import { Share } from '../domain/sharing/share.entity.ts';
import { parseConfig } from '../platform/config.ts';
import { type Database, openDatabase } from '../platform/database.ts';
import { DEMO_ADMINISTRATOR } from './demo/administrator.ts';
import { type DemoApi, demoApi } from './demo/api.ts';
import { DEMO_FILES } from './demo/files.ts';
import type { DemoContext, DemoData } from './stack/demo-data.ts';

const OPERATOR: Actor = { kind: 'operator', id: null };

/** Two organizations that are partners; names say what they are, nobody in particular. */
const ORGANIZATIONS: readonly (NewOrganization & { readonly administrator: string })[] = [
  {
    slug: 'northfield-police',
    name: 'Northfield Police Department',
    kind: 'police',
    timeZone: 'America/Chicago',
    region: 'us',
    features: FEATURES,
    administrator: DEMO_ADMINISTRATOR,
  },
  {
    slug: 'county-prosecutor',
    name: 'County Prosecutor',
    kind: 'justice',
    timeZone: 'America/New_York',
    region: 'us',
    features: FEATURES,
    administrator: 'administrator@prosecutor.example',
  },
];

const INVESTIGATOR = 'investigator@northfield.example';

/** The demo's case, found again by its number. */
const CASE = {
  caseNumber: '2026-0142',
  title: 'Break-in at the harbour warehouse',
  description: 'A case to try things with. Everything in it was made up by this program.',
  tags: ['demo'],
  policeNumber: 'NPD-26-1187',
  courtNumber: 'CR-2026-88',
};

/**
 * Loads what there is to try, once: organizations through the operator's commands, everything else
 * through the public API, as any client would. On a later start it finds what is there.
 */
export async function loadDemo({ apiOrigin, environment, log }: DemoContext): Promise<DemoData> {
  const config = parseConfig(environment);
  const database = await openDatabase({ url: config.DATABASE_URL, poolSize: 4 });
  try {
    await makeOrganizations(database);
    const [first, second] = ORGANIZATIONS;
    if (first === undefined || second === undefined)
      throw new Error('the demo has no organizations');
    const administrator = await demoApi(apiOrigin, first.administrator);
    await makePartners(administrator, await demoApi(apiOrigin, second.administrator), second.slug);
    const caseId = await makeCase(administrator, log);
    const download = await liveLink(database, administrator, caseId, config);
    return { ...(await readIdentities(database)), links: { download } };
  } finally {
    await database.close();
  }
}

async function makeOrganizations(database: Database): Promise<void> {
  for (const { administrator, ...fields } of ORGANIZATIONS) {
    if ((await database.em.fork().count(Organization, { slug: fields.slug })) > 0) continue;
    await act({ database, poke: () => undefined }, { actor: OPERATOR }, async (acting) => {
      const organization = await createOrganization(acting, fields);
      await acting.em.flush();
      await createAdministrator(acting, fields.slug, {
        email: administrator,
        name: `${fields.name}, administrator`,
        language: 'en',
      });
      if (fields.slug !== ORGANIZATIONS[0]?.slug) return;
      const role = await acting.em.findOneOrFail(Role, {
        organizationId: organization.id,
        name: 'investigator',
      });
      await addUser(acting, organization.id, {
        email: INVESTIGATOR,
        name: `${fields.name}, investigator`,
        language: 'en',
        roles: [role.id],
      });
    });
  }
}

async function makePartners(ours: DemoApi, theirs: DemoApi, slug: string): Promise<void> {
  const { data } = await ours.get('/partners');
  if (data.length > 0) return;
  const both = { maySendTo: true, mayReceiveFrom: true };
  const { id } = await ours.post('/partners', { organizationSlug: slug, ...both });
  await theirs.post(`/partners/${id}/accept`, both);
}

async function makeCase(api: DemoApi, log: (line: string) => void): Promise<string> {
  const { data } = await api.get(`/cases?query=${CASE.caseNumber}`);
  const [found] = data;
  if (found !== undefined) return found.id;
  const { id } = await api.post('/cases', CASE);
  for (const file of DEMO_FILES) {
    log(`  uploads ${file.name}`);
    await api.upload(id, file);
  }
  await api.post('/cases', { caseNumber: '2026-0143', title: 'An empty case' });
  return id;
}

/** A link that opens: the newest that still does, with its token derived again, or a new one. */
async function liveLink(
  database: Database,
  api: DemoApi,
  caseId: string,
  config: ReturnType<typeof parseConfig>,
): Promise<string> {
  const em = database.em.fork();
  const rows = await em.execute<{ id: Share['id'] }[]>(
    `select id from shares where case_id = ? and ${LINK_STATE} = 'active' order by id desc limit 1`,
    [caseId],
  );
  const [newest] = rows;
  if (newest !== undefined) {
    const share = await em.findOneOrFail(Share, { id: newest.id });
    const token = rederiveToken(config.LINK_KEYS, {
      id: share.id,
      generation: share.linkGeneration,
      tokenHash: Buffer.from(share.linkTokenHash),
    });
    if (token !== null) return `${config.CASEBRIDGE_PUBLIC_URL}/s/${token}`;
  }
  const made = await api.post(`/cases/${caseId}/shares`, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
    notifyOnFirstDownload: true,
  });
  return made.link ?? '';
}

async function readIdentities(database: Database): Promise<Omit<DemoData, 'links'>> {
  const em = database.em.fork();
  const slugs = ORGANIZATIONS.map(({ slug }) => slug);
  const organizations = await em.find(
    Organization,
    { slug: { $in: slugs } },
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
