/** Partner access as its creator makes, reads, changes and revokes it. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { buildPartnerWithUsers, type TestPartner } from '../../../test/support/access.ts';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildPartner,
  buildUser,
  buildUserWithout,
} from '../../../test/support/factories.ts';

const DAY = 86_400_000;

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence[];
let partner: TestPartner;
let [first, second]: User[] = [];
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner });
  evidence = [
    await buildEvidence(api, { owner, inCase }),
    await buildEvidence(api, { owner, inCase }),
  ];
  partner = await buildPartnerWithUsers(api, organization, 2);
  [first, second] = partner.users;
});
afterAll(() => api.stop());

function body(fields: object = {}) {
  return {
    method: 'partner_access',
    partnerOrganizationId: partner.organization.id,
    recipients: [{ type: 'user', id: first?.id }],
    scope: { type: 'entire_case' },
    access: 'view_and_download',
    ...fields,
  };
}

const share = async (fields: object = {}, as: User = owner) =>
  api.post(`/cases/${inCase.id}/shares`, as, body(fields));

async function pointers(fields: object): Promise<string[]> {
  const answer = await share(fields);
  expect(answer.status).toBe(422);
  return pointersOf(answer).sort();
}

const days = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / DAY;

describe('partner access is given', () => {
  test('to users, at once, for the days of the organization', async () => {
    const { status, headers, body: made } = await share({ message: 'Please look at camera 3.' });
    expect(status).toBe(201);
    expect(headers.get('Location')).toBe(`/api/v1/shares/${made.id}`);
    expect(made).toMatchObject({
      method: 'partner_access',
      state: 'active',
      caseId: inCase.id,
      scope: { type: 'entire_case' },
      partner: { id: partner.organization.id, slug: partner.organization.slug },
      recipients: [{ type: 'user', id: first?.id, name: first?.name }],
      access: 'view_and_download',
      message: 'Please look at camera 3.',
      durationDays: 90,
      revokedAt: null,
      progress: { done: 2, total: 2, unit: 'files' },
    });
    expect(days(made.createdAt, made.expiresAt)).toBe(90);
    expect(api.pokes).toContain(`partner-access:${made.id}`);
    const read = await api.get(`/shares/${made.id}`, owner);
    expect(read.body).toEqual(made);
    expect(read.headers.get('ETag')).toBe(headers.get('ETag'));
  });

  test('to users by their address, and to groups, in the order that is given', async () => {
    const group = await buildGroup(api, partner.organization, [first as User]);
    const recipients = [
      { type: 'group', id: group.id },
      { type: 'user', email: second?.email.toUpperCase() },
      { type: 'user', id: second?.id },
    ];
    expect((await share({ recipients })).body.recipients).toEqual([
      { type: 'group', id: group.id, name: group.name },
      { type: 'user', id: second?.id, name: second?.name },
    ]);
  });

  test('to an entire organization, until it is revoked', async () => {
    const made = await share({ recipients: 'entire_organization' });
    expect(made.body).toMatchObject({
      recipients: 'entire_organization',
      durationDays: null,
      expiresAt: null,
      state: 'active',
    });
    expect(await pointers({ recipients: 'entire_organization', durationDays: 5 })).toEqual([
      '/durationDays',
    ]);
    expect(await pointers({ recipients: 'entire_organization', access: 'view' })).toEqual([
      '/access',
    ]);
  });

  test('to a selection, which is evidence of the case that is active', async () => {
    const evidenceIds = [evidence[1]?.id, evidence[0]?.id];
    const made = await share({ scope: { type: 'selected', evidenceIds } });
    expect(made.body.scope).toEqual({ type: 'selected', evidenceIds });
    const elsewhere = await buildEvidence(api, { owner });
    const states = ['verifying', 'triage_pending', 'declined', 'quarantined'] as const;
    const others = [];
    for (const state of [...states, 'queued_for_deletion'] as const) {
      others.push(await buildEvidence(api, { owner, inCase, fields: { state } }));
    }
    const ids = [evidence[0]?.id, elsewhere.id, ...others.map(({ id }) => id)];
    expect(await pointers({ scope: { type: 'selected', evidenceIds: ids } })).toEqual(
      ids.slice(1).map((_, index) => `/scope/evidenceIds/${index + 1}`),
    );
  });

  test('to a case that has no evidence yet', async () => {
    const empty = await buildCase(api, { owner });
    const made = await api.post(`/cases/${empty.id}/shares`, owner, body());
    expect([made.status, made.body.progress.total]).toEqual([201, 0]);
  });

  test('once for one idempotency key', async () => {
    const headers = { 'Idempotency-Key': 'access-once' };
    const path = `/cases/${inCase.id}/shares`;
    const made = await api.post(path, owner, body(), headers);
    expect((await api.post(path, owner, body(), headers)).body).toEqual(made.body);
  });
});

describe('partner access is refused', () => {
  test('with every fault at once', async () => {
    const stranger = await buildUser(api);
    const disabled = await buildUser(api, { organization: partner.organization });
    await api.delete(`/users/${disabled.id}`, first as User);
    const recipients = [
      { type: 'user', id: stranger.id },
      { type: 'user', id: disabled.id },
      { type: 'user', email: 'nobody@example.test' },
      { type: 'group', id: stranger.id },
      { type: 'user', id: first?.id },
    ];
    const scope = { type: 'selected', evidenceIds: [stranger.id] };
    expect(await pointers({ durationDays: 366, recipients, scope })).toEqual([
      '/durationDays',
      ...recipients.slice(0, 4).map((_, index) => `/recipients/${index}`),
      '/scope/evidenceIds/0',
    ]);
    expect(await pointers({ recipients: [], durationDays: 0, access: 'all', colour: 1 })).toEqual([
      '/access',
      '/colour',
      '/durationDays',
      '/recipients',
    ]);
  });

  test.each([
    'case.share',
    'case.shareExternally',
    'evidence.share',
    'evidence.shareExternally',
  ] as const)('without %s, naming it', async (permission) => {
    const limited = await buildUserWithout(api, organization, permission);
    expect(await share({}, limited)).toMatchObject({
      status: 403,
      body: { code: 'permission-missing', missing: [permission] },
    });
  });

  test('without the features at both, naming whose are missing', async () => {
    const features = ['caseShare'] as const;
    const lacking = await buildOrganization(api, { features, name: 'Eastbrook Police' });
    await buildPartner(api, organization, lacking);
    const refused = await share({
      partnerOrganizationId: lacking.id,
      recipients: 'entire_organization',
    });
    expect(refused).toMatchObject({
      status: 403,
      body: {
        code: 'feature-missing',
        lacking: [{ organization: lacking.slug, missing: ['caseShareByReference'] }],
      },
    });
    expect(refused.body.detail).toContain('Eastbrook Police');
  });

  test('to an organization that is no partner, or whose partnership is not accepted', async () => {
    const stranger = await buildOrganization(api);
    const invited = await buildOrganization(api);
    await buildPartner(api, organization, invited, { accepted: false });
    for (const { id } of [stranger, invited]) {
      const to = { partnerOrganizationId: id, recipients: 'entire_organization' };
      expect(await pointers(to)).toEqual(['/partnerOrganizationId']);
    }
  });

  test('against a direction of the partnership, naming whose it is', async () => {
    const other = await buildPartnerWithUsers(api, organization, 1);
    const path = `/partners/${other.partnership.id}`;
    const to = { partnerOrganizationId: other.organization.id, recipients: 'entire_organization' };
    await api.patch(path, owner, { maySendTo: false });
    await api.patch(path, other.users[0] as User, { mayReceiveFrom: false });
    expect(await share(to)).toMatchObject({
      status: 403,
      body: {
        code: 'partner-direction-missing',
        lacking: [
          { organization: organization.slug, missing: 'maySendTo' },
          { organization: other.organization.slug, missing: 'mayReceiveFrom' },
        ],
      },
    });
  });

  test('to and from justice organizations: they share copies', async () => {
    const prosecutor = await buildOrganization(api, { kind: 'justice' });
    await buildPartner(api, organization, prosecutor);
    const to = { partnerOrganizationId: prosecutor.id, recipients: 'entire_organization' };
    const refused = await share(to);
    expect([refused.status, refused.body.code]).toEqual([409, 'partner-access-not-for-justice']);
    expect(refused.body.detail).toContain('copy');
    const theirs = await buildUser(api, { organization: prosecutor });
    const theirCase = await buildCase(api, { owner: theirs });
    const back = await api.post(`/cases/${theirCase.id}/shares`, theirs, {
      ...body(),
      partnerOrganizationId: organization.id,
      recipients: 'entire_organization',
    });
    expect(back.body.code).toBe('partner-access-not-for-justice');
  });

  test('for a case of another organization', async () => {
    expect((await share({}, first)).status).toBe(404);
  });
});

test('partner access is revoked once, and stays so', async () => {
  const { body: made } = await share();
  const revoked = await api.post(`/shares/${made.id}/revoke`, owner);
  expect(revoked.body.state).toBe('revoked');
  const again = await api.post(`/shares/${made.id}/revoke`, owner);
  expect(again.body).toEqual(revoked.body);
  expect((await api.patch(`/shares/${made.id}`, owner, { durationDays: 5 })).body.code).toBe(
    'wrong-state',
  );
  expect((await api.post(`/shares/${made.id}/reshare`, owner)).body.code).toBe('wrong-state');
});

test('the end of the partnership revokes it for good, also where there is a new one later', async () => {
  const other = await buildPartnerWithUsers(api, organization, 1);
  const to = { partnerOrganizationId: other.organization.id, recipients: 'entire_organization' };
  const { body: made } = await share(to);
  await api.delete(`/partners/${other.partnership.id}`, other.users[0] as User);
  const ended = await api.get(`/shares/${made.id}`, owner);
  expect(ended.body).toMatchObject({ state: 'revoked', revokedAt: expect.any(String) });
  await buildPartner(api, organization, other.organization);
  expect((await api.get(`/shares/${made.id}`, owner)).body.state).toBe('revoked');
  const seen = await api.get('/shared-with-me', other.users[0] as User);
  expect(seen.body.page.total).toBe(0);
});

test('both organizations have it on record, the particulars the one that gives', async () => {
  const { body: made } = await share();
  await api.post(`/shares/${made.id}/revoke`, owner);
  const activity = await api.get(`/shares/${made.id}/activity`, owner);
  expect(activity.body.data.map(({ action }: { action: string }) => action)).toEqual([
    'share.created',
    'share.revoked',
  ]);
  const events = await api.database.em
    .fork()
    .execute<{ organization_id: string; content: string }[]>(
      'select organization_id, content from audit_events where objects @> array[?::uuid] order by at, sequence',
      [made.id],
    );
  const theirs = events.filter((event) => event.organization_id === partner.organization.id);
  expect(theirs.map(({ content }) => JSON.parse(content))).toMatchObject([
    { action: 'share.created', objects: [made.id], data: { from: organization.id } },
    { action: 'share.revoked', objects: [made.id] },
  ]);
  expect(JSON.stringify(theirs)).not.toContain(inCase.id);
});
