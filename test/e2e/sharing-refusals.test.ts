/** What is refused of each method of sharing, over HTTP: its contents, its terms, and whatever goes beyond it. */
import type { EvidenceState } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { TestApi } from '../support/api.ts';
import { signedInCookie } from '../support/border-world.ts';
import { liveCopy } from '../support/copies.ts';
import { buildCase, buildEvidence, buildUserWithout } from '../support/factories.ts';
import {
  codeOf,
  pointers,
  type RefusalWorld,
  startRefusalWorld,
} from '../support/refusal-world.ts';
import { done, giveAccess } from '../support/sharing-world.ts';

let world: RefusalWorld;
let api: TestApi;
let sender: User;
let share: RefusalWorld['share'];
beforeAll(async () => {
  world = await startRefusalWorld();
  ({ api, sender, share } = world);
});
afterAll(() => world.stop());

const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute(statement, values);

test.each(['partner_access', 'copy', 'download_link'] as const)(
  '%s of what is not active, of what is in another case, and of another’s case',
  async (method) => {
    const states: EvidenceState[] = [
      'verifying',
      'triage_pending',
      'declined',
      'quarantined',
      'queued_for_deletion',
      'destroyed',
    ];
    const inactive: string[] = [];
    for (const state of states) {
      const fields = { state };
      const inCase = { id: world.caseId as never };
      inactive.push((await buildEvidence(api, { owner: sender, inCase, fields })).id);
    }
    const other = await world.elsewhere();
    const evidenceIds = [...inactive, other.evidenceId];
    const answer = await share(method, { scope: { type: 'selected', evidenceIds } });
    expect(pointers(answer)).toEqual(evidenceIds.map((_, index) => `/scope/evidenceIds/${index}`));
    await sql(
      `delete from case_evidence where evidence_id = any(?::uuid[])`,
      `{${inactive.join()}}`,
    );
    expect(codeOf(await share(method, {}, sender, other.caseId))).toEqual([404, 'not-found']);
  },
);

describe('partner access', () => {
  test.each([
    ['longer than the maximum', { durationDays: 366 }, ['/durationDays']],
    ['for no day', { durationDays: 0 }, ['/durationDays']],
    [
      'to an entire organization, for some days',
      { recipients: 'entire_organization', access: 'view_and_download', durationDays: 5 },
      ['/durationDays'],
    ],
    ['to an entire organization, to view only', { recipients: 'entire_organization' }, ['/access']],
  ])('%s', async (_, fields, faults) => {
    expect(pointers(await share('partner_access', fields))).toEqual(faults);
  });

  test('that is changed by a colleague, or by the partner', async () => {
    const id = await giveAccess(world, world.caseId, { recipients: 'entire_organization' });
    const colleague = await buildUserWithout(api, world.source.organization, 'case.share');
    const { administrator } = world.partner;
    for (const ask of [
      (as: User) => api.patch(`/shares/${id}`, as, { durationDays: 1 }),
      (as: User) => api.post(`/shares/${id}/revoke`, as),
    ]) {
      expect(codeOf(await ask(colleague))).toEqual([403, 'permission-missing']);
      expect(codeOf(await ask(administrator))).toEqual([404, 'not-found']);
    }
    await done(api.post(`/shares/${id}/revoke`, sender));
    const late = await api.patch(`/shares/${id}`, sender, { access: 'view' });
    expect(codeOf(late)).toEqual([409, 'wrong-state']);
  });

  test('beyond what it gives', async () => {
    const { user, colleague } = world.partner;
    const scope = {
      type: 'selected',
      evidenceIds: [world.evidence.sensitive, world.evidence.document],
    };
    const recipients = [{ type: 'user', id: user.id }];
    const id = await giveAccess(world, world.caseId, { recipients, scope, access: 'view' });
    const files = `/shared-with-me/${id}/evidence`;
    const refused = async (path: string, as = user) => codeOf(await api.get(path, as));
    expect(await refused(`${files}/${world.evidence.sensitive}/content`)).toEqual([
      403,
      'permission-missing',
    ]);
    expect(await refused(`${files}/${world.evidence.document}/preview`)).toEqual([
      415,
      'file-type-not-supported',
    ]);
    expect(await refused(`${files}/${world.evidence.plain}`)).toEqual([404, 'not-found']);
    expect(await refused(files, colleague)).toEqual([404, 'not-found']);
    for (const path of [
      `/cases/${world.caseId}`,
      `/evidence/${world.evidence.sensitive}/content`,
      `/shares/${id}`,
    ]) {
      expect(await refused(path)).toEqual([404, 'not-found']);
    }
    const page = `!/access/${id}/evidence/${world.evidence.sensitive}/preview`;
    expect(codeOf(await api.get(page, null))).toEqual([401, 'not-signed-in']);
    const Cookie = await signedInCookie(api, user);
    expect(codeOf(await api.get(page, null, { Cookie }))).toEqual([403, 'warning-not-accepted']);
    await sql('update shares set expires_at = clock_timestamp() where id = ?', id);
    expect(await refused(files)).toEqual([404, 'not-found']);
    expect(codeOf(await api.get(page, null, { Cookie }))).toEqual([410, 'link-dead']);
  });
});

