/** Copies over HTTP, on the real store: what a partner gets, when, and who may send it. */
import { createHash, randomBytes } from 'node:crypto';
import { pointersOf } from '../../../test/support/answers.ts';
import { startApi, type TestAnswer, type TestApi } from '../../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  copiedObjects,
  copySlice,
  liveCopy,
  ownedObjects,
  shareCopy,
  targetOf,
  turnCopy,
} from '../../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildPartner,
  buildUser,
  buildUserWithout,
} from '../../../test/support/factories.ts';
import { COPY_LIMITS } from './copy-object.ts';

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

async function caseOf(...contents: readonly Buffer[]) {
  const inCase = await buildCase(api, { owner: pair.sender });
  for (const content of contents) {
    await buildEvidence(api, { owner: pair.sender, inCase, content });
  }
  return inCase;
}

async function evidenceOf(caseId: string): Promise<TestAnswer['body'][]> {
  return (await api.get(`/cases/${caseId}/evidence`, pair.receiver)).body.data;
}

async function bytesOf(evidenceId: string): Promise<Buffer> {
  const answer = await fetch(`${api.origin}/api/v1/evidence/${evidenceId}/content`, {
    headers: { Authorization: `Bearer ${await api.token(pair.receiver)}` },
  });
  return Buffer.from(await answer.arrayBuffer());
}

test('a copy is the partner’s, byte for byte, and the source learns none of its ids', async () => {
  const contents = [randomBytes(0), randomBytes(1), randomBytes(300_000)];
  const inCase = await caseOf(...contents);
  const share = await shareCopy(api, pair, inCase.id, { message: 'As agreed.' });
  expect(share).toMatchObject({
    method: 'copy',
    state: 'copying',
    partner: { id: pair.partner.id },
    recipients: [{ type: 'user', id: pair.receiver.id }],
    message: 'As agreed.',
    progress: { done: 0, total: 300_001, unit: 'bytes' },
    failure: null,
  });
  await liveCopy(api, share.id);
  const after = await api.get(`/shares/${share.id}`, pair.sender);
  expect(after.body).toMatchObject({
    state: 'delivered',
    progress: { done: 300_001, total: 300_001 },
  });
  const target = (await targetOf(api, share.id)) ?? '';
  expect(JSON.stringify(after.body)).not.toContain(target);
  const copies = await evidenceOf(target);
  expect(copies).toHaveLength(3);
  const received = await Promise.all(copies.map(({ id }) => bytesOf(id)));
  const hashes = (all: readonly Buffer[]) =>
    all.map((one) => createHash('sha256').update(one).digest('hex')).sort();
  expect(hashes(received)).toEqual(hashes(contents));
  expect(await copiedObjects(api, pair.partner)).toEqual(await ownedObjects(api, pair.partner));
});

test('the partner sees nothing before all of it is there', async () => {
  const inCase = await caseOf(randomBytes(10), randomBytes(10));
  const visible = async () => [
    (await api.get('/cases', pair.receiver)).body.page.total,
    (
      await sql<{ n: number }>(
        `select (select count(*) from evidence where organization_id = ?)::int
         + (select count(*) from audit_events where organization_id = ? and action like '%received')::int as n`,
        [pair.partner.id, pair.partner.id],
      )
    )[0]?.n,
  ];
  const before = await visible();
  const { id } = await shareCopy(api, pair, inCase.id);
  expect(await visible()).toEqual(before);
  await turnCopy(api, id);
  expect(await visible()).toEqual(before);
  await copySlice(api, id);
  expect(await visible()).toEqual(before);
  await turnCopy(api, id);
  expect(await visible()).not.toEqual(before);
});

