/** Every place at which what is filled in of an incident comes in and goes out. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import type { PortalKind } from '../../domain/portals/portal.entity.ts';
import type { TestAnswer } from './api.ts';
import { callAs } from './api-clients.ts';
import { unique } from './factories.ts';
import { buildInviteGuest, buildPortal, setIndividual } from './portals.ts';
import {
  CATEGORY,
  INCIDENT,
  messagesAbout,
  type SettingsWorld,
  takeTurn,
} from './settings-world.ts';

export type IncidentKey = 'id' | 'categories' | 'description';

/** What becomes of a portal's fields: taken, or those that were refused. */
export type Offered = 'taken' | readonly IncidentKey[];

/** A way in: which fields it knows, and what becomes of these of them; the others are left out or emptied. */
export interface IncidentWayIn {
  readonly name: string;
  readonly kind: PortalKind;
  readonly knows: readonly IncidentKey[];
  offer(world: SettingsWorld, fields: readonly IncidentKey[]): Promise<Offered>;
}

const POINTERS: Readonly<Record<string, IncidentKey>> = {
  '/reportId': 'id',
  '/id': 'id',
  '/categoryIds': 'categories',
  '/categories': 'categories',
  '/description': 'description',
};

function offered({ status, body }: TestAnswer): Offered {
  if (status === 200 || status === 201) return 'taken';
  if (status !== 422) throw new Error(JSON.stringify(body));
  return body.errors.map(({ pointer }: { pointer: string }) => POINTERS[pointer] ?? pointer);
}

/** The fields as staff name them. */
function asStaff({ categoryId }: SettingsWorld, fields: readonly IncidentKey[]) {
  return {
    ...(fields.includes('id') ? { reportId: unique('R') } : {}),
    ...(fields.includes('description') ? { description: 'Words' } : {}),
    ...(fields.includes('categories') ? { categoryIds: [categoryId] } : {}),
  };
}

/** The fields as external systems name them. */
function asClient(fields: readonly IncidentKey[]) {
  return {
    ...(fields.includes('id') ? { id: unique('R') } : {}),
    ...(fields.includes('description') ? { description: 'Words' } : {}),
    ...(fields.includes('categories') ? { categories: [CATEGORY] } : {}),
  };
}

const CHANGEABLE = ['categories', 'description'] as const;

/** Every way in. A change of a public portal is one of a portal that has no such settings. */
export const INCIDENT_WAYS_IN: readonly IncidentWayIn[] = [
  {
    name: 'POST /portals, individual',
    kind: 'individual',
    knows: ['id', 'categories', 'description'],
    offer: async (world, fields) =>
      offered(
        await world.api.post('/portals', world.administrator, {
          kind: 'individual',
          ...asStaff(world, fields),
        }),
      ),
  },
  {
    name: 'POST /portals, public',
    kind: 'public',
    knows: ['id', 'categories', 'description'],
    offer: async (world, fields) =>
      offered(
        await world.api.post('/portals', world.administrator, {
          ...{ kind: 'public', slug: unique('s') },
          ...asStaff(world, fields),
        }),
      ),
  },
  {
    name: 'PATCH /portals/{portalId}, individual',
    kind: 'individual',
    knows: CHANGEABLE,
    async offer(world, fields) {
      const { api, administrator } = world;
      await changeRules(world, {});
      const portal = await buildPortal(api, { owner: administrator });
      await changeRules(world, latest);
      const emptied = { description: null, categoryIds: [] };
      const body = { ...emptied, ...asStaff(world, fields) };
      return offered(await api.patch(`/portals/${portal.id}`, administrator, body));
    },
  },
  {
    name: 'POST /incident-report',
    kind: 'incident_report',
    knows: ['id', 'categories', 'description'],
    offer: async ({ api, token }, fields) =>
      offered(await callAs(api, token, 'post', '', asClient(fields))),
  },
  {
    name: 'PATCH /incident-report/{portalId}',
    kind: 'incident_report',
    knows: CHANGEABLE,
    async offer(world, fields) {
      const { api, token } = world;
      await changeRules(world, {});
      const made = await callAs(api, token, 'post', '', {});
      await changeRules(world, latest);
      const body = { description: null, categories: [], ...asClient(fields) };
      return offered(await callAs(api, token, 'patch', `/${made.body.portalId}`, body));
    },
  },
];

type Rules = Readonly<Partial<Record<IncidentKey, string>>>;
let latest: Rules = {};

/** Sets what holds for the fields of an incident. */
export async function setIncident(world: SettingsWorld, rules: Rules): Promise<void> {
  latest = rules;
  await changeRules(world, rules);
}