describe('a copy', () => {
  test('to an entire organization, or of a case without evidence', async () => {
    const recipients = 'entire_organization';
    expect(pointers(await share('copy', { recipients }))).toEqual(['/recipients']);
    const empty = await buildCase(api, { owner: sender });
    expect(pointers(await share('copy', {}, sender, empty.id))).toEqual(['/scope']);
  });

  test('that is taken back, cancelled late, or updated by who may not', async () => {
    const { id } = await done(share('copy'));
    await liveCopy(api, id);
    const ask = async (what: string, as = sender) =>
      codeOf(await api.post(`/shares/${id}/${what}`, as));
    expect(await ask('revoke')).toEqual([409, 'copy-cannot-be-revoked']);
    expect(await ask('cancel')).toEqual([409, 'wrong-state']);
    const colleague = await buildUserWithout(api, world.source.organization, 'case.share');
    expect(await ask('updates', colleague)).toEqual([403, 'permission-missing']);
    expect(await ask('updates', world.partner.administrator)).toEqual([404, 'not-found']);
  });
});

describe('a download link', () => {
  test('longer than the maximum, or over a case without evidence', async () => {
    expect(pointers(await share('download_link', { durationDays: 366 }))).toEqual([
      '/durationDays',
    ]);
    const empty = await buildCase(api, { owner: sender });
    expect(pointers(await share('download_link', {}, sender, empty.id))).toEqual(['/scope']);
  });

  test('as an ISO image of more than 8 TiB', async () => {
    const vast = await buildCase(api, { owner: sender });
    const { id } = await buildEvidence(api, { owner: sender, inCase: vast });
    await sql('update evidence set size = 9 * 1024::bigint ^ 4 where id = ?', id);
    const answer = await share('download_link', { format: 'iso' }, sender, vast.id);
    expect(codeOf(answer)).toEqual([422, 'iso-too-large']);
    expect(answer.body.detail).toContain('zip');
  });

  test('that has ended, when it is extended', async () => {
    const { id } = await done(share('download_link'));
    await sql('update shares set expires_at = clock_timestamp() where id = ?', id);
    const late = await api.patch(`/shares/${id}`, sender, { durationDays: 5 });
    expect(codeOf(late)).toEqual([409, 'wrong-state']);
  });
});

test('a search on evidence for a time without a partner', async () => {
  const path = `/cases/${world.caseId}/evidence`;
  expect(pointers(await api.get(`${path}?sharedOn=yesterday`, sender))).toEqual(['?sharedOn']);
  const from = await api.get(`${path}?sharedOnFrom=2026-01-01`, sender);
  expect(pointers(from)).toEqual(['?sharedOnFrom']);
});
