/**
 * An organization with a portal of each kind, an invite and a submission at each, all of it filled in: what
 * the tests of the settings look at from every side.
 */
import type { User } from '../../domain/identity/user.entity.ts';
import type { InviteId, PortalId } from '../../domain/ids.ts';
import { parseWorkflowId, type WorkflowId } from '../../domain/lifecycle/life.ts';
import { LIVES } from '../../domain/lifecycle/lives.ts';
import { turn } from '../../domain/lifecycle/turn.ts';
import { PORTAL_KINDS, type PortalKind } from '../../domain/portals/portal.entity.ts';
import type { TestApi } from './api.ts';
import { accessTokenOf, buildApiClient, callAs, type TestApiClient } from './api-clients.ts';
import { buildCategory, buildOrganization, buildUser, unique } from './factories.ts';
import { buildPortal, buildSubmission, invitePath, setIndividual, setPublic } from './portals.ts';

/** What is filled in everywhere; each value occurs nowhere else. */
export const CONTACT = {
  firstName: 'Xochitl',
  lastName: 'Tecolote',
  email: 'tecolote@neighbours.test',
  phone: '+15550100321',
  dateOfBirth: '1987-06-05',
} as const;
export const INCIDENT = { id: 'R-4711-17', description: 'A green heron flew by.' } as const;
export const CATEGORY = 'Ornithology';

/** What there is of one kind of portal. */
export interface KindWorld {
  readonly kind: PortalKind;
  readonly portalId: PortalId;
  /** Where something was handed in, and where nothing was yet. */
  readonly submissionId: string;
  readonly open: { readonly id: InviteId; readonly path: string };
}

export interface SettingsWorld {
  readonly api: TestApi;
  readonly administrator: User;
  readonly organization: { readonly id: string; readonly slug: string };
  readonly categoryId: string;
  readonly client: TestApiClient;
  /** An access token of the client. */
  readonly token: string;
  readonly kinds: Readonly<Record<PortalKind, KindWorld>>;
  readonly slug: string;
}

export async function buildSettingsWorld(api: TestApi): Promise<SettingsWorld> {
  const organization = await buildOrganization(api);
  const administrator = await buildUser(api, { organization });
  const category = await buildCategory(api, organization, { name: CATEGORY });
  await setIntegration(api, administrator, {
    ...{ notifyRequestOwnerOnPortal: true, notifyEvidenceOwnerOnSubmission: true },
  });
  const client = await buildApiClient(api, administrator);
  const token = await accessTokenOf(api, client);
  const slug = unique('heron');
  const filled = {
    owner: administrator,
    ...{ reportId: INCIDENT.id, description: INCIDENT.description, categoryIds: [category.id] },
  };
  const report = await callAs(api, token, 'post', '', {
    ...INCIDENT,
    categories: [CATEGORY],
  });
  if (report.status !== 201) throw new Error(JSON.stringify(report.body));
  const portals: Readonly<Record<PortalKind, PortalId>> = {
    individual: (await buildPortal(api, filled)).id,
    public: (await buildPortal(api, { ...filled, slug })).id,
    incident_report: report.body.portalId,
  };
  const kinds: Partial<Record<PortalKind, KindWorld>> = {};
  for (const kind of PORTAL_KINDS) {
    kinds[kind] = await fill(api, administrator, kind, portals[kind]);
  }
  return {
    ...{ api, administrator, organization, client, token, slug },
    categoryId: category.id,
    kinds: kinds as SettingsWorld['kinds'],
  };
}

/** A submission through one invite, and another invite that waits. */
async function fill(
  api: TestApi,
  owner: User,
  kind: PortalKind,
  portalId: PortalId,
): Promise<KindWorld> {
  const invite = async () => {
    const { status, body } = await api.post(`/portals/${portalId}/invites`, owner, {
      delivery: 'email',
      communityMember: CONTACT,
    });
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.id as InviteId;
  };
  const spent = await invite();
  const submission = await buildSubmission(api, { id: portalId, owner, path: null }, { id: spent });
  // One person's portal has one invite, until that has run out.
  await api.database.em
    .fork()
    .execute(`update invites set spent_at = null, expires_at = clock_timestamp() where id = ?`, [
      spent,
    ]);
  const id = await invite();
  await api.database.em
    .fork()
    .execute(`update invites set spent_at = clock_timestamp() where id = ?`, [spent]);
  return { kind, portalId, submissionId: submission.id, open: { id, path: invitePath(api, id) } };
}

/** Sets the integration of a user's organization, the user being both owners. */
export async function setIntegration(
  api: TestApi,
  administrator: User,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { status, body } = await api.put('/settings/incident-report-integration', administrator, {
    requestOwnerId: administrator.id,
    evidenceOwnerId: administrator.id,
    ...settings,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
}

/** Sets what holds for contact information, at a kind of portal; the others keep the defaults. */
export async function setContact(
  { api, administrator }: SettingsWorld,
  kind: PortalKind,
  contactInfo: Readonly<Record<string, unknown>>,
): Promise<void> {
  const isPublic = kind === 'public';
  await setIndividual(api, administrator, isPublic ? {} : { contactInfo });
  await setPublic(api, administrator, isPublic ? { contactInfo } : {});
}

/** Lets a life do what is due at an instant, as its worker would; mails stay where they are. */
export async function takeTurn(api: TestApi, workflowId: WorkflowId, now: Date): Promise<void> {
  await turn(api, LIVES, workflowId, now, []);
}

/** Every message that was written about something, newest first, with all that its row says. */
export async function messagesAbout(api: TestApi, workflowId: WorkflowId): Promise<string[]> {
  const { entityId } = parseWorkflowId(workflowId);
  const rows = await api.database.em
    .fork()
    .execute<object[]>(
      'select kind, recipient, subject, text, html from notifications where subject_id = ? order by id desc',
      [entityId],
    );
  return rows.map((row) => JSON.stringify(row));
}
