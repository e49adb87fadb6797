import type { InviteId } from '../../domain/ids.ts';
import { inviteToken } from '../../domain/portals/invites/invite-links.ts';
import { inviteStateSql } from '../../domain/portals/invites/invite-state.ts';
import type { SharedDemo } from './shares.ts';

/** Where anybody who saw something can hand in files. */
const PUBLIC = {
  kind: 'public',
  slug: 'harbour-warehouse',
  title: 'Break-in at the harbour warehouse',
  description:
    'Were you near the harbour on the evening of 1 March? We look for photos and videos of the street, the gate and the yard.',
} as const;

/** Somebody who said at the door that there is a film of it. */
const INDIVIDUAL = {
  kind: 'individual',
  title: 'Your doorbell camera',
  description: 'Please send what your doorbell camera recorded on 1 March between 19:00 and 21:00.',
} as const;
const WITNESS = { firstName: 'Robin', email: 'robin@neighbours.example', language: 'en' } as const;

/** The address of a public portal's page. */
export async function demoPublicPortal({ api, caseId, config }: SharedDemo, slug: string) {
  const { data } = await api.get('/portals?kind=public');
  if (!data.some((portal) => portal.slug === PUBLIC.slug))
    await api.post('/portals', { ...PUBLIC, caseId });
  return `${config.CASEBRIDGE_PUBLIC_URL}/p/${slug}/${PUBLIC.slug}`;
}

/** A private link through which nothing was handed in yet, as the community member was mailed it. */
export async function demoInvite(demo: SharedDemo): Promise<string | undefined> {
  const { api, caseId } = demo;
  const open = await openInvite(demo);
  if (open !== undefined) return open;
  const { id } = await api.post('/portals', { ...INDIVIDUAL, caseId });
  const made = await api.post(`/portals/${id}/invites`, {
    communityMember: WITNESS,
    delivery: 'email',
  });
  return made.link;
}

async function openInvite({ caseId, database, config }: SharedDemo): Promise<string | undefined> {
  const em = database.em.fork();
  const [invite] = await em.execute<{ id: InviteId; generation: number }[]>(
    `select i.id, i.link_generation as generation from invites i join portals p on p.id = i.portal_id
     where p.case_id = ? and p.kind = 'individual' and ${inviteStateSql('i.link_generation')} = 'open'
     order by i.id limit 1`,
    [caseId],
  );
  if (invite === undefined) return undefined;
  const token = await inviteToken(em, config.LINK_KEYS, invite.id, invite.generation);
  return token === null ? undefined : `${config.CASEBRIDGE_PUBLIC_URL}/i/${token}`;
}