test('a large object is copied by parts, in slices, and taken up again where it was left', async () => {
  const MIB = 2 ** 20;
  const content = randomBytes(33 * MIB);
  const inCase = await caseOf(content);
  const { id } = await shareCopy(api, pair, inCase.id);
  const limits = {
    ...COPY_LIMITS,
    whole: 5 * MIB,
    part: 5 * MIB,
    partsPerSlice: 3,
    parallelParts: 2,
  };
  await turnCopy(api, id);
  const done: number[] = [];
  for (let slice = 0; slice < 3; slice += 1) {
    await copySlice(api, id, { limits });
    const [row] = await sql<{ store_upload_id: string; target_key: string }>(
      `select i.* from copy_items i join copy_deliveries d on d.id = i.delivery_id where d.share_id = ?`,
      [id],
    );
    const parts = await api.store
      .listParts(row?.target_key ?? '', row?.store_upload_id ?? '')
      .catch(() => null);
    done.push(parts?.length ?? -1);
  }
  expect(done).toEqual([3, 6, -1]);
  await liveCopy(api, id);
  const [copy] = await evidenceOf((await targetOf(api, id)) ?? '');
  expect((await bytesOf(copy.id)).equals(content)).toBe(true);
});

test('both organizations’ chains tell of the delivery, each with its own ids', async () => {
  const inCase = await caseOf(randomBytes(10));
  const { id } = await shareCopy(api, pair, inCase.id);
  await liveCopy(api, id);
  const target = (await targetOf(api, id)) ?? '';
  const actions = async (path: string, as: typeof pair.sender) =>
    (await api.get(path, as)).body.data.map(({ action }: { action: string }) => action);
  expect(await actions(`/shares/${id}/activity`, pair.sender)).toEqual([
    'share.created',
    'share.delivered',
    'evidence.copied',
  ]);
  expect(await actions(`/cases/${target}/audit`, pair.receiver)).toEqual([
    'case.received',
    'evidence.received',
  ]);
  const [copy] = await evidenceOf(target);
  expect(await actions(`/evidence/${copy.id}/audit`, pair.receiver)).toEqual(['evidence.received']);
});

test('a second copy of the same case to the same partner is a new case', async () => {
  const inCase = await caseOf(randomBytes(10));
  const shares = [await shareCopy(api, pair, inCase.id), await shareCopy(api, pair, inCase.id)];
  for (const { id } of shares) await liveCopy(api, id);
  const [one, other] = await Promise.all(shares.map(({ id }) => targetOf(api, id)));
  expect(one).not.toBe(other);
  const { body } = await api.get(`/cases/${one}`, pair.receiver);
  expect(body.warnings).toEqual(['duplicate-case-number']);
});

test('what the partner has stays as it is, whatever becomes of the source', async () => {
  const inCase = await caseOf(Buffer.from('kept'));
  const { id } = await shareCopy(api, pair, inCase.id);
  await liveCopy(api, id);
  await sql(
    `update evidence set state = 'destroyed' where id in (select evidence_id from case_evidence where case_id = ?)`,
    [inCase.id],
  );
  const [copy] = await evidenceOf((await targetOf(api, id)) ?? '');
  expect((await bytesOf(copy.id)).toString()).toBe('kept');
  const revoked = await api.post(`/shares/${id}/revoke`, pair.sender);
  expect([revoked.status, revoked.body.code]).toEqual([409, 'copy-cannot-be-revoked']);
});

test('of groups only, the first that has a user gives the assignee', async () => {
  const inCase = await caseOf(randomBytes(10));
  const empty = await buildGroup(api, pair.partner);
  const colleague = await buildUser(api, { organization: pair.partner });
  const group = await buildGroup(api, pair.partner, [colleague]);
  const recipients = [empty, group].map(({ id }) => ({ type: 'group', id }));
  const { id } = await shareCopy(api, pair, inCase.id, { recipients });
  await liveCopy(api, id);
  const target = await api.get(`/cases/${await targetOf(api, id)}`, pair.receiver);
  expect(target.body.owner.id).toBe(colleague.id);
  expect(target.body.members).toEqual(expect.arrayContaining(recipients));
  const nobody = await api.post(`/cases/${inCase.id}/shares`, pair.sender, {
    method: 'copy',
    partnerOrganizationId: pair.partner.id,
    recipients: [{ type: 'group', id: empty.id }],
    scope: { type: 'entire_case' },
  });
  expect(nobody.body.errors).toMatchObject([{ pointer: '/recipients' }]);
});

