/** Cases: how they are searched, read, changed and exported. */
import { idsOf, pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { recordOf } from '../../../test/support/events.ts';
import {
  buildCase,
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

describe('changing a case', () => {
  it('to what it is already has no effect, no event and no new version', async () => {
    const owner = await buildUser(api);
    const { id, title } = await buildCase(api, { owner, tags: ['night'] });
    const members = [{ type: 'user', id: owner.id }];
    const etag = (await api.patch(`/cases/${id}`, owner, { members })).headers.get('ETag');
    const before = await recordOf(api, id);
    for (const change of [{}, { title, tags: ['night'], description: null }, { members }]) {
      const answer = await api.patch(`/cases/${id}`, owner, change);
      expect([answer.status, answer.headers.get('ETag')]).toEqual([200, etag]);
    }
    expect(await recordOf(api, id)).toEqual(before);
    await api.patch(`/cases/${id}`, owner, { title, status: 'closed' });
    expect((await recordOf(api, id)).at(-1)?.data).toEqual({ fields: ['status'] });
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
    expect(pointersOf(refused).toSorted()).toEqual(['/members/1', '/members/2', '/ownerId']);
    const members = [{ type: 'user', id: owner.id }];
    const changed = await api.patch(`/cases/${id}`, owner, {
      ownerId: next.id,
      members: [...members, ...members],
    });
    expect(changed.body).toMatchObject({ owner: { id: next.id }, members });
    expect((await api.patch(`/cases/${id}`, next, { members: [] })).body.members).toEqual([]);
  });
});

it('an export has a row for each case that is found, with formulas made inert', async () => {
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
