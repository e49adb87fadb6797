import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { startApi, type TestApi, testEnvironment } from '../test/support/api.ts';
import { staffOf, unique } from '../test/support/factories.ts';

let api: TestApi;
let environment: Record<string, string>;

beforeAll(async () => {
  api = await startApi();
  environment = testEnvironment(api.urls.appUrl, {
    PATH: process.env.PATH ?? '',
    DATABASE_OWNER_URL: api.urls.ownerUrl,
  });
});
afterAll(() => api.stop());

interface Ended {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the command as a process of its own, as `npm run admin -- …` does. */
async function admin(...args: string[]): Promise<Ended> {
  const { promise, resolve } = Promise.withResolvers<Ended>();
  execFile(
    process.execPath,
    [`${import.meta.dirname}/main.ts`, ...args],
    { env: environment, timeout: 30_000 },
    (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    },
  );
  return promise;
}

function organizationFlags(slug: string): string[] {
  return [
    ...['--slug', slug, '--name', 'Northfield Police', '--kind', 'police'],
    ...['--time-zone', 'america/chicago', '--region', 'us'],
  ];
}

test('an operator makes an organization and its first administrator, who can sign in', async () => {
  const slug = unique('org');
  const email = `${unique('chief')}@example.test`;
  const created = await admin(
    ...['organization', 'create', ...organizationFlags(slug), '--feature', 'caseShare'],
    ...['--feature', 'trustedUpload'],
  );
  expect(created).toMatchObject({ status: 0, stderr: '' });
  const added = await admin(
    ...['administrator', 'create', '--organization', slug, '--email', email, '--name', 'Chief'],
  );
  expect(added).toMatchObject({ status: 0, stderr: '' });
  const organization = await api.get('/organization', { email });
  expect(organization.body).toMatchObject({
    slug,
    timeZone: 'America/Chicago',
    features: ['caseShare', 'trustedUpload'],
  });
  expect((await api.get('/roles', { email })).body.data).toHaveLength(4);
  expect((await admin('organization', 'list')).stdout).toContain(`${slug}  Northfield Police`);
});

test('features are switched at once, and the switch is in the organization’s audit', async () => {
  const slug = unique('org');
  const email = `${unique('chief')}@example.test`;
  await admin('organization', 'create', ...organizationFlags(slug), '--feature', 'caseShare');
  await admin('administrator', 'create', '--organization', slug, '--email', email, '--name', 'C');
  const switched = await admin(
    ...['organization', 'features', slug, '--enable', 'communityRequest', '--disable', 'caseShare'],
  );
  expect(switched.stdout).toBe(`${slug} has: communityRequest\n`);
  const staff = await staffOf(api, { email });
  expect(staff.organization.features).toEqual(['communityRequest']);
  const [event] = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      `select content from audit_events where organization_id = ? order by sequence desc limit 1`,
      [staff.organization.id],
    );
  expect(JSON.parse(event?.content ?? '')).toMatchObject({
    actor: { kind: 'operator' },
    action: 'organization.changed',
    data: { enabled: ['communityRequest'], disabled: ['caseShare'] },
  });
});

test('where users sign in is set to an issuer that is configured, and is in the audit', async () => {
  const slug = unique('org');
  await admin('organization', 'create', ...organizationFlags(slug));
  const issuer = 'https://sign-in.example.test';
  const without = await admin('organization', 'issuer', slug, '--set', issuer);
  expect([without.status, without.stderr]).toEqual([
    64,
    `SIGN_IN_CLIENTS has no client at ${issuer}: nobody could sign in there.\n`,
  ]);
  const clients = { [issuer]: { clientId: 'casebridge', clientSecret: 'kept elsewhere' } };
  environment = { ...environment, SIGN_IN_CLIENTS: JSON.stringify(clients) };
  const set = await admin('organization', 'issuer', slug, '--set', issuer);
  expect(set.stdout).toBe(`Users of ${slug} sign in at ${issuer}.\n`);
  expect((await admin('organization', 'issuer', slug, '--remove')).status).toBe(0);
  const events = await api.database.em.fork().execute<{ content: string }[]>(
    `select content from audit_events where action = 'organization.changed'
         and organization_id = (select id from organizations where slug = ?) order by sequence`,
    [slug],
  );
  expect(events.map(({ content }) => JSON.parse(content).data.issuer)).toEqual([issuer, null]);
});