test.each([
  [
    'individual_evidence_retention',
    ['caseShare', 'configurableCaseRetention'],
    'individual_evidence_retention',
  ],
  [null, ['caseShare', 'configurableCaseRetention'], 'until_manually_deleted'],
  ['longest_retention_period', ['caseShare'], 'until_manually_deleted'],
] as const)(
  'a partner with the policy %s and features %s keeps the case by %s',
  async (policy, features, expected) => {
    const partner = await buildOrganization(api, { features });
    await buildPartner(api, pair.source, partner);
    const receiver = await buildUser(api, { organization: partner });
    await sql('update organizations set default_retention_policy = ? where id = ?', [
      policy,
      partner.id,
    ]);
    const inCase = await caseOf(randomBytes(10));
    const { id } = await shareCopy(api, { ...pair, partner, receiver }, inCase.id);
    await liveCopy(api, id);
    const { body } = await api.get(`/cases/${await targetOf(api, id)}`, receiver);
    expect(body.retentionPolicy).toBe(expected);
  },
);

describe('is refused', () => {
  const share = async (fields: object, as = pair.sender, caseId?: string) =>
    api.post(`/cases/${caseId ?? (await caseOf(randomBytes(5))).id}/shares`, as, {
      method: 'copy',
      partnerOrganizationId: pair.partner.id,
      recipients: [{ type: 'user', id: pair.receiver.id }],
      scope: { type: 'entire_case' },
      ...fields,
    });

  test('a case without evidence, and a selection of what is not active', async () => {
    const empty = await buildCase(api, { owner: pair.sender });
    expect((await share({}, pair.sender, empty.id)).body.errors).toMatchObject([
      { pointer: '/scope' },
    ]);
    const inCase = await caseOf(randomBytes(5));
    const declined = await buildEvidence(api, {
      owner: pair.sender,
      inCase,
      fields: { state: 'declined' },
    });
    const scope = { type: 'selected', evidenceIds: [declined.id] };
    const refused = await share({ scope }, pair.sender, inCase.id);
    expect([refused.status, refused.body.errors[0].pointer]).toEqual([422, '/scope/evidenceIds/0']);
  });

  test('an unknown attachment, no recipient and a stranger, all at once', async () => {
    const refused = await share({ attachments: ['clips'], recipients: [], method: 'copy' });
    expect(pointersOf(refused)).toEqual(expect.arrayContaining(['/attachments/0', '/recipients']));
    const stranger = await share({ recipients: [{ type: 'user', id: pair.sender.id }] });
    expect(stranger.body.errors).toMatchObject([{ pointer: '/recipients/0' }]);
  });

  test.each([
    'case.share',
    'case.shareExternally',
    'evidence.share',
    'evidence.shareExternally',
  ] as const)('who lacks %s, which the answer names', async (permission) => {
    const sharer = await buildUserWithout(api, pair.source, permission);
    const refused = await share({}, sharer);
    expect([refused.status, refused.body.missing]).toEqual([403, [permission]]);
  });

  test('a feature that one side lacks, and a direction that one side has not', async () => {
    const plain = await buildOrganization(api, { features: [] });
    await buildPartner(api, pair.source, plain);
    const reader = await buildUser(api, { organization: plain });
    const fields = {
      partnerOrganizationId: plain.id,
      recipients: [{ type: 'user', id: reader.id }],
    };
    expect((await share(fields)).body.code).toBe('feature-missing');
    const closed = await buildOrganization(api);
    const { id } = await buildPartner(api, pair.source, closed);
    await sql('update partners set invitee_may_receive = false where id = ?', [id]);
    expect((await share({ ...fields, partnerOrganizationId: closed.id })).body.code).toBe(
      'partner-direction-missing',
    );
  });
});
