/** One of everything, and whoever may ask for it, for requests of every kind. */
import { createHash } from 'node:crypto';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { TestApi } from '../api.ts';
import { accessTokenOf, buildApiClient, callAs } from '../api-clients.ts';
import { buildBorderWorld } from '../border-world.ts';
import { openLink } from '../links.ts';
import { requestPath } from '../requests.ts';
import type { Operation } from './requests.ts';

/** Where requests are sent, and with what. */
export interface FuzzWorld {
  /** The headers by which an operation knows who asks. */
  headersFor(operation: Operation): Promise<Readonly<Record<string, string>>>;
  /** Looks anew which ids there are. */
  refresh(): Promise<void>;
  /** Ids for a property or parameter of this name. */
  readonly idsFor: (name: string) => readonly string[];
}

/** The table whose ids a name stands for; others get any. */
const TABLES: Readonly<Record<string, string>> = {
  caseId: 'cases',
  evidenceId: 'evidence',
  fileId: 'evidence',
  uploadId: 'uploads',
  attachmentId: 'evidence_attachments',
  shareId: 'shares',
  trustedUserId: 'trusted_users',
  uploadRequestId: 'upload_requests',
  requestId: 'upload_requests',
  userId: 'users',
  ownerId: 'users',
  assigneeId: 'users',
  requestOwnerId: 'users',
  evidenceOwnerId: 'users',
  member: 'users',
  groupId: 'groups',
  evidenceGroupId: 'groups',
  role: 'roles',
  roleId: 'roles',
  categoryId: 'categories',
  defaultCategoryId: 'categories',
  partnerId: 'partners',
  partnerOrganizationId: 'organizations',
  sharedTo: 'organizations',
  sharedFrom: 'organizations',
  notSharedTo: 'organizations',
  portalId: 'portals',
  inviteId: 'invites',
  submissionId: 'submissions',
  apiClientId: 'api_clients',
  secretId: 'api_client_secrets',
};

/** Builds everything once, with its makers, whom no request names. */
export async function buildFuzzWorld(api: TestApi): Promise<FuzzWorld> {
  const { owner, recipient, request, invite } = await buildBorderWorld(api);
  await api.put('/settings/incident-report-integration', owner, {
    ...{ requestOwnerId: owner.id, evidenceOwnerId: owner.id },
  });
  const client = await buildApiClient(api, owner);
  const accessToken = await accessTokenOf(api, client);
  await callAs(api, accessToken, 'post', '', { communityMember: {} });
  const cookies = [
    await openLink(api, { path: requestPath(api, request.id) }),
    await openLink(api, invite),
  ].join('; ');
  const kept = new Set<string>([owner.id, recipient.id, client.id, client.secretId]);
  const ids = new Map<string, readonly string[]>();
  const bearer = async (user: User) => ({ Authorization: `Bearer ${await api.token(user)}` });
  return {
    async headersFor({ path, security }) {
      const [needed = {}] = security;
      if ('staff' in needed) {
        return bearer(path.startsWith('/api/v1/shared-with-me') ? recipient : owner);
      }
      if ('client' in needed) return { Authorization: `Bearer ${accessToken}` };
      return path.startsWith('/guest/') ? { Cookie: cookies } : {};
    },
    async refresh() {
      const em = api.database.em.fork();
      for (const table of new Set(Object.values(TABLES))) {
        const rows = await em.execute<{ id: string }[]>(
          `select id from ${table} order by id desc limit 20`,
        );
        ids.set(
          table,
          rows.map(({ id }) => id).filter((id) => !kept.has(id)),
        );
      }
      const builtIn = await em.execute<{ id: string }[]>('select id from roles where built_in');
      const untouched = new Set(builtIn.map(({ id }) => id));
      ids.set(
        'roles',
        (ids.get('roles') ?? []).filter((id) => !untouched.has(id)),
      );
    },
    idsFor(name) {
      const table = TABLES[name];
      const own = table === undefined ? [...ids.values()].flat() : (ids.get(table) ?? []);
      return own;
    },
  };
}

/** A number that is always the same for an operation: each has a course of its own. */
export function seedOf({ operationId }: Operation, seed: number): number {
  return createHash('sha256').update(`${seed} ${operationId}`).digest().readInt32BE();
}
