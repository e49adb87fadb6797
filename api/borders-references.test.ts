/** What is one's own takes nothing of another's into it: bodies and queries that name it. */
import { newId } from '../domain/ids.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import {
  type Asker,
  type BorderWorld,
  buildBorderWorld,
  type Ids,
  saidBy,
} from '../test/support/border-world.ts';
import { unique } from '../test/support/factories.ts';

let api: TestApi;
let world: BorderWorld;
let outsider: Asker;
let own: { readonly caseId: string; readonly evidenceId: string };
beforeAll(async () => {
  api = await startApi();
  world = await buildBorderWorld(api);
  const found = world.askers.find(({ who }) => who === 'another organization');
  if (found === undefined) throw new Error('nobody is of another organization');
  outsider = found;
  const { caseId = '', evidenceId = '' } = found.own;
  own = { caseId, evidenceId };
});
afterAll(() => api.stop());

type Sent = readonly ['post' | 'patch' | 'put', () => string, (ids: Ids) => object];
const inCase = () => `/cases/${own.caseId}`;
const ofEvidence = () => `/evidence/${own.evidenceId}`;
const selected = (ids: Ids) => ({ type: 'selected', evidenceIds: [ids.evidenceId] });

test.each<readonly [string, ...Sent]>([
  ['a new owner of a case', 'patch', inCase, ({ userId }) => ({ ownerId: userId })],
  [
    'a user as a member of a case',
    'patch',
    inCase,
    ({ userId }) => ({ members: [{ type: 'user', id: userId }] }),
  ],
  [
    'a group as a member of a case',
    'patch',
    inCase,
    ({ groupId }) => ({ members: [{ type: 'group', id: groupId }] }),
  ],
  ['a new owner of evidence', 'patch', ofEvidence, ({ userId }) => ({ ownerId: userId })],
  ['an assignee', 'patch', ofEvidence, ({ userId }) => ({ assigneeId: userId })],
  ['an evidence group', 'patch', ofEvidence, ({ groupId }) => ({ evidenceGroupId: groupId })],
  ['a category', 'patch', ofEvidence, ({ categoryId }) => ({ categoryIds: [categoryId] })],
  [
    'a user on an access list',
    'patch',
    ofEvidence,
    ({ userId }) => ({ accessList: [{ type: 'user', id: userId }] }),
  ],
  [
    'evidence in a link',
    'post',
    () => `${inCase()}/shares`,
    (ids) => ({ method: 'download_link', format: 'zip', scope: selected(ids) }),
  ],
  [
    'a trusted user',
    'post',
    () => `${inCase()}/upload-requests`,
    ({ trustedUserId }) => ({ trustedUserId, fields: [] }),
  ],
  [
    'a user in a group',
    'post',
    () => '/groups',
    ({ userId }) => ({ name: unique('g'), members: [userId] }),
  ],
  ...(
    [
      ['the case of a portal', ({ caseId }) => ({ caseId })],
      ['the owner of a portal', ({ userId }) => ({ ownerId: userId })],
      ['the evidence owner of a portal', ({ userId }) => ({ evidenceOwnerId: userId })],
      ['a category of a portal', ({ categoryId }) => ({ categoryIds: [categoryId] })],
    ] satisfies [string, Sent[2]][]
  ).map(([name, named]): readonly [string, ...Sent] => [
    ...([name, 'post', () => '/portals'] as const),
    (ids) => ({ kind: 'individual', ...named(ids) }),
  ]),
  [
    'a request owner',
    'put',
    () => '/settings/incident-report-integration',
    ({ userId }) => ({ requestOwnerId: userId, evidenceOwnerId: outsider.user.id }),
  ],
  [
    'an evidence owner',
    'put',
    () => '/settings/incident-report-integration',
    ({ userId }) => ({ requestOwnerId: outsider.user.id, evidenceOwnerId: userId }),
  ],
  [
    'a default category',
    'put',
    () => '/settings/incident-report-integration',
    ({ categoryId }) => ({
      ...{ requestOwnerId: outsider.user.id, evidenceOwnerId: outsider.user.id },
      defaultCategoryId: categoryId,
    }),
  ],
  [
    'the case of an upload',
    'post',
    () => '/evidence/uploads',
    ({ caseId }) => ({ caseId, fileName: 'a.mp4', size: 1 }),
  ],
])('%s of another organization is one that is not there', async (_, verb, path, body) => {
  const nobodys = Object.fromEntries(Object.keys(world.ids).map((name) => [name, newId()]));
  const send = (ids: Ids) => api[verb](path(), outsider.user, body(ids));
  const [foreign, missing] = [await send(world.ids), await send(nobodys as unknown as Ids)];
  expect([404, 422]).toContain(foreign.status);
  expect({ ...foreign.body, requestId: null }).toEqual({ ...missing.body, requestId: null });
  for (const secret of [...world.secrets, world.slug])
    expect(saidBy(foreign)).not.toContain(secret);
});

test.each(['partner_access', 'copy'])(
  'a share by %s names neither a stranger nor anybody of one',
  async (method) => {
    const share = (organizationId: string, userId: string) =>
      api.post(`${inCase()}/shares`, outsider.user, {
        ...{ method, partnerOrganizationId: organizationId, scope: { type: 'entire_case' } },
        ...{ recipients: [{ type: 'user', id: userId }] },
        ...(method === 'copy' ? {} : { access: 'view' }),
      });
    const foreign = await share(world.owner.organizationId, world.owner.id);
    const missing = await share(newId(), newId());
    expect(foreign.status).toBeGreaterThanOrEqual(400);
    expect({ ...foreign.body, requestId: null }).toEqual({ ...missing.body, requestId: null });
    for (const secret of [...world.secrets, world.slug]) {
      expect(saidBy(foreign)).not.toContain(secret);
    }
  },
);

test.each(['sharedTo', 'sharedFrom', 'notSharedTo'])(
  'a search by %s counts nothing of another organization',
  async (filter) => {
    for (const path of ['/cases', `${inCase()}/evidence`]) {
      const query = (id: string) => `${path}?${filter}=${id}`;
      const foreign = await api.get(query(world.owner.organizationId), outsider.user);
      const missing = await api.get(query(newId()), outsider.user);
      expect([foreign.status, foreign.body]).toEqual([200, missing.body]);
    }
  },
);

test('submissions of another organization’s portal are none, in lists and exports', async () => {
  for (const path of ['/submissions', '/submissions/export.csv']) {
    const query = (id: string) => `${path}?portalId=${id}`;
    const foreign = await api.get(query(world.ids.portalId), outsider.user);
    const missing = await api.get(query(newId()), outsider.user);
    expect([foreign.status, foreign.body]).toEqual([200, missing.body]);
  }
});
