/** Partner access as it is changed: by whom, to what, and what counts as shared from then on. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import {
  buildAccess,
  buildPartnerWithUsers,
  type TestPartner,
} from '../../../test/support/access.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
  buildUserWith,
} from '../../../test/support/factories.ts';

const DAY = 86_400_000;

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence[];
let partner: TestPartner;
let users: User[];
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  partner = await buildPartnerWithUsers(api, organization, 2);
  users = [...partner.users];
});
beforeEach(async () => {
  inCase = await buildCase(api, { owner });
  evidence = [
    await buildEvidence(api, { owner, inCase }),
    await buildEvidence(api, { owner, inCase }),
  ];
});
afterAll(() => api.stop());

type Choice = Parameters<typeof buildAccess>[4];
const give = (choice: Choice = {}) => buildAccess(api, owner, inCase, partner, choice);

const change = (share: { id: string }, fields: object, as: User = owner, headers = {}) =>
  api.patch(`/shares/${share.id}`, as, fields, headers);

const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);

const expire = (share: { id: string }) =>
  sql(
    `update shares set expires_at = clock_timestamp() - interval '1 millisecond' where id = ?`,
    share.id,
  );

/** The evidence that a share has given to its partner so far. */
async function shared(share: { id: string }): Promise<unknown[]> {
  const rows = await sql(
    'select source_evidence_id as id from shared_evidence where share_id = ? order by shared_at, source_evidence_id',
    share.id,
  );
  return rows.map(({ id }) => id);
}

const seenBy = async (user: User | undefined, share: { id: string }): Promise<number | null> => {
  const answer = await api.get(`/shared-with-me/${share.id}/evidence`, user as User);
  return answer.status === 200 ? answer.body.page.total : null;
};

describe('the duration', () => {
  test('counts from the change, under the version that was read', async () => {
    const share = await give({ durationDays: 2 });
    const read = await api.get(`/shares/${share.id}`, owner);
    const etag = read.headers.get('ETag') ?? '';
    const stale = await change(share, { durationDays: 9 }, owner, { 'If-Match': '"v99"' });
    expect(stale.body.code).toBe('precondition-failed');
    const before = Date.now();
    const changed = await change(share, { durationDays: 9 }, owner, { 'If-Match': etag });
    expect(changed.body).toMatchObject({ durationDays: 9, state: 'active' });
    expect(changed.headers.get('ETag')).not.toBe(etag);
    const off = Date.parse(changed.body.expiresAt) - before - 9 * DAY;
    expect(Math.abs(off)).toBeLessThan(60_000);
  });

  test('cannot be beyond the maximum, nor given to an entire organization', async () => {
    const share = await give();
    const beyond = await change(share, { durationDays: 366 });
    expect(beyond.body.errors).toMatchObject([{ pointer: '/durationDays' }]);
    const open = await give({ recipients: 'entire_organization', durationDays: undefined });
    const refused = await change(open, { durationDays: 5 });
    expect(refused.body.errors).toMatchObject([{ pointer: '/durationDays' }]);
  });

  test('brings expired access back, with what came into the case meanwhile', async () => {
    const share = await give();
    await expire(share);
    const late = await buildEvidence(api, { owner });
    await api.put(`/cases/${inCase.id}/evidence/${late.id}`, owner);
    expect([await seenBy(users[0], share), (await shared(share)).length]).toEqual([null, 2]);
    expect((await change(share, { access: 'view' })).body.code).toBe('wrong-state');
    const back = await change(share, { durationDays: 3, access: 'view' });
    expect(back.body).toMatchObject({ state: 'active', access: 'view' });
    expect(await seenBy(users[0], share)).toBe(3);
    expect(await shared(share)).toContain(late.id);
  });
});