describe('a mistake ends with 64 and says what is wrong', () => {
  test.each([
    [['frobnicate'], 'There is no command "frobnicate"'],
    [['organization', 'create'], '--slug is missing.\n--name is missing.\n--kind is missing.'],
    [['organization', 'list', 'extra'], 'Not understood: extra'],
    [['organization', 'list', '--all'], "Unknown option '--all'"],
    [['organization', 'features', 'nowhere', '--enable', 'flight'], '--enable: One of caseShare'],
    [['organization', 'features', 'nowhere'], 'There is no such organization.'],
    [['organization', 'features'], 'SLUG is missing.'],
    [['organization', 'issuer', 'nowhere'], 'Give either --set URL or --remove.'],
    [
      ['administrator', 'create', '--organization', 'x', '--email', 'y', '--name', 'Z'],
      '--email: An e-mail address.',
    ],
    [['audit', 'verify', '--head', '1:ab'], '--head: SEQUENCE:HASH'],
    [['audit', 'verify', '--organization', 'nowhere'], 'There is no organization nowhere.'],
  ])('%j', async (args, sentence) => {
    const ended = await admin(...args);
    expect(ended.status).toBe(64);
    expect(ended.stderr).toContain(sentence);
    expect(ended.stderr).not.toContain('    at ');
  });

  test('a slug that is taken', async () => {
    const slug = unique('org');
    await admin('organization', 'create', ...organizationFlags(slug));
    const again = await admin('organization', 'create', ...organizationFlags(slug));
    expect(again.status).toBe(64);
    expect(again.stderr).toBe(`An organization with the slug ${slug} exists already.\n`);
  });
});

test('help names every command and the flags of one, without a configuration', async () => {
  environment = { ...environment, DATABASE_URL: '' };
  const overview = await admin('--help');
  const one = await admin('organization', 'create', '--help');
  const unconfigured = await admin('organization', 'list');
  environment = { ...environment, DATABASE_URL: api.urls.appUrl };
  expect(overview).toMatchObject({ status: 0, stderr: '' });
  for (const name of ['organization create', 'administrator create', 'audit verify', 'migrate']) {
    expect(overview.stdout).toContain(name);
  }
  expect(one.stdout).toContain('--time-zone ZONE');
  expect(unconfigured.status).toBe(78);
});

test('migrate runs again on a database that is current', async () => {
  expect(await admin('migrate')).toMatchObject({ status: 0, stderr: '' });
});

test('audit verify prints the head, and finds the end that was cut off since', async () => {
  const slug = unique('org');
  await admin('organization', 'create', ...organizationFlags(slug));
  const sound = await admin('audit', 'verify', '--organization', slug);
  expect(sound.status).toBe(0);
  const head = /head (\d+:[0-9a-f]{64})/.exec(sound.stdout)?.[1] ?? '';
  expect((await admin('audit', 'verify', '--organization', slug, '--head', head)).status).toBe(0);
  const later = head.replace(/^\d+/, (sequence) => String(Number(sequence) + 1));
  const cut = await admin('audit', 'verify', '--organization', slug, '--head', later);
  expect(cut.status).toBe(1);
  expect(cut.stdout).toContain('BROKEN: event 2 is missing');
});

test('what could not be looked at is not called broken: another exit status says it', async () => {
  environment = { ...environment, DATABASE_URL: 'postgresql://app@127.0.0.1:1/none' };
  const ended = await admin('audit', 'verify');
  environment = { ...environment, DATABASE_URL: api.urls.appUrl };
  expect(ended).toMatchObject({ status: 70, stdout: '' });
  expect(ended.stderr).toContain('ECONNREFUSED');
});

test('the npm script runs this command', async () => {
  const file = await readFile(`${import.meta.dirname}/../package.json`, 'utf8');
  const { scripts } = JSON.parse(file) as { scripts: Record<string, string> };
  expect(scripts.admin).toContain('admin/main.ts');
});
