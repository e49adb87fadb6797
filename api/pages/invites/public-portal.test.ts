/** The page of a public portal: what it asks by the settings, and the links that it gives out. */
import type { ContactSettings } from '../../../domain/portals/invite-settings.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { unique } from '../../../test/support/factories.ts';
import { buildPortal, setPublic, type TestPortal } from '../../../test/support/portals.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

interface Public extends TestPortal {
  readonly path: string;
}

async function publicPortal(
  contactInfo: Partial<ContactSettings> = {},
  options: { readonly sms?: boolean } = {},
): Promise<Public> {
  const made = await buildPortal(api, { kind: 'public', title: 'Fire at the old mill' });
  await setPublic(api, made.owner, { contactInfo });
  const smsWebhook = options.sms ? 'https://sms.example.test/send' : null;
  await api.patch('/organization', made.owner, { smsWebhook });
  return { ...made, path: String(made.path) };
}

async function show(path: string) {
  const response = await fetch(`${api.origin}${path}`, { redirect: 'manual' });
  return { status: response.status, text: await response.text() };
}

async function leave(path: string, fields: Readonly<Record<string, string>>, headers = {}) {
  const response = await fetch(`${api.origin}${path}`, {
    method: 'POST',
    redirect: 'manual',
    headers,
    body: new URLSearchParams(fields),
  });
  const location = response.headers.get('Location');
  return { status: response.status, location, text: await response.text() };
}

interface StoredInvite {
  readonly delivery: string;
  readonly language: string;
  readonly created_by: string | null;
  readonly first_name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly sealed: boolean;
}

async function invitesOf({ id }: TestPortal): Promise<StoredInvite[]> {
  return api.database.em.fork().execute(
    `select i.delivery, i.language, i.created_by, m.first_name, m.email, m.phone,
       exists (select from invite_addresses a where a.invite_id = i.id) as sealed
     from invites i left join community_members m on m.invite_id = i.id
     where i.portal_id = ? order by i.id`,
    [id],
  );
}

const asked = (text: string) =>
  [...text.matchAll(/<input id="(\w+)"[^>]*?( required)?(?: aria-invalid="true")?>/g)].map(
    ([, field, required]) => `${field}${required === undefined ? '' : '*'}`,
  );

test.each([
  [
    'everything, and nothing required but the address',
    {},
    false,
    ['firstName', 'lastName', 'email*', 'phone', 'dateOfBirth'],
  ],
  [
    'what is required',
    { required: ['last_name', 'phone'], dateOfBirth: 'required' },
    false,
    ['firstName', 'lastName*', 'email*', 'phone*', 'dateOfBirth*'],
  ],
  [
    'no hidden date of birth',
    { dateOfBirth: 'hidden' },
    false,
    ['firstName', 'lastName', 'email*', 'phone'],
  ],
  ['the address alone, where nothing is stored', { store: false }, false, ['email*']],
  ['one of two addresses', { store: false }, true, ['email*', 'phone*']],
] as const)('it asks for %s', async (_what, settings, sms, fields) => {
  const portal = await publicPortal(settings, { sms });
  const { status, text } = await show(portal.path);
  expect([status, asked(text)]).toEqual([200, fields]);
  expect(text.includes('name="delivery" id="by-sms"')).toBe(sms);
  expect(text).toContain('up to 25 files, 2 GB for each file and 10 GB in all');
});

test('who leaves an address is sent a link, and the page says the same whatever it was', async () => {
  const portal = await publicPortal();
  const email = `${unique('ada')}@example.test`;
  const left = await leave(
    portal.path,
    { firstName: 'Ada', email, delivery: 'email' },
    { 'Accept-Language': 'fr' },
  );
  expect([left.status, left.location]).toEqual([303, `${portal.path}?sent=email`]);
  expect(await invitesOf(portal)).toEqual([
    {
      ...{ delivery: 'email', language: 'fr', created_by: null, first_name: 'Ada', email },
      ...{ phone: null, sealed: false },
    },
  ]);
  const told = await show(`${portal.path}?sent=email`);
  expect(told.text).toContain('Check your messages');
  expect(told.text).not.toContain(email);
});

