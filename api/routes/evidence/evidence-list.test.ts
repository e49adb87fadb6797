import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildOrganization,
  buildUser,
  buildUserWith,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let category: { readonly id: string };
/** Titles of evidence: held; dated, of a category, in the case; plain. */
const TITLES = ['Held', 'Dated', 'Plain'] as const;

beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api, { timeZone: 'America/Chicago' });
  owner = await buildUser(api, { organization, name: 'Olga Owner' });
  inCase = await buildCase(api, { owner });
  await api.patch(`/cases/${inCase.id}`, owner, {
    retentionPolicy: 'individual_evidence_retention',
  });
  category = await buildCategory(api, organization, { retentionDays: 10_000 });
  const recordedAt = new Date('2026-01-01T04:30:00.000Z');
  for (const title of TITLES) {
    const fields = { title, recordedAt };
    const { id } = await buildEvidence(api, { owner, inCase, fields });
    if (title === 'Held') await api.put(`/evidence/${id}/hold`, owner, { reason: '=An appeal' });
    if (title === 'Dated') {
      await api.patch(`/evidence/${id}`, owner, { categoryIds: [category.id] });
    }
  }
});
afterAll(async () => api.stop());

/** 10,000 days later it is the 19th in UTC, and an evening of the 18th where the organization is. */
const DAY = '2053-05-18';
const BEFORE = '2053-05-17';
const AFTER = '2053-05-19';

async function found(path: string, as = owner): Promise<string[]> {
  const { status, body } = await api.get(path, as);
  expect(status).toBe(200);
  expect(body.page.total).toBe(body.data.length);
  return body.data.map(({ title }: { title: string }) => title).sort();
}

const lists = () => ['/evidence?', `/cases/${inCase.id}/evidence?`] as const;

test.each([
  ['', ['Dated', 'Held', 'Plain']],
  ['onHold=true', ['Held']],
  ['onHold=false', ['Dated', 'Plain']],
  [`queuedForDeletionFrom=${DAY}`, ['Dated']],
  [`queuedForDeletionTo=${DAY}`, ['Dated']],
  [`queuedForDeletionFrom=${AFTER}`, []],
  [`queuedForDeletionTo=${BEFORE}`, []],
  [`queuedForDeletionFrom=${DAY}&queuedForDeletionTo=${DAY}&onHold=true`, []],
  ['query=plain', ['Plain']],
] as const)('both lists of evidence filter by %s', async (filter, titles) => {
  for (const list of lists()) expect(await found(`${list}${filter}`)).toEqual(titles);
});

test('both lists filter by category and state', async () => {
  for (const list of lists()) {
    expect(await found(`${list}categoryId=${category.id}`)).toEqual(['Dated']);
  }
  expect(await found('/evidence?state=active')).toEqual(['Dated', 'Held', 'Plain']);
  expect(await found('/evidence?state=queued_for_deletion')).toEqual([]);
  expect((await api.get('/evidence?state=destroyed', owner)).status).toBe(422);
});

test('the list has what somebody may view, page by page, and nothing else', async () => {
  const own = await buildUserWith(api, organization, { 'evidence.view': 'own' });
  expect(await found('/evidence', own)).toEqual([]);
  await buildEvidence(api, { owner: own, fields: { title: 'Of another' } });
  const [assigned, listed] = [
    await buildEvidence(api, { owner }),
    await buildEvidence(api, { owner }),
  ];
  await api.patch(`/evidence/${assigned.id}`, owner, { title: 'Assigned', assigneeId: own.id });
  await api.patch(`/evidence/${listed.id}`, owner, {
    title: 'Listed',
    accessList: [{ type: 'user', id: own.id }],
  });
  expect(await found('/evidence', own)).toEqual(['Assigned', 'Listed', 'Of another']);
  await api.patch(`/cases/${inCase.id}`, owner, { members: [{ type: 'user', id: own.id }] });
  expect(await found('/evidence', own)).toHaveLength(6);
  const first = await api.get('/evidence?limit=4', own);
  const rest = await api.get(`/evidence?limit=4&cursor=${first.body.page.next}`, own);
  expect([first.body.page, rest.body.page]).toMatchObject([{ count: 4, total: 6 }, { count: 2 }]);
  const none = await buildUserWith(api, organization, { 'case.edit': 'any' });
  expect(await found('/evidence', none)).toEqual([]);
  expect(await found('/evidence', await buildUser(api))).toEqual([]);
});

test('what a community member has sent and not handed in is in no list', async () => {
  const other = await buildUser(api);
  const { id } = await buildEvidence(api, { owner: other });
  await api.database.em.fork().execute(
    `update evidence set state = 'verifying', uploaded_by = uploaded_by || '{"type": "community_member"}'
       where id = ?`,
    [id],
  );
  expect(await found('/evidence', other)).toEqual([]);
});

test('the export says when evidence is queued, and why and by whom it is held', async () => {
  const { body } = await api.get(`/cases/${inCase.id}/evidence/export.csv?onHold=true`, owner);
  const [header, row] = String(body).split('\r\n');
  expect(header).toContain('Queued For Deletion On,Hold,Held By,Held On');
  expect(row).toContain(`,'=An appeal,Olga Owner,`);
  const dated = await api.get(`/cases/${inCase.id}/evidence/export.csv?query=dated`, owner);
  expect(dated.body).toContain('2053-05-19T04:30:00.000Z');
});
