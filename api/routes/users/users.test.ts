import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildOrganization,
  buildRole,
  buildUser,
  buildUserWith,
  unique,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let administrator: User;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api);
  administrator = await buildUser(api, { organization });
});
afterAll(() => api.stop());

async function roleId(name: string): Promise<string> {
  const { body } = await api.get('/roles', administrator);
  return body.data.find((role: { name: string }) => role.name === name).id;
}

async function lastEvent(): Promise<Record<string, unknown>> {
  const [row] = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      `select content from audit_events where organization_id = ? order by sequence desc limit 1`,
      [organization.id],
    );
  return JSON.parse(row?.content ?? '{}');
}

describe('users', () => {
  test('are created, read, found and changed, each change recorded without personal data', async () => {
    const email = `${unique('Detective')}@Example.test`;
    const role = await roleId('investigator');
    const created = await api.post('/users', administrator, {
      email,
      name: '  Détective Noël ',
      language: 'es',
      roles: [role],
    });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      email,
      name: 'Détective Noël',
      language: 'es',
      roles: [{ id: role, name: 'investigator' }],
      groups: [],
      disabled: false,
    });
    const event = await lastEvent();
    expect(event).toMatchObject({ action: 'user.created', objects: [created.body.id] });
    expect(JSON.stringify(event)).not.toMatch(/Noël|Example/);
    expect(created.headers.get('Location')).toBe(`/api/v1/users/${created.body.id}`);
    const found = await api.get('/users?query=no%C3%ABl', administrator);
    expect(found.body.data).toEqual([created.body]);

    const changed = await api.patch(`/users/${created.body.id}`, administrator, {
      name: 'Lieutenant Noël',
      roles: [],
    });
    expect(changed.body).toMatchObject({ name: 'Lieutenant Noël', roles: [], email });
    expect(changed.headers.get('ETag')).not.toBe(created.headers.get('ETag'));
    const read = await api.get(`/users/${created.body.id}`, administrator);
    expect(read.body).toEqual(changed.body);
    expect(read.headers.get('ETag')).toBe(changed.headers.get('ETag'));
  });

  test('have an address that is unique in the installation, whatever its case', async () => {
    const { email } = await buildUser(api);
    const answer = await api.post('/users', administrator, {
      email: email.toUpperCase(),
      name: 'X',
    });
    expect([answer.status, answer.body.code]).toEqual([409, 'already-exists']);
    const other = await buildUser(api, { organization });
    expect((await api.patch(`/users/${other.id}`, administrator, { email })).status).toBe(409);
  });

  test.each(['', 'x', 'a@b', 'a b@example.test', `${'x'.repeat(250)}@example.test`, null, 5])(
    'are refused with the address %j',
    async (email) => {
      const answer = await api.post('/users', administrator, { email, name: 'X' });
      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe('/email');
    },
  );

  test('that are deleted are disabled: what they own still names them', async () => {
    const owner = await buildUser(api, { organization });
    const owned = await buildCase(api, { owner });
    expect((await api.delete(`/users/${owner.id}`, administrator)).status).toBe(204);
    expect((await api.get('/organization', owner)).status).toBe(401);
    expect((await api.get(`/cases/${owned.id}`, administrator)).body.owner.id).toBe(owner.id);
    expect((await lastEvent()).action).toBe('user.disabled');
    expect((await api.delete(`/users/${owner.id}`, administrator)).status).toBe(204);
    const disabled = await api.get('/users?disabled=true', administrator);
    expect(disabled.body.data.map(({ id }: { id: string }) => id)).toEqual([owner.id]);
    await api.patch(`/users/${owner.id}`, administrator, { disabled: false });
    expect((await api.get('/organization', owner)).status).toBe(200);
  });
});

describe('nobody locks out the last administrator', () => {
  test('by disabling it, by taking its role, or by emptying the role', async () => {
    const refused = [
      await api.delete(`/users/${administrator.id}`, administrator),
      await api.patch(`/users/${administrator.id}`, administrator, { disabled: true }),
      await api.patch(`/users/${administrator.id}`, administrator, { roles: [] }),
      await api.patch(`/roles/${await roleId('administrator')}`, administrator, {
        permissions: { 'admin.users': 'own' },
      }),
    ];
    expect(refused.map(({ status, body }) => [status, body.code])).toEqual(
      refused.map(() => [409, 'in-use']),
    );
    expect((await api.get(`/users/${administrator.id}`, administrator)).body).toMatchObject({
      disabled: false,
      roles: [{ name: 'administrator' }],
    });
  });

  test('a disabled administrator does not count', async () => {
    const second = await buildUser(api, { organization });
    expect((await api.delete(`/users/${second.id}`, administrator)).status).toBe(204);
    expect((await api.delete(`/users/${administrator.id}`, administrator)).status).toBe(409);
  });

  test('two administrators who disable each other at once: one stays', async () => {
    for (let round = 0; round < 10; round += 1) {
      const place = await buildOrganization(api);
      const [one, other] = [
        await buildUser(api, { organization: place }),
        await buildUser(api, { organization: place }),
      ];
      const answers = await Promise.all([
        api.delete(`/users/${other.id}`, one),
        api.delete(`/users/${one.id}`, other),
      ]);
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 204)).toHaveLength(1);
      expect([401, 409]).toContain(statuses.find((status) => status !== 204));
    }
  });
});

