import type { Case } from '../../../domain/cases/case.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCase, buildUser } from '../../../test/support/factories.ts';

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  owner = await buildUser(api);
});
afterAll(() => api.stop());

async function total(query = ''): Promise<number> {
  return (await api.get(`/cases?limit=1${query}`, owner)).body.page.total;
}

/** What is kept, against the cases themselves. */
async function counted(status: string): Promise<number> {
  const [row] = await api.database.em
    .fork()
    .execute<{ count: number }[]>(
      'select count(*)::int as count from cases where organization_id = ? and status = ?',
      [owner.organizationId, status],
    );
  return row?.count ?? 0;
}

test('totals are right while cases are opened, closed and opened again at once', async () => {
  const cases: Case[] = [];
  for (let number = 0; number < 4; number += 1) cases.push(await buildCase(api, { owner }));
  const set = (index: number, status: string) =>
    api.patch(`/cases/${cases[index]?.id}`, owner, { status });
  const answers = await Promise.all([
    ...Array.from({ length: 8 }, (_, number) =>
      api.post('/cases', owner, { caseNumber: `N-${number}`, title: 'New' }),
    ),
    ...[0, 1, 2, 3, 0, 1].map((index) => set(index, 'closed')),
    ...[2, 3, 0].map((index) => set(index, 'open')),
  ]);
  expect(answers.filter(({ status }) => status >= 300)).toEqual([]);
  expect(await total()).toBe(12);
  expect(await total('&status=open')).toBe(await counted('open'));
  expect(await total('&status=closed')).toBe(await counted('closed'));
});

test('an act that fails leaves the totals as they were', async () => {
  const { id } = await buildCase(api, { owner });
  const refused = await api.patch(
    `/cases/${id}`,
    owner,
    { status: 'closed' },
    { 'If-Match': '"7"' },
  );
  expect(refused.status).toBe(412);
  const key = { 'Idempotency-Key': 'one' };
  const body = { caseNumber: 'N-1', title: 'Once' };
  await api.post('/cases', owner, body, key);
  await api.post('/cases', owner, body, key);
  expect(await total()).toBe(2);
  expect(await total('&status=closed')).toBe(0);
});

test('an organization without cases has none', async () => {
  expect(await total()).toBe(0);
});