test('expired access comes back without end by giving it to the entire organization', async () => {
  const share = await give();
  await expire(share);
  const late = await buildEvidence(api, { owner });
  await api.put(`/cases/${inCase.id}/evidence/${late.id}`, owner);
  const others = [{ type: 'user', id: users[0]?.id }];
  expect((await change(share, { recipients: others })).body.code).toBe('wrong-state');
  const all = await change(share, { recipients: 'entire_organization' });
  expect(all.body).toMatchObject({ state: 'active', durationDays: null, expiresAt: null });
  expect(await seenBy(users[1], share)).toBe(3);
  expect(await shared(share)).toContain(late.id);
});

describe('the scope', () => {
  test('of a selection changes with what its creator selects', async () => {
    const share = await give({
      scope: { type: 'selected', evidenceIds: [evidence[0]?.id as never] },
    });
    expect(await seenBy(users[0], share)).toBe(1);
    const evidenceIds = [evidence[1]?.id];
    const changed = await change(share, { scope: { type: 'selected', evidenceIds } });
    expect(changed.body.scope).toEqual({ type: 'selected', evidenceIds });
    expect(await seenBy(users[0], share)).toBe(1);
    expect(new Set(await shared(share))).toEqual(new Set(evidence.map(({ id }) => id)));
  });

  test('of a selection takes in active evidence of the case only', async () => {
    const share = await give({
      scope: { type: 'selected', evidenceIds: [evidence[0]?.id as never] },
    });
    const waiting = await buildEvidence(api, {
      owner,
      inCase,
      fields: { state: 'triage_pending' },
    });
    const refused = await change(share, {
      scope: { type: 'selected', evidenceIds: [evidence[1]?.id, waiting.id] },
    });
    expect(refused.body.errors).toMatchObject([{ pointer: '/scope/evidenceIds/1' }]);
    expect(await shared(share)).toEqual([evidence[0]?.id]);
  });

  test('can become the entire case, and a selection again', async () => {
    const share = await give({
      scope: { type: 'selected', evidenceIds: [evidence[0]?.id as never] },
    });
    await change(share, { scope: { type: 'entire_case' } });
    expect([await seenBy(users[0], share), (await shared(share)).length]).toEqual([2, 2]);
    const evidenceIds = [evidence[1]?.id];
    await change(share, { scope: { type: 'selected', evidenceIds } });
    expect(await seenBy(users[0], share)).toBe(1);
  });

  test('that is the entire case takes in what is added, a selection does not', async () => {
    const [entire, selected] = [
      await give(),
      await give({ scope: { type: 'selected', evidenceIds: [evidence[0]?.id as never] } }),
    ];
    const added = await buildEvidence(api, { owner });
    await api.put(`/cases/${inCase.id}/evidence/${added.id}`, owner);
    expect([await seenBy(users[0], entire), await seenBy(users[0], selected)]).toEqual([3, 1]);
    expect(await shared(entire)).toContain(added.id);
    expect(await shared(selected)).toEqual([evidence[0]?.id]);
  });

  test('loses what leaves the case, also when that comes back', async () => {
    const ids = evidence.map(({ id }) => id);
    const selected = await give({ scope: { type: 'selected', evidenceIds: ids } });
    const entire = await give();
    const before = await api.get(`/shares/${selected.id}`, owner);
    const path = `/cases/${inCase.id}/evidence/${ids[0]}`;
    await api.delete(path, owner);
    expect([await seenBy(users[0], selected), await seenBy(users[0], entire)]).toEqual([1, 1]);
    const after = await api.get(`/shares/${selected.id}`, owner);
    expect(after.body.scope.evidenceIds).toEqual([ids[1]]);
    expect(after.headers.get('ETag')).not.toBe(before.headers.get('ETag'));
    await api.put(path, owner);
    expect([await seenBy(users[0], selected), await seenBy(users[0], entire)]).toEqual([1, 2]);
  });

  test('cannot give evidence that its creator may not share', async () => {
    const sharer = await buildUserWith(api, organization, {
      'case.share': 'any',
      'case.shareExternally': 'any',
      'evidence.share': 'own',
      'evidence.shareExternally': 'own',
    });
    const own = await buildEvidence(api, { owner: sharer, inCase });
    const scope = { type: 'selected', evidenceIds: [own.id] } as const;
    const share = await buildAccess(api, sharer, inCase, partner, { scope });
    const refused = await change(share, { scope: { type: 'entire_case' } }, sharer);
    expect([refused.status, refused.body.missing]).toEqual([
      403,
      ['evidence.share', 'evidence.shareExternally'],
    ]);
  });
});

