/** Every place at which contact information comes in, is asked for, and goes out. */
import { type EvidenceId, newId } from '../../domain/ids.ts';
import type { PortalKind } from '../../domain/portals/portal.entity.ts';
import { callAs } from './api-clients.ts';
import { buildEvidence } from './factories.ts';
import { buildInviteGuest, buildPortal, type TestInvite } from './portals.ts';
import { CONTACT, type SettingsWorld } from './settings-world.ts';

export type ContactKey = keyof typeof CONTACT;
export type Member = Readonly<Partial<Record<ContactKey, string>>>;

/** What became of a member that was described somewhere: taken, or the fields that were refused. */
export type Offered = 'taken' | readonly string[];

/** A way in for contact information. */
export interface WayIn {
  readonly name: string;
  readonly kind: PortalKind;
  /** The field that the link is sent to, which is required whatever is set. */
  readonly address?: ContactKey;
  offer(world: SettingsWorld, member: Member): Promise<Offered>;
}

function offered(answer: {
  readonly status: number;
  readonly body: { readonly errors?: readonly { readonly pointer: string }[] };
}): Offered {
  if (answer.status === 201) return 'taken';
  const { errors } = answer.body;
  if (answer.status !== 422 || errors === undefined) throw new Error(JSON.stringify(answer));
  return errors.map(({ pointer }) => pointer.replace('/communityMember/', ''));
}

async function newPortal({ api, administrator }: SettingsWorld, kind: PortalKind) {
  return buildPortal(api, {
    owner: administrator,
    kind: kind === 'public' ? 'public' : 'individual',
  });
}

/** Staff invite: to a portal of its own, for one person's takes one invite. */
function staffInvites(kind: 'individual' | 'public', delivery: 'none' | 'email'): WayIn {
  return {
    name: `POST /portals/{portalId}/invites, ${kind}, by ${delivery}`,
    kind,
    ...(delivery === 'email' ? { address: 'email' } : {}),
    async offer(world, communityMember) {
      const portal = await newPortal(world, kind);
      const path = `/portals/${portal.id}/invites`;
      const body = { delivery, communityMember };
      return offered(await world.api.post(path, world.administrator, body));
    },
  };
}

/** The community member hands in, through a link that nothing is known of. */
function handsIn(kind: PortalKind): WayIn {
  return {
    name: `POST /guest/v1/invites/{inviteId}/submission, ${kind}`,
    kind,
    async offer(world, communityMember) {
      const invite = await blankInvite(world, kind);
      await addVerifiedFile(world, invite);
      const guest = await buildInviteGuest(world.api, invite);
      return offered(await guest.post('/submission', { communityMember }));
    },
  };
}

/** An invite of which nothing is known. */
export async function blankInvite(
  world: SettingsWorld,
  kind: PortalKind,
): Promise<Pick<TestInvite, 'id' | 'path'>> {
  const { api, administrator } = world;
  const portalId =
    kind === 'incident_report' ? world.kinds[kind].portalId : (await newPortal(world, kind)).id;
  const { status, body } = await api.post(`/portals/${portalId}/invites`, administrator, {
    delivery: 'none',
  });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return { id: body.id, path: new URL(body.link).pathname };
}

/** A file of an invite as it is after its verification. */
export async function addVerifiedFile(
  { api, administrator }: SettingsWorld,
  invite: Pick<TestInvite, 'id'>,
): Promise<EvidenceId> {
  const { id, sha256, size, fileName } = await buildEvidence(api, {
    owner: administrator,
    fields: { state: 'verifying' },
  });
  const { workflow_id: workflowId } = await anyLife(api);
  await api.database.em.fork().execute(
    `insert into uploads (id, organization_id, workflow_id, invite_id, file_name, content_type, size,
       part_size, part_count, object_key, store_upload_id, state, evidence_id, sha256, begun_at,
       last_active_at, completed_at, settled_at)
     values (?, ?, ?, ?, ?, 'video/mp4', ?, ?, 1, ?, 'done', 'verified', ?, ?, now(), now(), now(), now())`,
    [
      newId(),
      administrator.organizationId,
      workflowId,
      invite.id,
      fileName,
      size,
      size,
      `test/${id}`,
      id,
      sha256,
    ],
  );
  return id;
}

