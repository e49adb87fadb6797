/** What a recipient of partner access reads: what it is given, as it is now, and nothing else. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import {
  buildAccess,
  buildPartnerWithUsers,
  type TestPartner,
} from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence;
let partner: TestPartner;
let recipient: User;
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner, title: 'Burglary', tags: ['mill'], accused: 'A. Person' });
  evidence = await buildEvidence(api, {
    owner,
    inCase,
    fields: {
      tags: ['night'],
      customMetadata: { camera: 'north' },
      location: { latitude: 1, longitude: 2, address: null },
      classification: 'restricted',
      hold: { reason: 'appeal', by: owner.id, at: '2026-01-01T00:00:00.000Z' },
      sensitiveContentWarning: true,
    },
  });
  await api.post(`/evidence/${evidence.id}/notes`, owner, { text: 'our own remark' });
  await api.post(`/evidence/${evidence.id}/markers`, owner, {
    kind: 'manual',
    atSeconds: 3,
    text: 'our own marker',
  });
  partner = await buildPartnerWithUsers(api, organization, 1);
  [recipient] = partner.users as [User];
});
afterAll(() => api.stop());

const get = (path: string, as: User = recipient) => api.get(`/shared-with-me${path}`, as);
const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute(statement, values);

test('a recipient reads the case, whose it is, and what it may do', async () => {
  const share = await buildAccess(api, owner, inCase, partner, { message: 'As promised' });
  const { status, body } = await get(`/${share.id}`);
  expect(status).toBe(200);
  expect(body).toEqual({
    id: share.id,
    from: { id: organization.id, slug: organization.slug, name: 'Northfield Police' },
    sharedBy: { name: owner.name },
    case: { caseNumber: inCase.caseNumber, title: 'Burglary', description: null, tags: ['mill'] },
    access: 'view_and_download',
    message: 'As promised',
    evidenceCount: 1,
    sharedAt: share.createdAt.toISOString(),
    expiresAt: share.expiresAt?.toISOString(),
  });
});

test('of evidence it reads what a copy would hold, and nothing of the work on it', async () => {
  const share = await buildAccess(api, owner, inCase, partner, { access: 'view' });
  const { body } = await get(`/${share.id}/evidence/${evidence.id}`);
  expect(body).toMatchObject({
    id: evidence.id,
    file: { name: 'cam3.mp4', contentType: 'video/mp4', sha256: evidence.sha256 },
    tags: ['night'],
    customMetadata: { camera: 'north' },
    location: { latitude: 1, longitude: 2 },
    sensitiveContentWarning: true,
    uploadedBy: { name: owner.name },
    preview: 'video',
    mayDownload: false,
  });
  const text = JSON.stringify([body, (await get(`/${share.id}/evidence`)).body]);
  for (const secret of [
    owner.id,
    inCase.id,
    'remark',
    'marker',
    'appeal',
    'restricted',
    'accessList',
  ]) {
    expect(text).not.toContain(secret);
  }
});

test('it sees the present state, not that of the moment of sharing', async () => {
  const share = await buildAccess(api, owner, inCase, partner);
  await api.patch(`/evidence/${evidence.id}`, owner, { title: 'Renamed' });
  await api.patch(`/cases/${inCase.id}`, owner, { title: 'Robbery' });
  expect((await get(`/${share.id}/evidence/${evidence.id}`)).body.title).toBe('Renamed');
  expect((await get(`/${share.id}`)).body.case.title).toBe('Robbery');
});

test('lists come page by page, newest shares and oldest evidence first', async () => {
  const reader = await buildPartnerWithUsers(api, organization, 1);
  const as = reader.users[0] as User;
  const vast = await buildCase(api, { owner });
  const made: string[] = [];
  for (let n = 0; n < 3; n += 1) {
    await buildEvidence(api, { owner, inCase: vast });
    made.unshift((await buildAccess(api, owner, vast, reader)).id);
  }
  const one = await get('?limit=2', as);
  const two = await get(`?limit=2&cursor=${one.body.page.next}`, as);
  expect([...one.body.data, ...two.body.data].map(({ id }) => id)).toEqual(made);
  expect(two.body.page).toEqual({ count: 1, total: 3, next: null });
  const files = await get(`/${made[0]}/evidence?limit=2`, as);
  expect(files.body.page).toMatchObject({ count: 2, total: 3, next: expect.any(String) });
});

describe('a share is in the list and opens', () => {
  const seen = async (share: { id: string }, as: User) => {
    const listed = await get('?limit=500', as);
    const isListed = listed.body.data.some(({ id }: { id: string }) => id === share.id);
    const opened = await Promise.all(
      ['', '/evidence', `/evidence/${evidence.id}`].map((rest) => get(`/${share.id}${rest}`, as)),
    );
    const statuses = new Set(opened.map(({ status }) => status));
    expect(statuses).toEqual(new Set([isListed ? 200 : 404]));
    return isListed;
  };

  test('for members of a named group, as long as they are in it', async () => {
    const member = await buildUser(api, { organization: partner.organization });
    const group = await buildGroup(api, partner.organization, [member]);
    const recipients = [{ type: 'group', id: group.id }] as const;
    const share = await buildAccess(api, owner, inCase, partner, { recipients });
    expect([await seen(share, member), await seen(share, recipient)]).toEqual([true, false]);
    await api.patch(`/groups/${group.id}`, recipient, { members: [recipient.id] });
    expect([await seen(share, member), await seen(share, recipient)]).toEqual([false, true]);
  });

  test('for all users of an organization that is named, and nobody of another', async () => {
    const colleague = await buildUser(api, { organization: partner.organization });
    const other = await buildPartnerWithUsers(api, organization, 1);
    const choice = { recipients: 'entire_organization', durationDays: undefined } as const;
    const share = await buildAccess(api, owner, inCase, partner, choice);
    expect(await seen(share, colleague)).toBe(true);
    for (const stranger of [other.users[0] as User, await buildUser(api), owner]) {
      expect(await seen(share, stranger)).toBe(false);
    }
  });

  test.each([
    ['it has expired', 'update shares set expires_at = clock_timestamp() where id = ?'],
    ['it was revoked', 'update shares set revoked_at = clock_timestamp() where id = ?'],
    [
      'its recipient was removed',
      'update share_recipients set removed_at = clock_timestamp() where share_id = ?',
    ],
    [
      'the partnership ended',
      `update partners set state = 'ended', ended_at = clock_timestamp()
       where id = (select partnership_id from shares where id = ?)`,
    ],
    [
      'the partner receives no longer',
      `update partners set invitee_may_receive = false
       where id = (select partnership_id from shares where id = ?)`,
    ],
    [
      'the source sends no longer',
      `update partners set inviter_may_send = false
       where id = (select partnership_id from shares where id = ?)`,
    ],
  ])('until %s', async (_, end) => {
    const other = await buildPartnerWithUsers(api, organization, 1);
    const as = other.users[0] as User;
    const share = await buildAccess(api, owner, inCase, other);
    expect(await seen(share, as)).toBe(true);
    await sql(end, share.id);
    expect(await seen(share, as)).toBe(false);
  });

  test('whoever shares in the other direction', async () => {
    const theirCase = await buildCase(api, { owner: recipient });
    const back = { ...partner, organization, users: [owner] };
    const share = await buildAccess(api, recipient, theirCase, back);
    expect((await get(`/${share.id}`, owner)).status).toBe(200);
    expect((await get(`/${share.id}`, recipient)).status).toBe(404);
  });
});
