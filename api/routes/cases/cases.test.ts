import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
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

function idsOf(answer: { body: { data: { id: string }[] } }): string[] {
  return answer.body.data.map(({ id }) => id);
}

describe('searching cases', () => {
  it('finds every word in number, title, description or tags, whatever its case', async () => {
    const owner = await buildUser(api);
    const burglary = await buildCase(api, {
      owner,
      caseNumber: '2026-0142',
      title: 'Burglary, Mill Road',
      tags: ['night shift'],
    });
    await buildCase(api, {
      owner,
      caseNumber: '2026-0143',
      title: 'Theft',
      description: '100% sure',
    });
    const search = async (query: string) =>
      idsOf(await api.get(`/cases?query=${encodeURIComponent(query)}`, owner));
    expect(await search('MILL 0142')).toEqual([burglary.id]);
    expect(await search('shift road')).toEqual([burglary.id]);
    expect(await search('mill theft')).toEqual([]);
    expect(await search('2026-01')).toHaveLength(2);
    expect(await search('100%')).toHaveLength(1);
    expect(await search('10%')).toEqual([]);
    expect(await search('_')).toEqual([]);
  });

  it('gives pages from newest to oldest, with the total on each', async () => {
    const owner = await buildUser(api);
    const made = [];
    for (let number = 0; number < 5; number += 1) made.push((await buildCase(api, { owner })).id);
    const first = await api.get('/cases?limit=2', owner);
    expect(first.body.page).toMatchObject({ count: 2, total: 5 });
    const second = await api.get(`/cases?limit=2&cursor=${first.body.page.next}`, owner);
    const third = await api.get(`/cases?limit=2&cursor=${second.body.page.next}`, owner);
    expect(third.body.page).toEqual({ count: 1, total: 5, next: null });
    expect([first, second, third].flatMap(idsOf)).toEqual(made.toReversed());
  });

  it('filters by status', async () => {
    const owner = await buildUser(api);
    const closed = await buildCase(api, { owner });
    await buildCase(api, { owner });
    await api.patch(`/cases/${closed.id}`, owner, { status: 'closed' });
    expect(idsOf(await api.get('/cases?status=closed', owner))).toEqual([closed.id]);
  });

  it.each(['status=lost', 'sharedTo=x', 'limit=0', 'limit=501', 'cursor=%00', 'cursor=YWJj'])(
    'refuses ?%s',
    async (query) => {
      const answer = await api.get(`/cases?${query}`, await buildUser(api));
      expect([answer.status, answer.body.code]).toEqual([422, 'validation-failed']);
      expect(answer.body.errors[0].pointer).toBe(`?${query.split('=')[0]}`);
    },
  );
});

