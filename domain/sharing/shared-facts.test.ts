import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildPartner,
  buildUser,
} from '../../test/support/factories.ts';
import { buildShareRow } from '../../test/support/shared-cases.ts';
import type { Case } from '../cases/case.entity.ts';
import type { Organization } from '../identity/organization.entity.ts';
import type { Partner } from '../identity/partner.entity.ts';
import type { User } from '../identity/user.entity.ts';
import { type EvidenceId, newId, type ShareId } from '../ids.ts';
import { recordAdded, recordShared } from './shared-facts.ts';

const FIRST = new Date('2026-01-05T08:00:00.000Z');
const LATER = new Date('2026-02-05T08:00:00.000Z');

let api: TestApi;
let owner: User;
let partner: Organization;
let partnership: Partner;
let shared: Case;
let evidence: EvidenceId;

beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  const ours = await buildOrganization(api);
  partner = await buildOrganization(api);
  partnership = await buildPartner(api, ours, partner);
  owner = await buildUser(api, { organization: ours });
  shared = await buildCase(api, { owner });
  evidence = (await buildEvidence(api, { owner, inCase: shared })).id;
});
afterAll(() => api.stop());

interface FactRow {
  share_id: ShareId;
  at: string;
  target_case_id: string | null;
  target_evidence_id: string | null;
}

async function factsOf(id: EvidenceId): Promise<FactRow[]> {
  return api.database.em.fork().execute<FactRow[]>(
    `select share_id, target_case_id, target_evidence_id,
       to_char(shared_at at time zone 'UTC', 'YYYY-MM-DD') as at
     from shared_evidence where source_evidence_id = ? order by share_id`,
    [id],
  );
}

async function summaryOf(caseId: string) {
  return api.database.em.fork().execute<unknown[]>(
    `select organization_id, source_organization_id, partner_organization_id
       from shared_cases where case_id = ?`,
    [caseId],
  );
}

test('what was shared first stays first, however often it is recorded', async () => {
  const em = api.database.em.fork();
  const shareId = await buildShareRow(api, { of: shared, by: owner, to: partner });
  const other = await buildEvidence(api, { owner, inCase: shared });
  await recordShared(em, { shareId, at: FIRST, evidence: [{ id: evidence }] });
  await recordShared(em, {
    shareId,
    at: LATER,
    evidence: [{ id: evidence }, { id: other.id }],
  });
  expect((await factsOf(evidence)).map(({ at }) => at)).toEqual(['2026-01-05']);
  expect((await factsOf(other.id)).map(({ at }) => at)).toEqual(['2026-02-05']);
});

test('each share has facts of its own', async () => {
  const em = api.database.em.fork();
  for (const at of [FIRST, LATER]) {
    const shareId = await buildShareRow(api, { of: shared, by: owner, to: partner });
    await recordShared(em, { shareId, at, evidence: [{ id: evidence }] });
  }
  expect((await factsOf(evidence)).map(({ at }) => at)).toEqual(['2026-01-05', '2026-02-05']);
});

test('a copy is a fact for the case that was shared and for the one received', async () => {
  const em = api.database.em.fork();
  const them = await buildUser(api, { organization: partner });
  const target = await buildCase(api, { owner: them });
  const copy = await buildEvidence(api, { owner: them, inCase: target });
  await recordShared(em, {
    shareId: await buildShareRow(api, { of: shared, by: owner, to: partner }),
    at: FIRST,
    evidence: [{ id: evidence, copy: copy.id }],
    targetCaseId: target.id,
  });
  expect(await factsOf(evidence)).toMatchObject([
    { target_case_id: target.id, target_evidence_id: copy.id },
  ]);
  const organizations = {
    source_organization_id: owner.organizationId,
    partner_organization_id: partner.id,
  };
  expect(await summaryOf(shared.id)).toEqual([
    { organization_id: owner.organizationId, ...organizations },
  ]);
  expect(await summaryOf(target.id)).toEqual([{ organization_id: partner.id, ...organizations }]);
});

test('a share without a partner leaves no fact', async () => {
  const em = api.database.em.fork();
  await recordShared(em, {
    shareId: newId<ShareId>(),
    at: FIRST,
    evidence: [{ id: evidence }],
  });
  expect(await factsOf(evidence)).toEqual([]);
});

describe('evidence that comes into a case', () => {
  const access = (options: { scope: 'entire_case' | 'selected'; live: boolean }) =>
    buildShareRow(api, { of: shared, by: owner, to: partner, access: partnership, ...options });

  test('is shared by live partner access to the entire case, and by no other share', async () => {
    const live = await access({ scope: 'entire_case', live: true });
    await access({ scope: 'entire_case', live: false });
    await access({ scope: 'selected', live: true });
    await buildShareRow(api, { of: shared, by: owner, to: partner, scope: 'entire_case' });
    await recordAdded(api.database.em.fork(), shared.id, [evidence], LATER);
    expect(await factsOf(evidence)).toMatchObject([{ share_id: live, at: '2026-02-05' }]);
  });

  test('is not shared before it is active', async () => {
    await access({ scope: 'entire_case', live: true });
    const fields = { state: 'triage_pending' } as const;
    const waiting = await buildEvidence(api, { owner, inCase: shared, fields });
    await recordAdded(api.database.em.fork(), shared.id, [waiting.id], LATER);
    expect(await factsOf(waiting.id)).toEqual([]);
  });

  test('is not shared when it is in another case', async () => {
    await access({ scope: 'entire_case', live: true });
    const elsewhere = await buildEvidence(api, { owner });
    await recordAdded(api.database.em.fork(), shared.id, [elsewhere.id], LATER);
    expect(await factsOf(elsewhere.id)).toEqual([]);
  });
});
