/** Who may share a case by a download link, and who sees that it is shared. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildRole,
  buildUser,
  buildUserWith,
} from '../../../test/support/factories.ts';

let api: TestApi;
let owner: User;
let inCase: Case;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api);
  inCase = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase });
});
afterAll(async () => api.stop());

const LINK = { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } };

async function sql(statement: string, values: unknown[]) {
  return api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);
}

test('the same idempotency key gives no link to who may not share any more', async () => {
  const organization = { id: owner.organizationId };
  const sharer = await buildUser(api, { organization });
  const headers = { 'Idempotency-Key': 'share-until-demoted' };
  const path = `/cases/${inCase.id}/shares`;
  const first = await api.post(path, sharer, LINK, headers);
  expect(first.body.link).toContain('/s/');
  const { name } = await buildRole(api, organization, { 'case.edit': 'any' });
  const [role] = await sql('select id from roles where name = ?', [name]);
  await api.patch(`/users/${sharer.id}`, owner, { roles: [role?.['id']] });
  const again = await api.post(path, sharer, LINK, headers);
  expect([again.status, again.body.code]).toEqual([403, 'permission-missing']);
  expect(JSON.stringify(again.body)).not.toContain('/s/');
});

test('another organization sees no share, and a share of its own only', async () => {
  const { body } = await api.post(`/cases/${inCase.id}/shares`, owner, LINK);
  const stranger = await buildUser(api);
  for (const answer of [
    await api.get(`/shares/${body.id}`, stranger),
    await api.patch(`/shares/${body.id}`, stranger, { durationDays: 5 }),
    await api.post(`/shares/${body.id}/revoke`, stranger),
    await api.post(`/shares/${body.id}/reshare`, stranger),
    await api.get(`/cases/${inCase.id}/shares`, stranger),
    await api.post(`/cases/${inCase.id}/shares`, stranger, LINK),
  ]) {
    expect(answer.status).toBe(404);
  }
});

test.each([
  ['case.share', 'case.shareDownloadLinks'],
  ['case.shareDownloadLinks', 'case.share'],
] as const)('a link needs %s, and the refusal names it', async (missing, granted) => {
  const organization = { id: owner.organizationId };
  const user = await buildUserWith(api, organization, {
    [granted]: 'any',
    'evidence.share': 'any',
    'evidence.shareDownloadLinks': 'any',
  });
  const answer = await api.post(`/cases/${inCase.id}/shares`, user, LINK);
  expect(answer).toMatchObject({
    status: 403,
    body: { code: 'permission-missing', missing: [missing] },
  });
});

test('own permissions do not reach evidence of others', async () => {
  const organization = { id: owner.organizationId };
  const user = await buildUserWith(api, organization, {
    'case.share': 'any',
    'case.shareDownloadLinks': 'any',
    'evidence.share': 'own',
    'evidence.shareDownloadLinks': 'any',
  });
  const answer = await api.post(`/cases/${inCase.id}/shares`, user, LINK);
  expect(answer.body).toMatchObject({ code: 'permission-missing', missing: ['evidence.share'] });
});

test('without the feature nothing is shared, and the refusal says who can switch it on', async () => {
  const organization = await buildOrganization(api, { features: [] });
  const user = await buildUser(api, { organization });
  const theirs = await buildCase(api, { owner: user });
  await buildEvidence(api, { owner: user, inCase: theirs });
  const answer = await api.post(`/cases/${theirs.id}/shares`, user, LINK);
  expect(answer).toMatchObject({
    status: 403,
    body: { code: 'feature-missing', missing: ['caseShare'] },
  });
  expect(answer.body.detail).toContain('operator');
});