describe('reading cases', () => {
  it('reaches the cases that are one’s own by ownership, membership or group, and no others', async () => {
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const reader = await buildUserWith(api, organization, { 'evidence.view': 'own' });
    const group = await buildGroup(api, organization, [reader]);
    const [asMember, byGroup, foreign] = [
      await buildCase(api, { owner }),
      await buildCase(api, { owner }),
      await buildCase(api, { owner }),
    ];
    await api.patch(`/cases/${asMember.id}`, owner, { members: [{ type: 'user', id: reader.id }] });
    await api.patch(`/cases/${byGroup.id}`, owner, { members: [{ type: 'group', id: group.id }] });
    expect(idsOf(await api.get('/cases', reader))).toEqual([byGroup.id, asMember.id]);
    expect((await api.get(`/cases/${asMember.id}`, reader)).status).toBe(200);
    const refused = await api.get(`/cases/${foreign.id}`, reader);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission-missing']);
    expect(refused.body.missing).toEqual(['case.edit', 'evidence.view', 'audit.view']);
    expect((await api.get(`/cases/${foreign.id}/evidence`, reader)).status).toBe(403);
  });

  it('reaches none without a permission that reads', async () => {
    const organization = await buildOrganization(api);
    const { id } = await buildCase(api, { owner: await buildUser(api, { organization }) });
    const nobody = await buildUserWith(api, organization, { 'case.create': 'any' });
    expect((await api.get('/cases', nobody)).body.data).toEqual([]);
    expect((await api.get(`/cases/${id}`, nobody)).status).toBe(403);
  });

  it('does not tell another organization’s case from one that is not there', async () => {
    const { id } = await buildCase(api);
    const stranger = await buildUser(api);
    for (const path of [id, '0198c0de-0000-7000-8000-000000000000', 'x']) {
      const answers = [
        await api.get(`/cases/${path}`, stranger),
        await api.patch(`/cases/${path}`, stranger, { title: 'x' }),
        await api.get(`/cases/${path}/evidence`, stranger),
        await api.get(`/cases/${path}/evidence/export.csv`, stranger),
        await api.post(`/cases/${path}/evidence/seen`, stranger),
      ];
      expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404]);
    }
    expect((await api.get('/cases', stranger)).body.data).toEqual([]);
  });

  it('gives an entity tag that a change must match', async () => {
    const owner = await buildUser(api);
    const { id } = await buildCase(api, { owner });
    const etag = (await api.get(`/cases/${id}`, owner)).headers.get('ETag') ?? '';
    const change = (title: string) =>
      api.patch(`/cases/${id}`, owner, { title }, { 'If-Match': etag });
    expect((await change('First')).status).toBe(200);
    expect((await change('Second')).status).toBe(412);
    expect((await api.get(`/cases/${id}`, owner)).body.title).toBe('First');
  });
});

/** The events about an object, oldest first. */
async function eventsOf(
  id: string,
): Promise<{ action: string; confidential: boolean; data: unknown }[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      'select content from audit_events where ?::uuid = any(objects) order by sequence',
      [id],
    );
  return rows.map(({ content }) => JSON.parse(content));
}

describe('changing a case', () => {
  it('to what it is already has no effect, no event and no new version', async () => {
    const owner = await buildUser(api);
    const { id, title } = await buildCase(api, { owner, tags: ['night'] });
    const members = [{ type: 'user', id: owner.id }];
    const etag = (await api.patch(`/cases/${id}`, owner, { members })).headers.get('ETag');
    const before = await eventsOf(id);
    for (const change of [{}, { title, tags: ['night'], description: null }, { members }]) {
      const answer = await api.patch(`/cases/${id}`, owner, change);
      expect([answer.status, answer.headers.get('ETag')]).toEqual([200, etag]);
    }
    expect(await eventsOf(id)).toEqual(before);
    await api.patch(`/cases/${id}`, owner, { title, status: 'closed' });
    expect((await eventsOf(id)).at(-1)?.data).toEqual({ fields: ['status'] });
  });

  it('counts its version where only members change and the clock stands still', async () => {
    const owner = await buildUser(api);
    const { id, version } = await buildCase(api, { owner });
    // A change by a machine whose clock is ahead: the instant of this one is no later by itself.
    const ahead = new Date(Date.now() + 60_000);
    await api.database.em
      .fork()
      .execute('update cases set updated_at = ? where id = ?', [ahead, id]);
    const members = [{ type: 'user', id: owner.id }];
    const { headers, body } = await api.patch(`/cases/${id}`, owner, { members });
    expect(headers.get('ETag')).toBe(`"v${version + 1}"`);
    expect(Date.parse(body.updatedAt)).toBe(ahead.getTime() + 1);
  });
});

describe('the people of a case', () => {
  it('are changed as a whole, and only to people and groups of the organization', async () => {
    const organization = await buildOrganization(api);
    const owner = await buildUser(api, { organization });
    const next = await buildUser(api, { organization });
    const stranger = await buildUser(api);
    const { id } = await buildCase(api, { owner });
    const refused = await api.patch(`/cases/${id}`, owner, {
      ownerId: stranger.id,
      members: [
        { type: 'user', id: next.id },
        { type: 'user', id: stranger.id },
        { type: 'group', id: next.id },
      ],
    });
    expect(refused.status).toBe(422);
    expect(
      refused.body.errors.map((fault: { pointer: string }) => fault.pointer).toSorted(),
    ).toEqual(['/members/1', '/members/2', '/ownerId']);
    const members = [{ type: 'user', id: owner.id }];
    const changed = await api.patch(`/cases/${id}`, owner, {
      ownerId: next.id,
      members: [...members, ...members],
    });
    expect(changed.body).toMatchObject({ owner: { id: next.id }, members });
    expect((await api.patch(`/cases/${id}`, next, { members: [] })).body.members).toEqual([]);
  });
});