async function anyLife({ database }: SettingsWorld['api']) {
  const [life] = await database.em
    .fork()
    .execute<{ workflow_id: string }[]>('select workflow_id from lifecycles limit 1');
  if (life === undefined) throw new Error('no life was ever woken');
  return life;
}

/** Every way in. */
export const WAYS_IN: readonly WayIn[] = [
  staffInvites('individual', 'none'),
  staffInvites('individual', 'email'),
  staffInvites('public', 'none'),
  {
    name: 'POST /incident-report',
    kind: 'incident_report',
    offer: async ({ api, token }, communityMember) =>
      offered(await callAs(api, token, 'post', '', { communityMember })),
  },
  {
    name: 'POST /incident-report/{portalId}/invite-link',
    kind: 'incident_report',
    async offer({ api, token, kinds }, communityMember) {
      const path = `/${kinds.incident_report.portalId}/invite-link`;
      return offered(await callAs(api, token, 'post', path, { communityMember }));
    },
  },
  handsIn('individual'),
  handsIn('public'),
  handsIn('incident_report'),
  {
    name: 'POST /p/{organization}/{slug}',
    kind: 'public',
    address: 'email',
    async offer({ api, organization, slug }, member) {
      const response = await fetch(`${api.origin}/p/${organization.slug}/${slug}`, {
        method: 'POST',
        redirect: 'manual',
        body: new URLSearchParams({ delivery: 'email', ...member }),
      });
      const page = await response.text();
      if (response.status === 303) return 'taken';
      const invalid = [...page.matchAll(/<input id="(\w+)"[^>]*aria-invalid="true"/g)];
      if (response.status !== 422) throw new Error(`${response.status}: ${page}`);
      // A field that is not asked for has no input that could be marked.
      const asked = new Set([...page.matchAll(/<input id="(\w+)"/g)].map(([, id]) => id));
      const unasked = Object.keys(member).filter((key) => !asked.has(key));
      return [...invalid.map(([, id]) => id ?? ''), ...unasked];
    },
  },
];

/** What a form or a document asks for, and whether it must be given. */
export type Asks = ReadonlyMap<string, 'required' | 'optional'>;

function inputsOf(page: string): Asks {
  return new Map(
    [...page.matchAll(/<input id="(\w+)" name="\w+"([^>]*)>/g)]
      .filter(([, id]) => id !== undefined && id in CONTACT)
      .map(([, id = '', rest = '']) => [id, /\srequired/.test(rest) ? 'required' : 'optional']),
  );
}

/** A place that asks a community member for contact information. */
export interface Asking {
  readonly name: string;
  readonly kind: PortalKind;
  readonly address?: ContactKey;
  ask(world: SettingsWorld): Promise<Asks>;
}

function guestFacts(kind: PortalKind): Asking {
  return {
    name: `GET /guest/v1/invites/{inviteId}, ${kind}`,
    kind,
    async ask(world) {
      const guest = await buildInviteGuest(world.api, await blankInvite(world, kind));
      const { contact } = (await guest.get()).body as {
        contact: { field: string; required: boolean }[];
      };
      return new Map(
        contact.map(({ field, required }) => [field, required ? 'required' : 'optional']),
      );
    },
  };
}

function invitePage(kind: PortalKind): Asking {
  return {
    name: `GET /invites/{inviteId}, ${kind}`,
    kind,
    async ask(world) {
      const invite = await blankInvite(world, kind);
      const { cookie } = await buildInviteGuest(world.api, invite);
      const page = await fetch(`${world.api.origin}/invites/${invite.id}`, {
        headers: { Cookie: cookie },
      });
      return inputsOf(await page.text());
    },
  };
}

/** Every place that asks. */
export const ASKING: readonly Asking[] = [
  guestFacts('individual'),
  guestFacts('public'),
  guestFacts('incident_report'),
  invitePage('individual'),
  invitePage('public'),
  invitePage('incident_report'),
  {
    name: 'GET /p/{organization}/{slug}',
    kind: 'public',
    address: 'email',
    async ask({ api, organization, slug }) {
      const page = await fetch(`${api.origin}/p/${organization.slug}/${slug}`);
      return inputsOf(await page.text());
    },
  },
];
