/** Updates of a copy: what they add, what they leave alone, and how they queue. */
import { randomBytes } from 'node:crypto';
import { startApi, type TestAnswer, type TestApi } from '../../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copySlice,
  liveCopy,
  shareCopy,
  targetOf,
  turnCopy,
} from '../../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildUser,
} from '../../../test/support/factories.ts';
import { newId } from '../../ids.ts';

let api: TestApi;
let pair: CopyingPair;
beforeAll(async () => {
  api = await startApi();
  pair = await buildCopyingPair(api);
});
afterAll(async () => api.stop());

async function sql<T>(statement: string, values: readonly unknown[]): Promise<T[]> {
  return api.database.em.fork().execute<T[]>(statement, [...values]);
}

type Fields = NonNullable<Parameters<typeof buildEvidence>[1]>['fields'];

async function add(caseId: string, fields: Fields = {}) {
  return buildEvidence(api, {
    owner: pair.sender,
    inCase: { id: caseId as never },
    content: randomBytes(20),
    ...(fields === undefined ? {} : { fields }),
  });
}

/** A case with this many pieces of evidence, copied. */
async function delivered(count: number, fields: object = {}) {
  const inCase = await buildCase(api, { owner: pair.sender });
  for (let made = 0; made < count; made += 1) await add(inCase.id, { title: `Item ${made}` });
  const { id } = await shareCopy(api, pair, inCase.id, fields);
  await liveCopy(api, id);
  return { inCase, shareId: id, target: (await targetOf(api, id)) ?? '' };
}

async function update(shareId: string, body?: object): Promise<TestAnswer> {
  return api.post(`/shares/${shareId}/updates`, pair.sender, body);
}

async function updates(shareId: string) {
  return (await api.get(`/shares/${shareId}/updates`, pair.sender)).body.data;
}

async function titlesOf(target: string): Promise<string[]> {
  const { body } = await api.get(`/cases/${target}/evidence`, pair.receiver);
  return body.data.map(({ title }: { title: string }) => title).sort();
}

async function outOfDate(caseId: string): Promise<number> {
  return (await api.get(`/cases/${caseId}`, pair.sender)).body.copiesOutOfDate;
}

test('a case says that a copy lacks evidence that was added, until an update brings it', async () => {
  const { inCase, shareId, target } = await delivered(1);
  expect(await outOfDate(inCase.id)).toBe(0);
  await add(inCase.id, { title: 'Later' });
  expect(await outOfDate(inCase.id)).toBe(1);
  const asked = await update(shareId);
  expect(asked.status).toBe(202);
  expect(asked.body).toMatchObject({ shareId, state: 'waiting', progress: { done: 0, total: 20 } });
  expect((await api.get(`/shares/${shareId}`, pair.sender)).body.state).toBe('updating');
  expect(await outOfDate(inCase.id)).toBe(1);
  await liveCopy(api, shareId);
  expect(await titlesOf(target)).toEqual(['Item 0', 'Later']);
  expect(await outOfDate(inCase.id)).toBe(0);
  expect(await updates(shareId)).toMatchObject([{ id: asked.body.id, state: 'delivered' }]);
  expect((await api.get(`/shares/${shareId}`, pair.sender)).body.state).toBe('delivered');
});

test('what the partner changed, renamed or took away stays as the partner has it', async () => {
  const { inCase, shareId, target } = await delivered(3);
  const { body } = await api.get(`/cases/${target}/evidence`, pair.receiver);
  const [one, two, three] = body.data;
  await api.patch(`/evidence/${one.id}`, pair.receiver, { title: 'Renamed', tags: ['ours'] });
  await api.delete(`/cases/${target}/evidence/${two.id}`, pair.receiver);
  await sql(`update evidence set state = 'destroyed' where id = ?`, [three.id]);
  await api.patch(`/cases/${target}`, pair.receiver, { title: 'Our title', caseNumber: 'OURS-1' });
  await api.patch(`/cases/${inCase.id}`, pair.sender, { title: 'Their new title' });
  const [gone] = (await api.get(`/cases/${inCase.id}/evidence`, pair.sender)).body.data;
  await api.delete(`/cases/${inCase.id}/evidence/${gone.id}`, pair.sender);
  await add(inCase.id, { title: 'Later' });
  await update(shareId);
  await liveCopy(api, shareId);
  expect(await titlesOf(target)).toEqual(['Later', 'Renamed']);
  const after = await api.get(`/cases/${target}`, pair.receiver);
  expect(after.body).toMatchObject({ title: 'Our title', caseNumber: 'OURS-1' });
  const [{ tags }] = await sql<{ tags: string[] }>(
    'select to_json(tags) as tags from evidence where id = ?',
    [one.id],
  ).then((rows) => [rows[0] ?? { tags: [] }] as const);
  expect(tags).toEqual(['ours']);
});

test('updates queue one behind the other, and none brings twice what another brought', async () => {
  const { inCase, shareId, target } = await delivered(1);
  await add(inCase.id, { title: 'Second' });
  await update(shareId);
  await add(inCase.id, { title: 'Third' });
  await update(shareId);
  await turnCopy(api, shareId);
  expect((await updates(shareId)).map(({ state }: { state: string }) => state)).toEqual([
    'copying',
    'waiting',
  ]);
  await copySlice(api, shareId);
  await liveCopy(api, shareId);
  const ended = await updates(shareId);
  expect(ended.map(({ state }: { state: string }) => state)).toEqual(['delivered', 'delivered']);
  expect(ended.map(({ evidenceIds }: { evidenceIds: string[] }) => evidenceIds.length)).toEqual([
    1, 1,
  ]);
  expect(await titlesOf(target)).toEqual(['Item 0', 'Second', 'Third']);
});

