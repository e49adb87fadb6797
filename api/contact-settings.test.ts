/**
 * The settings of contact information, each of them at every way in, wherever something is asked for, and
 * at every way out.
 */
import { workflowIdOf } from '../domain/lifecycle/life.ts';
import { PORTAL_KINDS } from '../domain/portals/portal.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { ASKING, type ContactKey, type Member, WAYS_IN } from '../test/support/contact-places.ts';
import { buildInviteGuest } from '../test/support/portals.ts';
import {
  buildSettingsWorld,
  CONTACT,
  messagesAbout,
  type SettingsWorld,
  setContact,
  takeTurn,
} from '../test/support/settings-world.ts';

let api: TestApi;
let world: SettingsWorld;
beforeAll(async () => {
  api = await startApi();
  world = await buildSettingsWorld(api);
});
afterAll(() => api.stop());

const ALL = Object.keys(CONTACT) as readonly ContactKey[];

/** A setting, with what it should do to each field: a field that is in neither list may be given. */
interface Row {
  readonly setting: string;
  readonly contactInfo: Readonly<Record<string, unknown>>;
  readonly required: readonly ContactKey[];
  readonly hidden: readonly ContactKey[];
}

const TABLE: readonly Row[] = [
  { setting: 'the defaults', contactInfo: {}, required: [], hidden: [] },
  {
    setting: 'everything required',
    contactInfo: {
      required: ['first_name', 'last_name', 'email', 'phone'],
      dateOfBirth: 'required',
    },
    required: ALL,
    hidden: [],
  },
  ...(
    [
      ['first_name', 'firstName'],
      ['last_name', 'lastName'],
      ['email', 'email'],
      ['phone', 'phone'],
    ] as const
  ).map(([name, field]) => ({
    setting: `${name} required`,
    contactInfo: { required: [name] },
    required: [field],
    hidden: [],
  })),
  {
    setting: 'date of birth required',
    contactInfo: { dateOfBirth: 'required' },
    required: ['dateOfBirth'],
    hidden: [],
  },
  {
    setting: 'date of birth hidden, the rest required',
    contactInfo: { required: ['first_name', 'last_name', 'email', 'phone'], dateOfBirth: 'hidden' },
    required: ALL.filter((field) => field !== 'dateOfBirth'),
    hidden: ['dateOfBirth'],
  },
  {
    setting: 'nothing stored, though fields are required where it is',
    contactInfo: { store: false, required: ['first_name', 'phone'], dateOfBirth: 'required' },
    required: [],
    hidden: ALL,
  },
];

const sorted = (fields: readonly string[] | 'taken') =>
  fields === 'taken' ? fields : fields.toSorted();
const taken = (faults: readonly string[]) => (faults.length === 0 ? 'taken' : faults.toSorted());
function pick(fields: readonly ContactKey[]): Member {
  return Object.fromEntries(fields.map((field) => [field, CONTACT[field]]));
}

describe.each(TABLE)('$setting', ({ contactInfo, required, hidden }) => {
  test.each(WAYS_IN)('at $name', async ({ kind, address, offer }) => {
    await setContact(world, kind, contactInfo);
    const own = address === undefined ? [] : [address];
    const refused = hidden.filter((field) => !own.includes(field));
    const needed = [...new Set([...required, ...own])];
    expect(sorted(await offer(world, pick(ALL)))).toEqual(taken(refused));
    expect(sorted(await offer(world, {}))).toEqual(taken(needed));
    expect(sorted(await offer(world, pick(needed)))).toEqual('taken');
  });

  test.each(ASKING)('asked for by $name', async ({ kind, address, ask }) => {
    await setContact(world, kind, contactInfo);
    const asks = await ask(world);
    for (const field of ALL) {
      if (field === address) expect(asks.get(field)).toBeDefined();
      else if (hidden.includes(field)) expect([field, asks.get(field)]).toEqual([field, undefined]);
      else {
        const rule = required.includes(field) ? 'required' : 'optional';
        expect([field, asks.get(field)]).toEqual([field, rule]);
      }
    }
  });

  test.each(PORTAL_KINDS)('returned and exported, %s', async (kind) => {
    await setContact(world, kind, contactInfo);
    const { portalId, submissionId } = world.kinds[kind];
    for (const path of [
      `/portals/${portalId}/invites`,
      `/submissions?portalId=${portalId}`,
      `/submissions/${submissionId}`,
      `/submissions/export.csv?portalId=${portalId}`,
    ]) {
      const said = JSON.stringify((await api.get(path, world.administrator)).body);
      const shown = ALL.filter((field) => said.includes(CONTACT[field]));
      expect([path, shown]).toEqual([path, ALL.filter((field) => !hidden.includes(field))]);
    }
  });
});

test.each(PORTAL_KINDS)('whatever is set, nobody else is told: %s', async (kind) => {
  const { portalId, open, submissionId } = world.kinds[kind];
  await setContact(world, kind, { required: ['email'] });
  const life = workflowIdOf('portal-invite', open.id);
  await takeTurn(api, life, new Date());
  await takeTurn(api, workflowIdOf('portal', portalId), new Date());
  const guest = await buildInviteGuest(api, open);
  const page = await fetch(`${api.origin}/invites/${open.id}`, {
    headers: { Cookie: guest.cookie },
  });
  const [events] = await api.database.em
    .fork()
    .execute<{ all: string }[]>(
      `select string_agg(content, '\n') as all from audit_events where organization_id = ?`,
      [world.organization.id],
    );
  const invitation = await messagesAbout(api, life);
  const told = await messagesAbout(api, workflowIdOf('portal', portalId));
  expect([invitation.length, told.length]).toEqual([1, kind === 'incident_report' ? 2 : 1]);
  const said = JSON.stringify([
    invitation,
    told,
    (await guest.get()).body,
    await page.text(),
    (await api.get(`/portals/${portalId}`, world.administrator)).body,
    (await api.post(`/submissions/${submissionId}/accept-remaining`, world.administrator)).body,
    events?.all,
  ]);
  for (const value of Object.values(CONTACT)) expect(said).not.toContain(value);
});
