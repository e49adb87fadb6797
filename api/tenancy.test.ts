import type { Organization } from '../domain/identity/organization.entity.ts';
import type { User } from '../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildPartner,
  buildRole,
  buildUser,
  buildUserWith,
  buildUserWithout,
  unique,
} from '../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let administrator: User;
let outsider: User;
/** Paths of one resource of each kind, all of the first organization. */
let paths: Record<string, string>;

beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  administrator = await buildUser(api, { organization });
  outsider = await buildUser(api);
  const inCase = await buildCase(api, { owner: administrator });
  const evidence = await buildEvidence(api, { owner: administrator, inCase });
  const partner = await buildPartner(api, organization, await buildOrganization(api));
  paths = {
    user: `/users/${(await buildUser(api, { organization })).id}`,
    group: `/groups/${(await buildGroup(api, organization)).id}`,
    role: `/roles/${(await buildRole(api, organization, {})).id}`,
    category: `/retention-categories/${(await buildCategory(api, organization)).id}`,
    partner: `/partners/${partner.id}`,
    case: `/cases/${inCase.id}`,
    evidence: `/evidence/${evidence.id}`,
  };
});
afterAll(() => api.stop());

describe('another organization', () => {
  test.each([
    ['GET', 'user', ''],
    ['GET', 'group', ''],
    ['GET', 'role', ''],
    ['GET', 'category', ''],
    ['GET', 'partner', ''],
    ['GET', 'case', '/audit'],
    ['GET', 'case', '/audit.csv'],
    ['GET', 'evidence', '/audit'],
    ['GET', 'evidence', '/audit.csv'],
    ['PATCH', 'user', ''],
    ['PATCH', 'group', ''],
    ['PATCH', 'role', ''],
    ['PATCH', 'category', ''],
    ['PATCH', 'partner', ''],
    ['POST', 'partner', '/accept'],
    ['DELETE', 'user', ''],
    ['DELETE', 'group', ''],
    ['DELETE', 'role', ''],
    ['DELETE', 'category', ''],
    ['DELETE', 'partner', ''],
  ] as const)(
    'cannot tell %s of a foreign %s%s from one that is not there',
    async (method, name, rest) => {
      const path = `${paths[name]}${rest}`;
      const elsewhere = path.replace(/[0-9a-f-]{36}/, '01890000-0000-7000-8000-000000000000');
      const ask = (address: string) => {
        const body = rest === '/accept' ? { maySendTo: true, mayReceiveFrom: true } : {};
        if (method === 'GET') return api.get(address, outsider);
        if (method === 'DELETE') return api.delete(address, outsider);
        return method === 'PATCH'
          ? api.patch(address, outsider, body)
          : api.post(address, outsider, body);
      };
      const [foreign, missing] = [await ask(path), await ask(elsewhere)];
      expect(foreign.status).toBe(404);
      expect({ ...foreign.body, requestId: null }).toEqual({ ...missing.body, requestId: null });
    },
  );

  test('appears in no list', async () => {
    for (const list of ['/users', '/groups', '/roles', '/retention-categories', '/partners']) {
      const { body } = await api.get(list, outsider);
      const own = await api.get(list, administrator);
      const ids = new Set(own.body.data.map(({ id }: { id: string }) => id));
      expect(ids.size).toBeGreaterThan(0);
      expect(body.data.filter(({ id }: { id: string }) => ids.has(id))).toEqual([]);
      expect(body.page.total).toBe(body.data.length);
    }
  });

  test('lends neither its roles nor its users', async () => {
    const role = String(paths.role).replace('/roles/', '');
    const user = String(paths.user).replace('/users/', '');
    const newUser = { email: `${unique('u')}@example.test`, name: 'A', roles: [role] };
    expect((await api.post('/users', outsider, newUser)).body.errors).toEqual([
      { pointer: '/roles/0', detail: 'There is no such role in this organization.' },
    ]);
    const group = await api.post('/groups', outsider, { name: unique('g'), members: [user] });
    expect(group.body.errors).toEqual([
      { pointer: '/members/0', detail: 'There is no such user in this organization.' },
    ]);
  });
});

