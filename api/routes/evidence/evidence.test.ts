import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
  buildUserWith,
} from '../../../test/support/factories.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('what is known about evidence', () => {
  it('has every field of the contract', async () => {
    const owner = await buildUser(api);
    const evidence = await buildEvidence(api, { owner, content: Buffer.from('bytes') });
    const { status, body } = await api.get(`/evidence/${evidence.id}`, owner);
    expect(status).toBe(200);
    expect(body).toEqual({
      id: evidence.id,
      evidenceNumber: evidence.evidenceNumber,
      title: 'Camera 3',
      description: null,
      state: 'active',
      classification: 'unrestricted',
      isNew: false,
      file: { name: 'cam3.mp4', contentType: 'video/mp4', size: 5, sha256: evidence.sha256 },
      recordedAt: null,
      uploadedAt: evidence.uploadedAt.toISOString(),
      uploadedBy: { type: 'user', id: owner.id, name: owner.name },
      owner: { id: owner.id, name: owner.name },
      assignee: { id: owner.id, name: owner.name },
      accessList: [],
      evidenceGroup: null,
      originalEvidenceGroup: null,
      categories: [],
      tags: [],
      notes: [],
      customMetadata: {},
      sensitiveContentWarning: false,
      source: { model: null, serialNumber: null },
      location: null,
      gpsTrack: null,
      multicamGroup: null,
      fleet: null,
      markers: [],
      cases: [],
      hold: null,
      queuedForDeletionOn: null,
      deletion: null,
      copiedFrom: null,
      attachments: [],
      scan: null,
    });
  });

  it('can all be changed, and is read as it was written', async () => {
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const assignee = await buildUser(api, { organization });
    const group = await buildGroup(api, organization);
    const category = await buildCategory(api, organization, { name: 'Burglary' });
    const evidence = await buildEvidence(api, { owner });
    const plain = {
      title: 'Back door',
      description: 'Two\nlines',
      classification: 'restricted',
      recordedAt: '2026-03-01T22:15:00.500Z',
      tags: ['night', 'door'],
      customMetadata: { 'Camera height': '2.4 m', constructor: 'x' },
      sensitiveContentWarning: true,
      source: { model: 'Body 4', serialNumber: 'X81' },
      location: { latitude: 51.5, longitude: -0.12, address: 'Mill Road 4' },
      gpsTrack: [{ atSeconds: 0, latitude: 51.5, longitude: -0.12 }],
      multicamGroup: '0198c0de-0000-7000-8000-000000000001',
      fleet: {
        generation: 3,
        vehicleId: '12',
        serialNumber: null,
        model: null,
        cameraMountPosition: 'front',
      },
      accessList: [{ type: 'group', id: group.id }],
    };
    const changed = await api.patch(`/evidence/${evidence.id}`, owner, {
      ...plain,
      assigneeId: assignee.id,
      evidenceGroupId: group.id,
      categoryIds: [category.id],
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      ...plain,
      assignee: { id: assignee.id },
      evidenceGroup: { id: group.id, name: group.name },
      categories: [{ id: category.id, name: 'Burglary', automatic: false }],
    });
    expect((await api.get(`/evidence/${evidence.id}`, owner)).body).toEqual(changed.body);
    const cleared = await api.patch(`/evidence/${evidence.id}`, owner, {
      location: null,
      evidenceGroupId: null,
      categoryIds: [],
      accessList: [],
    });
    expect(cleared.body).toMatchObject({
      title: 'Back door',
      location: null,
      evidenceGroup: null,
      categories: [],
      accessList: [],
    });
  });

  it('refuses what cannot be, with every fault at once', async () => {
    const owner = await buildUser(api);
    const stranger = await buildUser(api);
    const foreign = await buildCategory(api, { id: stranger.organizationId });
    const evidence = await buildEvidence(api, { owner });
    const faults = async (change: unknown) => {
      const answer = await api.patch(`/evidence/${evidence.id}`, owner, change);
      expect(answer.status).toBe(422);
      return pointersOf(answer);
    };
    expect(
      await faults({
        title: '',
        sha256: 'a'.repeat(64),
        location: { latitude: 91, longitude: 181 },
        fleet: { generation: 4 },
        recordedAt: 'yesterday',
      }),
    ).toEqual([
      '/title',
      '/recordedAt',
      '/location/latitude',
      '/location/longitude',
      '/fleet/generation',
      '/sha256',
    ]);
    expect(
      await faults({ ownerId: stranger.id, accessList: [{ type: 'user', id: stranger.id }] }),
    ).toEqual(['/accessList/0', '/ownerId']);
    expect(await faults({ categoryIds: [foreign.id] })).toEqual(['/categoryIds/0']);
  });

  it('is not there for another organization, and closed to those it is not their own', async () => {
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const evidence = await buildEvidence(api, { owner });
    const stranger = await buildUser(api);
    const colleague = await buildUserWith(api, organization, {
      'evidence.view': 'own',
      'evidence.edit': 'own',
    });
    const asked = async (as: { email: string }) => [
      (await api.get(`/evidence/${evidence.id}`, as)).status,
      (await api.patch(`/evidence/${evidence.id}`, as, { title: 'x' })).status,
      (await api.post(`/evidence/${evidence.id}/notes`, as, { text: 'x' })).status,
      (
        await api.post(`/evidence/${evidence.id}/markers`, as, {
          kind: 'manual',
          atSeconds: 1,
          text: 'x',
        })
      ).status,
      (await api.get(`/evidence/${evidence.id}/content`, as)).status,
    ];
    expect(await asked(stranger)).toEqual([404, 404, 404, 404, 404]);
    expect(await asked(colleague)).toEqual([403, 403, 403, 403, 403]);
    await api.patch(`/evidence/${evidence.id}`, owner, {
      accessList: [{ type: 'user', id: colleague.id }],
    });
    expect(await asked(colleague)).toEqual([200, 200, 201, 201, 200]);
  });

  it('is not changed to what it is already: no event, no new version', async () => {
    const owner = await buildUser(api);
    const organization = { id: owner.organizationId };
    const category = await buildCategory(api, organization);
    const evidence = await buildEvidence(api, { owner });
    const path = `/evidence/${evidence.id}`;
    const given = {
      location: { latitude: 51.5, longitude: -0.12, address: null },
      recordedAt: '2026-03-01T22:15:00.500Z',
      customMetadata: { camera: '3' },
      accessList: [{ type: 'user', id: owner.id }],
      categoryIds: [category.id],
    };
    const etag = (await api.patch(path, owner, given)).headers.get('ETag');
    const count = async () => {
      const [row] = await api.database.em
        .fork()
        .execute<{ count: number }[]>(
          'select count(*)::int as count from audit_events where ?::uuid = any(objects)',
          [evidence.id],
        );
      return row?.count;
    };
    const before = await count();
    for (const change of [{}, given, { title: 'Camera 3', description: null }]) {
      const answer = await api.patch(path, owner, change);
      expect([answer.status, answer.headers.get('ETag')]).toEqual([200, etag]);
    }
    expect(await count()).toBe(before);
  });

  it('is open to the members of a case that it lies in', async () => {
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const member = await buildUser(api, { organization, roles: ['investigator'] });
    const inCase = await buildCase(api, { owner });
    const evidence = await buildEvidence(api, { owner, inCase });
    expect((await api.get(`/evidence/${evidence.id}`, member)).status).toBe(403);
    await api.patch(`/cases/${inCase.id}`, owner, { members: [{ type: 'user', id: member.id }] });
    expect((await api.get(`/evidence/${evidence.id}`, member)).status).toBe(200);
    await api.delete(`/cases/${inCase.id}/evidence/${evidence.id}`, owner);
    expect((await api.get(`/evidence/${evidence.id}`, member)).status).toBe(403);
  });
});