describe('the evidence of a case', () => {
  it('is added and taken out, once each, and stays itself', async () => {
    const owner = await buildUser(api);
    const { id } = await buildCase(api, { owner });
    const evidence = await buildEvidence(api, { owner });
    const path = `/cases/${id}/evidence/${evidence.id}`;
    expect((await api.put(path, owner)).status).toBe(204);
    expect((await api.put(path, owner)).status).toBe(204);
    expect(idsOf(await api.get(`/cases/${id}/evidence`, owner))).toEqual([evidence.id]);
    expect((await api.delete(path, owner)).status).toBe(204);
    expect((await api.delete(path, owner)).status).toBe(404);
    expect((await api.get(`/evidence/${evidence.id}`, owner)).body.cases).toEqual([]);
  });

  it('cannot be had by adding evidence that one may not see to one’s own case', async () => {
    const organization = await buildOrganization(api);
    const colleague = await buildUser(api, { organization });
    const evidence = await buildEvidence(api, { owner: colleague });
    const owner = await buildUser(api, { organization, roles: ['investigator'] });
    const { id } = await buildCase(api, { owner });
    expect((await api.put(`/cases/${id}/evidence/${evidence.id}`, owner)).status).toBe(403);
    const foreign = await buildEvidence(api);
    expect((await api.put(`/cases/${id}/evidence/${foreign.id}`, owner)).status).toBe(404);
  });

  it('is seen by the members of its case, who cannot give it on, edit it or share it for that', async () => {
    const organization = await buildOrganization(api);
    const colleague = await buildUser(api, { organization });
    const shared = await buildCase(api, { owner: colleague });
    const evidence = await buildEvidence(api, { owner: colleague, inCase: shared });
    const member = await buildUser(api, { organization, roles: ['investigator'] });
    const members = [{ type: 'user', id: member.id }];
    await api.patch(`/cases/${shared.id}`, colleague, { members });
    const own = await buildCase(api, { owner: member });
    const put = (as: User) => api.put(`/cases/${own.id}/evidence/${evidence.id}`, as);
    const share = (caseId: string) =>
      api.post(`/cases/${caseId}/shares`, member, {
        method: 'download_link',
        scope: { type: 'entire_case' },
        format: 'zip',
      });

    expect((await api.get(`/evidence/${evidence.id}`, member)).status).toBe(200);
    const refused = await put(member);
    expect([refused.status, refused.body.missing]).toEqual([
      403,
      ['evidence.edit', 'evidence.share'],
    ]);
    expect((await put(colleague)).status).toBe(204);
    for (const caseId of [own.id, shared.id]) {
      const answer = await share(caseId);
      expect([answer.status, answer.body.missing]).toEqual([
        403,
        ['evidence.share', 'evidence.shareDownloadLinks'],
      ]);
    }
    const edited = await api.patch(`/evidence/${evidence.id}`, member, { title: 'Mine' });
    expect([edited.status, edited.body.missing]).toEqual([403, ['evidence.edit']]);
    expect((await api.get(`/evidence/${evidence.id}/audit`, member)).status).toBe(403);

    await api.patch(`/evidence/${evidence.id}`, colleague, { accessList: members });
    expect((await share(own.id)).status).toBe(201);
    expect((await api.get(`/evidence/${evidence.id}/audit`, member)).status).toBe(200);
  });

  it('has its coming and going marked as confidential where it is', async () => {
    const owner = await buildUser(api);
    const { id } = await buildCase(api, { owner });
    const fields = { classification: 'confidential' } as const;
    const evidence = await buildEvidence(api, { owner, fields });
    await api.put(`/cases/${id}/evidence/${evidence.id}`, owner);
    await api.delete(`/cases/${id}/evidence/${evidence.id}`, owner);
    expect(await eventsOf(evidence.id)).toMatchObject([
      { action: 'case.evidence_added', confidential: true },
      { action: 'case.evidence_removed', confidential: true },
    ]);
  });

  it('is new until somebody marks the case as seen', async () => {
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    const other = await buildCase(api, { owner });
    const evidence = await buildEvidence(api, { owner, inCase });
    await api.put(`/cases/${other.id}/evidence/${evidence.id}`, owner);
    const isNew = async (id: string) =>
      (await api.get(`/cases/${id}/evidence`, owner)).body.data[0].isNew;
    expect(await isNew(inCase.id)).toBe(true);
    expect((await api.post(`/cases/${inCase.id}/evidence/seen`, owner)).status).toBe(204);
    expect([await isNew(inCase.id), await isNew(other.id)]).toEqual([false, true]);
  });

  it('is searched by words and by state, page by page', async () => {
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    const build = (fields: object) => buildEvidence(api, { owner, inCase, fields });
    const [door, yard] = [
      await build({ title: 'Door', fileName: 'cam/door.mp4' }),
      await build({ title: 'Yard', tags: ['night'], state: 'quarantined' }),
    ];
    const list = async (query: string) =>
      idsOf(await api.get(`/cases/${inCase.id}/evidence?${query}`, owner));
    expect(await list('query=cam%2FDOOR')).toEqual([door.id]);
    expect(await list('query=night')).toEqual([yard.id]);
    expect(await list('status=quarantined')).toEqual([yard.id]);
    const page = await api.get(`/cases/${inCase.id}/evidence?limit=1`, owner);
    expect([idsOf(page), page.body.page.total]).toEqual([[door.id], 2]);
    expect(await list(`limit=1&cursor=${page.body.page.next}`)).toEqual([yard.id]);
  });
});

