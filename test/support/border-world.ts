/** An organization with one of everything, and everybody who must not see any of it. */
import { act } from '../../domain/act.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { openUserSession } from '../../domain/identity/user-session.ts';
import { type EvidenceId, newId } from '../../domain/ids.ts';
import type { PartnerAccessChoice } from '../../domain/sharing/partner-access/create-partner-access.ts';
import { buildAccess, buildPartnerWithUsers } from './access.ts';
import type { TestApi } from './api.ts';
import { buildApiClient } from './api-clients.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildRole,
  buildUser,
} from './factories.ts';
import { buildLink, type TestLink } from './links.ts';
import { BY_HAND, buildInvite, buildPortal, buildSubmission, type TestInvite } from './portals.ts';
import { buildRequest, type TestRequest } from './requests.ts';
import { beginUpload } from './uploads.ts';

/** Stands in names, numbers, addresses and files of the organization, and nowhere else. */
export const CANARY = 'Quetzal';

/** The name of a parameter of a route. */
export type IdName =
  | 'caseId'
  | 'evidenceId'
  | 'uploadId'
  | 'attachmentId'
  | 'shareId'
  | 'trustedUserId'
  | 'uploadRequestId'
  | 'userId'
  | 'groupId'
  | 'roleId'
  | 'categoryId'
  | 'partnerId'
  | 'apiClientId'
  | 'secretId'
  | 'portalId'
  | 'inviteId'
  | 'submissionId'
  | 'fileId';
export type Ids = Readonly<Record<IdName, string>>;

/** Somebody who asks for what is another's. */
export interface Asker {
  readonly who: string;
  readonly user: User;
  /** What it names: by default what the organization has. */
  readonly names: Partial<Ids>;
  /** What it has itself, to be named beside what is another's. */
  readonly own: Partial<Ids>;
  /** What became of the share that it names: `none` where that never was for it. */
  readonly grant: 'none' | 'expired' | 'revoked';
}

export interface BorderWorld {
  readonly owner: User;
  readonly recipient: User;
  readonly ids: Ids;
  readonly askers: readonly Asker[];
  /** A recipient that may view the evidence, and no more. */
  readonly viewer: { readonly user: User; readonly shareId: string };
  readonly link: TestLink;
  readonly request: TestRequest;
  readonly invite: TestInvite;
  /** The organization's, which its partners know. */
  readonly slug: string;
  /** What none of them may be told. */
  readonly secrets: readonly string[];
}

export async function buildBorderWorld(api: TestApi): Promise<BorderWorld> {
  const organization = await buildOrganization(api);
  const email = `${CANARY}@example.test`.toLowerCase();
  const owner = await buildUser(api, { organization, name: `Olga ${CANARY}`, email });
  const inCase = await buildCase(api, {
    owner,
    ...{ caseNumber: CANARY, title: CANARY, description: CANARY, policeNumber: CANARY },
  });
  const fields = { title: CANARY, fileName: `${CANARY}.mp4`, description: CANARY };
  const evidence = await buildEvidence(api, {
    ...{ owner, inCase, fields },
    content: Buffer.from(`the ${CANARY} on camera 3`),
  });
  const rest = await buildEvidence(api, { owner, inCase, fields });
  const partner = await buildPartnerWithUsers(api, organization, 6);
  const [recipient, stranger, elsewhere, late, gone, viewer] = partner.users as Six<User>;
  const give = async (user: User, choice: Partial<PartnerAccessChoice> = {}) =>
    buildAccess(api, owner, inCase, { ...partner, users: [user] }, { message: CANARY, ...choice });
  const share = await give(recipient);
  const other = await give(elsewhere, { scope: { type: 'selected', evidenceIds: [rest.id] } });
  const [expired, revoked] = [await give(late), await give(gone)];
  const viewing = await give(viewer, { access: 'view' });
  const sql = (statement: string, ...values: unknown[]) =>
    api.database.em.fork().execute(statement, values);
  await sql('update shares set expires_at = clock_timestamp() where id = ?', expired.id);
  await sql('update shares set revoked_at = clock_timestamp() where id = ?', revoked.id);
  const request = await buildRequest(api, { sender: owner, inCase });
  const upload = await beginUpload(api, owner, {
    ...{ caseId: inCase.id, fileName: `${CANARY}.mp4` },
    content: Buffer.from(CANARY),
  });
  const outsider = await buildUser(api);
  const ownCase = await buildCase(api, { owner: outsider });
  const ownEvidence = await buildEvidence(api, { owner: outsider, inCase: ownCase });
  const ids: Ids = {
    caseId: inCase.id,
    evidenceId: evidence.id,
    uploadId: upload.id,
    attachmentId: await attach(api, evidence.id),
    shareId: share.id,
    trustedUserId: request.trustedUserId,
    uploadRequestId: request.id,
    userId: (await buildUser(api, { organization, name: CANARY })).id,
    groupId: (await buildGroup(api, organization)).id,
    roleId: (await buildRole(api, organization, {})).id,
    categoryId: (await buildCategory(api, organization, { name: CANARY })).id,
    partnerId: (await buildPartnerWithUsers(api, organization, 0)).partnership.id,
    ...(await clientIds(api, owner)),
    ...(await portalIds(api, owner)),
  };
  return {
    ...{ owner, recipient, ids, request },
    invite: await buildInvite(
      api,
      { owner, caseId: inCase.id, title: CANARY, description: CANARY, reportId: CANARY },
      BY_HAND,
    ),
    link: await buildLink(api, { owner, files: { [`${CANARY}.mp4`]: Buffer.from(CANARY) } }),
    viewer: { user: viewer, shareId: viewing.id },
    askers: [
      {
        ...{ who: 'another organization', user: outsider, grant: 'none', names: {} },
        own: { caseId: ownCase.id, evidenceId: ownEvidence.id },
      },
      { who: 'a partner without a grant', user: stranger, grant: 'none', names: {}, own: {} },
      {
        ...{ who: 'a grant on other evidence', user: elsewhere, grant: 'none', names: {} },
        own: { shareId: other.id },
      },
      {
        ...{ who: 'an expired grant', user: late, grant: 'expired', own: {} },
        names: { shareId: expired.id },
      },
      {
        ...{ who: 'a revoked grant', user: gone, grant: 'revoked', own: {} },
        names: { shareId: revoked.id },
      },
    ],
    slug: organization.slug,
    secrets: [CANARY, CANARY.toLowerCase(), String(evidence.sha256), rest.id],
  };
}