describe('notes and markers', () => {
  it('are added in order, under a name, and count the version up', async () => {
    const owner = await buildUser(api, { name: 'Evidence Technician' });
    const evidence = await buildEvidence(api, { owner });
    const path = `/evidence/${evidence.id}`;
    const etag = (await api.get(path, owner)).headers.get('ETag') ?? '';
    const note = await api.post(`${path}/notes`, owner, { text: 'Seen by the neighbour' });
    expect(note.status).toBe(201);
    await api.post(`${path}/markers`, owner, {
      kind: 'manual',
      atSeconds: 12.5,
      text: 'Door opens',
    });
    await api.post(`${path}/markers`, owner, { kind: 'chapter', atSeconds: 0, text: 'Start' });
    const { body } = await api.get(path, owner);
    expect(body.notes).toEqual([note.body]);
    expect(body.notes[0].author).toEqual({ name: 'Evidence Technician' });
    expect(body.markers).toEqual([
      { kind: 'chapter', atSeconds: 0, text: 'Start' },
      { kind: 'manual', atSeconds: 12.5, text: 'Door opens' },
    ]);
    const stale = await api.patch(path, owner, { title: 'x' }, { 'If-Match': etag });
    expect(stale.status).toBe(412);
  });

  it('count the version up also while the clock stands still', async () => {
    const owner = await buildUser(api);
    const evidence = await buildEvidence(api, { owner });
    const em = api.database.em.fork();
    // A change by a machine whose clock is ahead: the instants of these are no later by themselves.
    const ahead = new Date(Date.now() + 60_000);
    await em.execute('update evidence set updated_at = ? where id = ?', [ahead, evidence.id]);
    for (const text of ['Once', 'Twice']) {
      await api.post(`/evidence/${evidence.id}/notes`, owner, { text });
    }
    const [row] = await em.execute<{ version: number; updated_at: Date | string }[]>(
      'select version, updated_at from evidence where id = ?',
      [evidence.id],
    );
    expect(row?.version).toBe(evidence.version + 2);
    expect(new Date(row?.updated_at ?? 0).getTime()).toBe(ahead.getTime() + 2);
  });

  it.each([
    ['notes', { text: '' }],
    ['notes', { text: 'x', author: 'me' }],
    ['markers', { kind: 'other', atSeconds: 1, text: 'x' }],
    ['markers', { kind: 'manual', atSeconds: -1, text: 'x' }],
  ])('refuses %s like %j', async (kind, body) => {
    const owner = await buildUser(api);
    const evidence = await buildEvidence(api, { owner });
    expect((await api.post(`/evidence/${evidence.id}/${kind}`, owner, body)).status).toBe(422);
  });
});