test('where nothing is stored, the address is sealed and nothing else is kept', async () => {
  const portal = await publicPortal({ store: false }, { sms: true });
  const left = await leave(portal.path, {
    delivery: 'sms',
    phone: '+1 (555) 010-0200',
    email: 'left over from the other way',
  });
  expect(left.location).toBe(`${portal.path}?sent=sms`);
  expect(await invitesOf(portal)).toMatchObject([{ delivery: 'sms', email: null, sealed: true }]);
});

test.each([
  ['no address', {}, {}],
  ['half an address', {}, { email: 'ada@' }],
  ['a phone without its country', {}, { email: 'ada@example.test', phone: '0100200' }],
  ['a day to come', {}, { email: 'ada@example.test', dateOfBirth: '2999-01-01' }],
  ['no name where that is required', { required: ['first_name'] }, { email: 'ada@example.test' }],
  [
    'what is hidden',
    { dateOfBirth: 'hidden' },
    { email: 'ada@example.test', dateOfBirth: '1990-01-31' },
  ],
  [
    'a name where none is stored',
    { store: false },
    { email: 'ada@example.test', firstName: 'Ada' },
  ],
] as const)('%s is refused, and what was entered stays', async (_what, settings, fields) => {
  const portal = await publicPortal(settings);
  const left = await leave(portal.path, { lastName: '', ...fields, delivery: 'email' });
  expect(left.status).toBe(422);
  expect(left.text).toContain('Please check what you entered');
  expect(left.text).not.toContain('1990-01-31');
  const { email } = fields as { readonly email?: string };
  if (email !== undefined) expect(left.text).toContain(`value="${email}"`);
  expect(await invitesOf(portal)).toEqual([]);
});

test('text messages are refused where none can be sent', async () => {
  const portal = await publicPortal();
  const left = await leave(portal.path, { delivery: 'sms', phone: '+15550100200' });
  expect(left.status).toBe(422);
});

test('one address is sent three links an hour, and is told the same then', async () => {
  const portal = await publicPortal();
  const email = `${unique('ada')}@example.test`;
  const answers = [];
  for (let times = 0; times < 5; times += 1) {
    answers.push(await leave(portal.path, { email: times % 2 ? email : email.toUpperCase() }));
  }
  expect(new Set(answers.map(({ status, location }) => `${status} ${location}`)).size).toBe(1);
  expect(await invitesOf(portal)).toHaveLength(3);
});

test('another site asks for no link', async () => {
  const portal = await publicPortal();
  const headers = { 'Sec-Fetch-Site': 'cross-site' };
  expect((await leave(portal.path, { email: 'ada@example.test' }, headers)).status).toBe(403);
  expect(await invitesOf(portal)).toEqual([]);
});

test('a portal that is closed or has expired says so; one that nobody knows is not there', async () => {
  const [closed, expired] = [await publicPortal(), await publicPortal()];
  await alter(api, 'portals', closed.id, 'closed_at = clock_timestamp()');
  await alter(api, 'portals', expired.id, JUST_EXPIRED);
  for (const portal of [closed, expired]) {
    const seen = await show(portal.path);
    expect([seen.status, seen.text.includes('old mill')]).toEqual([410, false]);
    expect((await leave(portal.path, { email: 'ada@example.test' })).status).toBe(410);
    expect(await invitesOf(portal)).toEqual([]);
  }
  const elsewhere = await publicPortal();
  const slug = elsewhere.path.split('/').at(-1) ?? '';
  for (const path of [
    `${closed.path.split('/').slice(0, 3).join('/')}/${slug}`,
    '/p/nobody/nothing',
  ]) {
    expect((await show(path)).status).toBe(404);
  }
});

test('a portal of another kind has no page', async () => {
  const { id, owner } = await buildPortal(api);
  const { slug } = (await api.get('/organization', owner)).body;
  expect((await show(`/p/${slug}/${id}`)).status).toBe(404);
});
