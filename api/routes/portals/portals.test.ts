import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { newId } from '../../../domain/ids.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { eventsOf } from '../../../test/support/events.ts';
import {
  buildCase,
  buildCategory,
  buildOrganization,
  buildUser,
  buildUserWith,
  buildUserWithout,
  unique,
} from '../../../test/support/factories.ts';
import { buildInvite, buildPortal, buildSubmission } from '../../../test/support/portals.ts';
import { alter, JUST_EXPIRED } from '../../../test/support/rows.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
});
afterAll(() => api.stop());

const DAY = 24 * 3_600_000;
const pointers = (body: { errors: { pointer: string }[] }) =>
  body.errors.map(({ pointer }) => pointer).sort();

describe('making a portal', () => {
  test('gives back what was said of it, on record without its words', async () => {
    const inCase = await buildCase(api, { owner });
    const category = await buildCategory(api, organization, { name: 'Traffic' });
    const other = await buildUser(api, { organization, name: 'Other' });
    const said = {
      kind: 'individual',
      caseId: inCase.id,
      reportId: 'R-17',
      title: 'Hit and run',
      description: 'A red car.\nAt noon.',
      categoryIds: [category.id],
      ownerId: owner.id,
      evidenceOwnerId: other.id,
      durationDays: 30,
    };
    const made = await api.post('/portals', owner, said);
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({
      kind: 'individual',
      status: 'open',
      caseId: inCase.id,
      reportId: 'R-17',
      title: 'Hit and run',
      description: 'A red car.\nAt noon.',
      categories: [{ id: category.id, name: 'Traffic' }],
      owner: { id: owner.id, name: owner.name },
      evidenceOwner: { id: other.id, name: 'Other' },
      url: null,
      apiClient: null,
      inviteCount: 0,
    });
    const { expiresAt, createdAt } = made.body;
    expect(Date.parse(expiresAt) - Date.parse(createdAt)).toBe(30 * DAY);
    const read = await api.get(`/portals/${made.body.id}`, owner);
    expect([read.status, read.body]).toEqual([200, made.body]);
    const [event] = await api.database.em
      .fork()
      .execute<{ content: string }[]>(
        `select content from audit_events where action = 'portal.created' and objects @> array[?::uuid]`,
        [made.body.id],
      );
    expect(event?.content).toContain(inCase.id);
    for (const word of ['Hit and run', 'red car', 'R-17'])
      expect(event?.content).not.toContain(word);
  });

  test('under a slug gives its public address, once in an organization', async () => {
    const slug = unique('mill-road');
    const portal = await buildPortal(api, { owner, slug });
    const { body } = await api.get(`/portals/${portal.id}`, owner);
    expect(body.url).toBe(`${api.publicUrl}/p/${organization.slug}/${slug}`);
    const again = await api.post('/portals', owner, { kind: 'public', slug });
    expect([again.status, again.body.code]).toEqual([409, 'already-exists']);
    const elsewhere = await api.post('/portals', await buildUser(api), { kind: 'public', slug });
    expect(elsewhere.status).toBe(201);
    for (const wrong of ['Mill', 'a b', '-a', 'a-', 'ä', '', 'a'.repeat(64)]) {
      const refused = await api.post('/portals', owner, { kind: 'public', slug: wrong });
      expect([wrong, refused.status]).toEqual([wrong, 422]);
    }
  });

  test('is refused with every fault at once', async () => {
    const elsewhere = await buildUser(api);
    const refused = await api.post('/portals', owner, {
      kind: 'individual',
      slug: 'not-here',
      title: 'x'.repeat(128),
      description: 'x'.repeat(2_001),
      categoryIds: ['x'],
      durationDays: 0,
    });
    expect(pointers(refused.body)).toEqual([
      '/categoryIds/0',
      '/description',
      '/durationDays',
      '/slug',
      '/title',
    ]);
    const named = await api.post('/portals', owner, {
      kind: 'individual',
      ownerId: elsewhere.id,
      evidenceOwnerId: newId(),
      categoryIds: [newId()],
    });
    expect(pointers(named.body)).toEqual(['/categoryIds/0', '/evidenceOwnerId', '/ownerId']);
    const incident = await api.post('/portals', owner, { kind: 'incident_report' });
    expect(incident.status).toBe(422);
  });

  test('needs the feature and the permission, and for a case the right to fill it', async () => {
    const without = await buildOrganization(api, { features: ['communityRequestPlus'] });
    const admin = await buildUser(api, { organization: without });
    const noFeature = await api.post('/portals', admin, { kind: 'individual' });
    expect(noFeature.body).toMatchObject({ status: 403, missing: ['communityRequest'] });
    const noInvite = await buildUserWithout(api, organization, 'portal.invite');
    const refused = await api.post('/portals', noInvite, { kind: 'individual' });
    expect(refused.body).toMatchObject({ status: 403, missing: ['portal.invite'] });
    const noPublic = await buildUserWithout(api, organization, 'portal.createPublic');
    const slug = unique('slug');
    const refusedPublic = await api.post('/portals', noPublic, { kind: 'public', slug });
    expect(refusedPublic.body.missing).toEqual(['portal.createPublic']);
    const inCase = await buildCase(api, { owner });
    const noCase = await buildUserWithout(api, organization, 'case.edit');
    const refusedCase = await api.post('/portals', noCase, {
      kind: 'individual',
      caseId: inCase.id,
    });
    expect(refusedCase.body.missing).toEqual(['case.edit']);
    const foreign = await buildCase(api);
    const unknown = await api.post('/portals', owner, { kind: 'individual', caseId: foreign.id });
    expect(unknown.status).toBe(404);
  });
});