async function changeRules({ api, administrator }: SettingsWorld, incidentInfo: Rules) {
  await setIndividual(api, administrator, { incidentInfo });
}

/** A way out: which fields it shows where they are not hidden, and all that it says. */
export interface IncidentWayOut {
  readonly name: string;
  readonly shows: readonly IncidentKey[];
  say(world: SettingsWorld, kind: PortalKind): Promise<string>;
}

const read =
  (path: (world: SettingsWorld, kind: PortalKind) => string): IncidentWayOut['say'] =>
  async (world, kind) =>
    JSON.stringify((await world.api.get(path(world, kind), world.administrator)).body);

const EVERY: readonly IncidentKey[] = ['id', 'categories', 'description'];
const portalId = ({ kinds }: SettingsWorld, kind: PortalKind) => kinds[kind].portalId;

/** Every way out that all kinds of portals have. */
export const INCIDENT_WAYS_OUT: readonly IncidentWayOut[] = [
  {
    name: 'GET /portals/{portalId}',
    shows: EVERY,
    say: read((world, kind) => `/portals/${portalId(world, kind)}`),
  },
  { name: 'GET /portals', shows: EVERY, say: read((_, kind) => `/portals?kind=${kind}`) },
  {
    name: 'GET /portals?query=',
    shows: EVERY,
    // What is hidden is not found by either.
    say: read((_, kind) => `/portals?kind=${kind}&query=${INCIDENT.id}`),
  },
  {
    name: 'PATCH /portals/{portalId}',
    shows: EVERY,
    async say(world, kind) {
      const path = `/portals/${portalId(world, kind)}`;
      const title = unique('title');
      return JSON.stringify((await world.api.patch(path, world.administrator, { title })).body);
    },
  },
  {
    name: 'POST /portals/{portalId}/seen',
    shows: EVERY,
    say: async (world, kind) =>
      JSON.stringify(
        (await world.api.post(`/portals/${portalId(world, kind)}/seen`, world.administrator)).body,
      ),
  },
  {
    name: 'GET /submissions',
    shows: ['id'],
    say: read((world, kind) => `/submissions?portalId=${portalId(world, kind)}`),
  },
  {
    name: 'GET /submissions/{submissionId}',
    shows: ['id'],
    say: read(({ kinds }, kind) => `/submissions/${kinds[kind].submissionId}`),
  },
  {
    name: 'GET /submissions/export.csv',
    shows: ['id'],
    say: read((world, kind) => `/submissions/export.csv?portalId=${portalId(world, kind)}`),
  },
  {
    name: 'GET /guest/v1/invites/{inviteId}',
    shows: ['id', 'description'],
    async say({ api, kinds }, kind) {
      const guest = await buildInviteGuest(api, kinds[kind].open);
      return JSON.stringify((await guest.get()).body);
    },
  },
  {
    name: 'GET /invites/{inviteId}',
    shows: ['id', 'description'],
    async say({ api, kinds }, kind) {
      const { open } = kinds[kind];
      const { cookie } = await buildInviteGuest(api, open);
      const page = await fetch(`${api.origin}/invites/${open.id}`, { headers: { Cookie: cookie } });
      return page.text();
    },
  },
  {
    name: 'the invitation',
    shows: ['id', 'description'],
    async say({ api, administrator, kinds }, kind) {
      const { id } = kinds[kind].open;
      const life = workflowIdOf('portal-invite', id);
      const before = (await messagesAbout(api, life)).length;
      await api.post(`/invites/${id}/resend`, administrator);
      await takeTurn(api, life, new Date());
      const [newest = '', ...older] = await messagesAbout(api, life);
      if (older.length !== before) throw new Error('no invitation was written');
      return newest;
    },
  },
  {
    name: 'the mail about a submission',
    shows: ['id', 'categories'],
    say: async ({ api, kinds }, kind) => retold(api, kinds[kind].portalId, 'submission-received'),
  },
];

/** Lets a portal's owner be told once more, of what it was told of before; gives that mail. */
export async function retold(
  api: SettingsWorld['api'],
  portal: string,
  kind: 'submission-received' | 'portal-created',
): Promise<string> {
  const em = api.database.em.fork();
  await em.execute('delete from notifications where subject_id = ?', [portal]);
  await em.execute('update submissions set told_in = null where portal_id = ?', [portal]);
  await em.execute(
    'update portal_progress set submission_told_at = null, creation_told_at = null where portal_id = ?',
    [portal],
  );
  const life = workflowIdOf('portal', portal);
  await takeTurn(api, life, new Date());
  const mail = (await messagesAbout(api, life)).find((one) => one.includes(`"${kind}"`));
  if (mail === undefined) throw new Error(`no ${kind} was written`);
  return mail;
}
