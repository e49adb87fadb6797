/** The evidence of a case: who adds it, who sees it, how it is found and exported. */
import type { User } from '../../../domain/identity/user.entity.ts';
import { idsOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { recordOf } from '../../../test/support/events.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

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
    expect(await recordOf(api, evidence.id)).toMatchObject([
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

it('an export has a row for each piece of evidence, through as many batches as it takes', async () => {
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