describe('permissions', () => {
  const directions = { maySendTo: true, mayReceiveFrom: true };
  test.each([
    ['admin.users', 'POST', '/users', { email: 'x@example.test', name: 'X' }],
    ['admin.users', 'PATCH', 'user', { name: 'Y' }],
    ['admin.users', 'DELETE', 'user', undefined],
    ['admin.users', 'POST', '/groups', { name: 'X' }],
    ['admin.users', 'PATCH', 'group', { name: 'Y' }],
    ['admin.users', 'DELETE', 'group', undefined],
    ['admin.users', 'POST', '/roles', { name: 'X', permissions: {} }],
    ['admin.users', 'PATCH', 'role', { name: 'Y' }],
    ['admin.users', 'DELETE', 'role', undefined],
    ['admin.organization', 'PATCH', '/organization', { name: 'Y' }],
    ['admin.organization', 'POST', '/retention-categories', { name: 'X' }],
    ['admin.organization', 'PATCH', 'category', { name: 'Y' }],
    ['admin.organization', 'DELETE', 'category', undefined],
    ['admin.partners', 'POST', '/partners', { organizationSlug: 'x', ...directions }],
    ['admin.partners', 'PATCH', 'partner', { maySendTo: true }],
    ['admin.partners', 'DELETE', 'partner', undefined],
    ['audit.view', 'GET', 'case', '/audit'],
    ['audit.view', 'GET', 'evidence', '/audit.csv'],
  ] as const)(
    'without %s, %s %s is refused, and the refusal is recorded',
    async (permission, method, place, extra) => {
      const limited = await buildUserWithout(api, organization, permission);
      const path = `${paths[place] ?? place}${typeof extra === 'string' ? extra : ''}`;
      const answer =
        method === 'GET'
          ? await api.get(path, limited)
          : method === 'DELETE'
            ? await api.delete(path, limited)
            : method === 'PATCH'
              ? await api.patch(path, limited, extra)
              : await api.post(path, limited, extra);
      expect(answer.status).toBe(403);
      expect(answer.body).toMatchObject({ code: 'permission-missing', missing: [permission] });
      const [event] = await api.database.em.fork().execute<{ content: string }[]>(
        `select content from audit_events where action = 'access.refused' and organization_id = ?
       and content::json->'actor'->>'id' = ?`,
        [organization.id, limited.id],
      );
      expect(JSON.parse(event?.content ?? '{}')).toMatchObject({
        outcome: 'refused',
        reason: 'permission-missing',
        data: { missing: [permission] },
      });
    },
  );

  test('own reaches one’s own case and no other', async () => {
    const detective = await buildUserWith(api, organization, {
      'case.create': 'any',
      'audit.view': 'own',
    });
    const own = await buildCase(api, { owner: detective });
    expect((await api.get(`/cases/${own.id}/audit`, detective)).status).toBe(200);
    expect((await api.get(`${paths.case}/audit`, detective)).status).toBe(403);
  });

  test('a role that changes takes effect with the next request', async () => {
    const role = await buildRole(api, organization, { 'admin.users': 'any' });
    const user = await buildUser(api, { organization, roles: [role.name] });
    const create = () => api.post('/groups', user, { name: unique('g') });
    expect((await create()).status).toBe(201);
    await api.patch(`/roles/${role.id}`, administrator, { permissions: {} });
    expect((await create()).status).toBe(403);
  });

  test('a disabled user is signed out with the next request', async () => {
    const user = await buildUser(api, { organization });
    expect((await api.get('/organization', user)).status).toBe(200);
    expect((await api.delete(`/users/${user.id}`, administrator)).status).toBe(204);
    expect((await api.get('/organization', user)).status).toBe(401);
  });
});