describe('the recipients', () => {
  test('are all that are named: others have no access any more', async () => {
    const share = await give();
    const changed = await change(share, { recipients: [{ type: 'user', id: users[1]?.id }] });
    expect(changed.body.recipients).toMatchObject([{ id: users[1]?.id }]);
    expect([await seenBy(users[0], share), await seenBy(users[1], share)]).toEqual([null, 2]);
    await change(share, { recipients: users.map(({ id }) => ({ type: 'user', id })) });
    expect([await seenBy(users[0], share), await seenBy(users[1], share)]).toEqual([2, 2]);
  });

  test('can become the entire organization, without end, and users again, with days', async () => {
    const colleague = await buildUser(api, { organization: partner.organization });
    const share = await give({ access: 'view' });
    const refused = await change(share, { recipients: 'entire_organization' });
    expect(refused.body.errors).toMatchObject([{ pointer: '/access' }]);
    const all = await change(share, {
      recipients: 'entire_organization',
      access: 'view_and_download',
    });
    expect(all.body).toMatchObject({ recipients: 'entire_organization', expiresAt: null });
    expect(await seenBy(colleague, share)).toBe(2);
    const few = await change(share, { recipients: [{ type: 'user', id: users[0]?.id }] });
    expect(few.body).toMatchObject({ durationDays: 90, state: 'active' });
    expect([await seenBy(colleague, share), await seenBy(users[0], share)]).toEqual([null, 2]);
  });
});

test('a change that changes nothing leaves the version as it is', async () => {
  const share = await give();
  const read = await api.get(`/shares/${share.id}`, owner);
  const recipients = users.map(({ id }) => ({ type: 'user', id }));
  const same = await change(share, { access: 'view_and_download', recipients });
  expect(same.headers.get('ETag')).toBe(read.headers.get('ETag'));
});

test('whatever gives more needs the partner to be one that may receive; less is always possible', async () => {
  const other = await buildPartnerWithUsers(api, organization, 2);
  const share = await buildAccess(api, owner, inCase, other, { access: 'view' });
  await api.patch(`/partners/${other.partnership.id}`, other.users[0] as User, {
    mayReceiveFrom: false,
  });
  for (const more of [{ durationDays: 30 }, { access: 'view_and_download' }]) {
    expect((await change(share, more)).body.code).toBe('partner-direction-missing');
  }
  const fewer = await change(share, { recipients: [{ type: 'user', id: other.users[0]?.id }] });
  expect(fewer.status).toBe(200);
});

test('only the creator and who may share any case changes and revokes it', async () => {
  const creator = await buildUser(api, { organization });
  const share = await buildAccess(api, creator, inCase, partner);
  const colleague = await buildUserWith(api, organization, { 'case.share': 'own' });
  const senior = await buildUserWith(api, organization, { 'case.share': 'any' });
  for (const answer of [
    await change(share, { access: 'view' }, colleague),
    await api.post(`/shares/${share.id}/revoke`, colleague),
  ]) {
    expect([answer.status, answer.body.missing]).toEqual([403, ['case.share']]);
  }
  for (const answer of [
    await change(share, { access: 'view' }, users[0]),
    await api.post(`/shares/${share.id}/revoke`, users[0] as User),
  ]) {
    expect(answer.status).toBe(404);
  }
  expect((await change(share, { access: 'view' }, senior)).status).toBe(200);
  expect((await api.post(`/shares/${share.id}/revoke`, creator)).status).toBe(200);
});

test('a download link takes a duration and nothing else', async () => {
  const link = await api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
  });
  const refused = await change(link.body, { access: 'view', recipients: 'entire_organization' });
  expect(pointersOf(refused).sort()).toEqual(['/access', '/durationDays', '/recipients']);
});