/** A portal, an invite that waits, and what was handed in through another. */
async function portalIds(
  api: TestApi,
  owner: User,
): Promise<Pick<Ids, 'portalId' | 'inviteId' | 'submissionId' | 'fileId'>> {
  const portal = await buildPortal(api, {
    ...{ owner, kind: 'public' as const },
    ...{ title: CANARY, description: CANARY, reportId: CANARY },
  });
  const communityMember = { firstName: CANARY, email: `${CANARY}@neighbours.test` };
  const spent = await buildInvite(api, portal, { communityMember });
  const { id: submissionId, files } = await buildSubmission(api, portal, spent);
  const { id: inviteId } = await buildInvite(api, portal, { communityMember });
  return { portalId: portal.id, inviteId, submissionId, fileId: files[0] ?? '' };
}

async function clientIds(
  api: TestApi,
  owner: User,
): Promise<Pick<Ids, 'apiClientId' | 'secretId'>> {
  const client = await buildApiClient(api, owner, { name: CANARY });
  return { apiClientId: client.id, secretId: client.secretId };
}

type Six<T> = readonly [T, T, T, T, T, T];

/** An attachment as a copy would have brought it. */
async function attach(api: TestApi, evidenceId: EvidenceId): Promise<string> {
  const id = newId();
  const content = Buffer.from(`%PDF ${CANARY}`);
  const objectKey = `test/attachment/${id}`;
  await api.store.put(objectKey, content, 'application/pdf');
  const { etag, versionId } = await api.store.stat(objectKey);
  await api.database.em.fork().execute(
    `insert into evidence_attachments (id, evidence_id, kind, file_name, content_type, size, sha256,
       object_key, object_version, object_etag, created_at)
     values (?, ?, 'audit_trail', ?, 'application/pdf', ?, repeat('0', 64), ?, ?, ?, clock_timestamp())`,
    [id, evidenceId, `${CANARY}.pdf`, content.length, objectKey, versionId, etag],
  );
  return id;
}

/** The cookie of a browser in which a user is signed in. */
export async function signedInCookie(api: TestApi, user: User): Promise<string> {
  const actor = { kind: 'user', id: user.id, organizationId: user.organizationId } as const;
  const { secret } = await act(api, { actor }, async (acting) =>
    openUserSession(acting, { userId: user.id, organizationId: user.organizationId }, 'code'),
  );
  return `cb-user=${secret}`;
}

/** Everything that an answer says: its headers and its body. */
export function saidBy(answer: { readonly headers: Headers; readonly body: unknown }): string {
  return JSON.stringify([[...answer.headers], answer.body]);
}