test('an update to which those before it leave nothing ends as well, and holds up nobody', async () => {
  const { inCase, shareId, target } = await delivered(1);
  await add(inCase.id, { title: 'Second' });
  for (let asked = 0; asked < 3; asked += 1) await update(shareId);
  await liveCopy(api, shareId);
  const ended = await updates(shareId);
  expect(ended.map(({ state }: { state: string }) => state)).toEqual(Array(3).fill('delivered'));
  expect(await titlesOf(target)).toEqual(['Item 0', 'Second']);
});

test('of a selection an update brings what is named, which joins the selection', async () => {
  const inCase = await buildCase(api, { owner: pair.sender });
  const [first, second] = [
    await add(inCase.id, { title: 'A' }),
    await add(inCase.id, { title: 'B' }),
  ];
  const scope = { type: 'selected', evidenceIds: [first.id] };
  const { id } = await shareCopy(api, pair, inCase.id, { scope });
  await liveCopy(api, id);
  const target = (await targetOf(api, id)) ?? '';
  expect(await titlesOf(target)).toEqual(['A']);
  expect(await outOfDate(inCase.id)).toBe(0);
  await update(id);
  await liveCopy(api, id);
  expect(await titlesOf(target)).toEqual(['A']);
  expect((await update(id, { evidenceIds: [second.id] })).status).toBe(202);
  await liveCopy(api, id);
  expect(await titlesOf(target)).toEqual(['A', 'B']);
  const { body } = await api.get(`/shares/${id}`, pair.sender);
  expect(body.scope).toEqual({ type: 'selected', evidenceIds: [first.id, second.id] });
});

test('multicam groups keep one counterpart, which evidence of an update joins', async () => {
  const inCase = await buildCase(api, { owner: pair.sender });
  const multicamGroup = newId();
  await add(inCase.id, { multicamGroup });
  const { id } = await shareCopy(api, pair, inCase.id);
  await liveCopy(api, id);
  await add(inCase.id, { multicamGroup });
  await update(id);
  await liveCopy(api, id);
  const groups = await sql<{ multicam_group: string }>(
    `select distinct e.multicam_group from case_evidence ce join evidence e on e.id = ce.evidence_id
     where ce.case_id = ?`,
    [await targetOf(api, id)],
  );
  expect(groups).toHaveLength(1);
  expect(groups[0]?.multicam_group).not.toBe(multicamGroup);
});

test('a copied group is shown as the original one until a group is set, and does not come back', async () => {
  const group = await buildGroup(api, pair.source);
  const inCase = await buildCase(api, { owner: pair.sender });
  await add(inCase.id, { evidenceGroupId: group.id });
  const { id } = await shareCopy(api, pair, inCase.id);
  await liveCopy(api, id);
  const { body } = await api.get(`/cases/${await targetOf(api, id)}/evidence`, pair.receiver);
  const [copy] = body.data;
  expect(copy).toMatchObject({ evidenceGroup: null, originalEvidenceGroup: group.name });
  const own = await buildGroup(api, pair.partner);
  const set = await api.patch(`/evidence/${copy.id}`, pair.receiver, { evidenceGroupId: own.id });
  expect(set.body).toMatchObject({ evidenceGroup: { id: own.id }, originalEvidenceGroup: null });
  const back = await api.patch(`/evidence/${copy.id}`, pair.receiver, { evidenceGroupId: null });
  expect(back.body).toMatchObject({ evidenceGroup: null, originalEvidenceGroup: null });
});

describe('an update is refused', () => {
  test('where it names evidence of an entire case, or what is not active in it', async () => {
    const { inCase, shareId } = await delivered(1);
    const later = await add(inCase.id);
    const named = await update(shareId, { evidenceIds: [later.id] });
    expect([named.status, named.body.errors[0].pointer]).toEqual([422, '/evidenceIds']);
    const [first] = (await api.get(`/cases/${inCase.id}/evidence`, pair.sender)).body.data;
    const scope = { type: 'selected', evidenceIds: [first.id] };
    const { id } = await shareCopy(api, pair, inCase.id, { scope });
    const foreign = await update(id, { evidenceIds: [first.id, newId()] });
    expect(foreign.body.errors).toMatchObject([{ pointer: '/evidenceIds/1' }]);
  });

  test('to another user of the organization without case.share for any case', async () => {
    const { shareId } = await delivered(1);
    const other = await buildUser(api, { organization: pair.source, roles: ['investigator'] });
    expect((await api.post(`/shares/${shareId}/updates`, other)).status).toBe(403);
    const stranger = await api.post(`/shares/${shareId}/updates`, pair.receiver);
    expect(stranger.status).toBe(404);
    expect((await api.get(`/shares/${shareId}/updates`, pair.receiver)).status).toBe(404);
    expect((await api.post(`/shares/${shareId}/cancel`, pair.receiver)).status).toBe(404);
  });

  test('of a share that is no copy', async () => {
    const inCase = await buildCase(api, { owner: pair.sender });
    await add(inCase.id);
    const link = await api.post(`/cases/${inCase.id}/shares`, pair.sender, {
      method: 'download_link',
      format: 'zip',
      scope: { type: 'entire_case' },
    });
    expect((await update(link.body.id)).body.code).toBe('wrong-state');
  });
});