describe('groups', () => {
  test('have members that are replaced as a whole', async () => {
    const [one, other] = [
      await buildUser(api, { organization }),
      await buildUser(api, { organization }),
    ];
    const created = await api.post('/groups', administrator, {
      name: 'Homicide',
      members: [one.id],
    });
    expect(created.body.members).toEqual([{ id: one.id, name: one.name, email: one.email }]);
    const changed = await api.patch(`/groups/${created.body.id}`, administrator, {
      members: [other.id, other.id],
    });
    expect(changed.body.members.map(({ id }: { id: string }) => id)).toEqual([other.id]);
    expect(changed.body.name).toBe('Homicide');
    expect((await api.get(`/users/${other.id}`, administrator)).body.groups).toHaveLength(1);
  });

  test('keep their names apart, whatever their case', async () => {
    await api.post('/groups', administrator, { name: 'Homicide' });
    expect((await api.post('/groups', administrator, { name: 'HOMICIDE' })).status).toBe(409);
  });

  test('that a case names are not deleted', async () => {
    const { body } = await api.post('/groups', administrator, { name: 'Homicide' });
    const { id } = await buildCase(api, { owner: administrator });
    const em = api.database.em.fork();
    await em.execute(`insert into case_members values (?, 'group', ?)`, [id, body.id]);
    expect((await api.delete(`/groups/${body.id}`, administrator)).body.code).toBe('in-use');
    await em.execute(`delete from case_members where case_id = ?`, [id]);
    expect((await api.delete(`/groups/${body.id}`, administrator)).status).toBe(204);
    expect((await api.get(`/groups/${body.id}`, administrator)).status).toBe(404);
  });
});

describe('roles', () => {
  test('show every permission, and take only those that there are', async () => {
    const created = await api.post('/roles', administrator, {
      name: 'Reader',
      permissions: { 'evidence.view': 'own', 'case.edit': 'none' },
    });
    expect(created.body.permissions).toMatchObject({
      'evidence.view': 'own',
      'case.edit': 'none',
      'admin.users': 'none',
    });
    const refused = await api.post('/roles', administrator, {
      name: 'Reader 2',
      permissions: { 'evidence.view': 'all', 'evidence.steal': 'any' },
    });
    expect(pointersOf(refused).sort()).toEqual([
      '/permissions/evidence.steal',
      '/permissions/evidence.view',
    ]);
  });

  test('that are built in can be changed, but neither renamed nor deleted', async () => {
    const id = await roleId('auditor');
    const permissions = { 'audit.view': 'own' };
    const changed = await api.patch(`/roles/${id}`, administrator, { permissions });
    expect(changed.body).toMatchObject({ builtIn: true, permissions: { 'audit.view': 'own' } });
    expect(changed.body.permissions['evidence.view']).toBe('none');
    const renamed = await api.patch(`/roles/${id}`, administrator, { name: 'x' });
    expect([renamed.status, renamed.body.code]).toEqual([409, 'wrong-state']);
    expect((await api.delete(`/roles/${id}`, administrator)).body.code).toBe('wrong-state');
  });

  test('that somebody has are not deleted', async () => {
    const role = await buildRole(api, organization, { 'evidence.view': 'any' });
    const user = await buildUser(api, { organization, roles: [role.name] });
    expect((await api.delete(`/roles/${role.id}`, administrator)).body.code).toBe('in-use');
    await api.patch(`/users/${user.id}`, administrator, { roles: [] });
    expect((await api.delete(`/roles/${role.id}`, administrator)).status).toBe(204);
  });

  test('add up: the strongest level of any of them counts', async () => {
    const user = await buildUserWith(api, organization, { 'case.create': 'any' });
    const second = await buildRole(api, organization, { 'admin.users': 'any' });
    expect((await api.post('/groups', user, { name: 'A' })).status).toBe(403);
    const { body } = await api.get(`/users/${user.id}`, administrator);
    const roles = [...body.roles.map(({ id }: { id: string }) => id), second.id];
    await api.patch(`/users/${user.id}`, administrator, { roles });
    expect((await api.post('/groups', user, { name: 'A' })).status).toBe(201);
  });
});