describe('a portal', () => {
  test('is seen by those who run it or own its evidence, and by those who see all', async () => {
    const own = { 'portal.view': 'own', 'portal.invite': 'own' } as const;
    const one = await buildUserWith(api, organization, own);
    const two = await buildUserWith(api, organization, own);
    const portal = await buildPortal(api, { owner: one });
    const given = await buildPortal(api, { owner, evidenceOwnerId: one.id });
    expect((await api.get(`/portals/${portal.id}`, two)).status).toBe(403);
    expect((await api.get(`/portals/${portal.id}`, owner)).status).toBe(200);
    const listed = async (as: User) =>
      (await api.get('/portals', as)).body.data.map(({ id }: { id: string }) => id);
    expect(await listed(one)).toEqual([given.id, portal.id]);
    expect(await listed(two)).toEqual([]);
    expect(await listed(owner)).toEqual([given.id, portal.id]);
    const blind = await buildUserWithout(api, organization, 'portal.view');
    expect((await api.get('/portals', blind)).body.missing).toEqual(['portal.view']);
  });

  test('is changed field by field, on top of what was read', async () => {
    const category = await buildCategory(api, organization, { name: 'Theft' });
    const portal = await buildPortal(api, { owner, title: 'One', description: 'Words' });
    const path = `/portals/${portal.id}`;
    const { headers } = await api.get(path, owner);
    const etag = { 'If-Match': headers.get('ETag') ?? '' };
    const changed = await api.patch(
      path,
      owner,
      { title: 'Two', categoryIds: [category.id], durationDays: 3 },
      etag,
    );
    expect(changed.body).toMatchObject({
      title: 'Two',
      description: 'Words',
      categories: [{ name: 'Theft' }],
    });
    expect((await api.patch(path, owner, { title: 'Three' }, etag)).status).toBe(412);
    const same = await api.patch(path, owner, { title: 'Two', categoryIds: [category.id] });
    expect(same.headers.get('ETag')).toBe(changed.headers.get('ETag'));
    const emptied = await api.patch(path, owner, {
      description: null,
      categoryIds: [],
      durationDays: null,
    });
    expect(emptied.body).toMatchObject({ description: null, categories: [], expiresAt: null });
    const viewer = await buildUserWithout(api, organization, 'portal.editAndClose');
    expect((await api.patch(path, viewer, { title: 'No' })).status).toBe(403);
    expect(await eventsOf(api, portal.id)).toEqual([
      'portal.created',
      'portal.changed',
      'portal.changed',
      'access.refused',
    ]);
  });

  test('is closed once, and takes nothing more', async () => {
    const portal = await buildPortal(api, { owner });
    const closed = await api.post(`/portals/${portal.id}/close`, owner);
    expect([closed.status, closed.body.status]).toEqual([200, 'closed']);
    const again = await api.post(`/portals/${portal.id}/close`, owner);
    expect([again.status, again.body]).toEqual([200, closed.body]);
    const changed = await api.patch(`/portals/${portal.id}`, owner, { title: 'Two' });
    expect([changed.status, changed.body.code]).toEqual([409, 'wrong-state']);
    const invited = await api.post(`/portals/${portal.id}/invites`, owner, { delivery: 'none' });
    expect(invited.body).toMatchObject({ status: 409, code: 'wrong-state' });
    expect(await eventsOf(api, portal.id)).toEqual(['portal.created', 'portal.closed']);
  });

  test('shows what waits for triage before anything else, then whether it is over', async () => {
    const statusOf = async (id: string) => (await api.get(`/portals/${id}`, owner)).body.status;
    const portal = await buildPortal(api, { owner });
    const invite = await buildInvite(api, portal);
    expect(await statusOf(portal.id)).toBe('open');
    await alter(api, 'invites', invite.id, JUST_EXPIRED);
    expect(await statusOf(portal.id)).toBe('expired');
    const second = await buildInvite(api, portal);
    expect(await statusOf(portal.id)).toBe('open');
    const submission = await buildSubmission(api, portal, second);
    expect(await statusOf(portal.id)).toBe('pending_triage');
    await api.post(`/portals/${portal.id}/close`, owner);
    expect(await statusOf(portal.id)).toBe('pending_triage');
    await api.post(`/submissions/${submission.id}/accept-remaining`, owner);
    expect(await statusOf(portal.id)).toBe('closed');

    const timed = await buildPortal(api, { owner, kind: 'public', durationDays: 1 });
    await alter(api, 'portals', timed.id, JUST_EXPIRED);
    expect(await statusOf(timed.id)).toBe('expired');
    await api.patch(`/portals/${timed.id}`, owner, { durationDays: 1 });
    expect(await statusOf(timed.id)).toBe('open');
    const open = await api.get('/portals?status=open', owner);
    expect(open.body.data.map(({ id }: { id: string }) => id)).toEqual([timed.id]);
    const publicOnes = await api.get('/portals?kind=public&query=nothing', owner);
    expect(publicOnes.body.page.total).toBe(0);
  });
});