describe('exports', () => {
  it('have a row for each case that is found, with formulas made inert', async () => {
    const owner = await buildUser(api, { name: '=cmd|calc' });
    await buildCase(api, { owner, caseNumber: '2026-1', title: '=HYPERLINK("http://x","y")' });
    await buildCase(api, { owner, caseNumber: '2026-2', title: 'Plain' });
    const answer = await api.get('/cases/export.csv?query=2026-1', owner);
    expect(answer.headers.get('Content-Type')).toMatch(/^text\/csv/);
    expect(answer.headers.get('Content-Disposition')).toBe('attachment; filename="cases.csv"');
    const lines = answer.body.trimEnd().split('\r\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/^\ufeff?Case Number,Title,/);
    expect(lines[1]).toContain(`2026-1,"'=HYPERLINK(""http://x"",""y"")"`);
    expect(lines[1]).toContain(`'=cmd|calc`);
  });

  it('have a row for each piece of evidence, through as many batches as it takes', async () => {
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    const evidence = await buildEvidence(api, { owner, inCase, fields: { title: '@SUM(A1)' } });
    const em = api.database.em.fork();
    await em.execute(
      `insert into evidence (id, organization_id, evidence_number, title, state, file_name, content_type, size,
         sha256, crc32, object_key, uploaded_at, uploaded_by, owner_id, assignee_id, created_at, updated_at)
       select gen_random_uuid(), e.organization_id, 'X-' || n, 'Row ' || n, 'active', 'f', 'a/b', 1, e.sha256, 1,
         e.object_key || n, now(), e.uploaded_by, e.owner_id, e.assignee_id, now(), now()
       from evidence e, generate_series(1, 1100) as n where e.id = ?`,
      [evidence.id],
    );
    await em.execute(
      `insert into case_evidence (case_id, evidence_id, added_at)
       select ?, id, now() from evidence where organization_id = ? on conflict do nothing`,
      [inCase.id, owner.organizationId],
    );
    const { body } = await api.get(`/cases/${inCase.id}/evidence/export.csv`, owner);
    const lines = body.trimEnd().split('\r\n');
    expect(new Set(lines).size).toBe(1 + 1101);
    expect(body).toContain(`'@SUM(A1)`);
  });
});
