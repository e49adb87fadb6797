/** What is kept beside facts and beside the evidence of cases, so that indexes alone count. */
import { type Act, act, OPERATOR } from '../../../domain/act.ts';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { ShareId } from '../../../domain/ids.ts';
import { recordShared } from '../../../domain/sharing/shared-facts.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildPartner,
  buildUser,
} from '../../../test/support/factories.ts';
import { buildShareRow } from '../../../test/support/shared-cases.ts';

const ROUNDS = 12;

let api: TestApi;
let owner: User;
let partner: Organization;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  const ours = await buildOrganization(api);
  partner = await buildOrganization(api);
  await buildPartner(api, ours, partner);
  owner = await buildUser(api, { organization: ours });
});
afterAll(() => api.stop());

async function found(path: string): Promise<{ ids: string[]; total: number }> {
  const { body } = await api.get(path, owner);
  return { ids: body.data.map(({ id }: { id: string }) => id), total: body.page.total };
}

const sharedAnd = async (status: string) =>
  found(`/cases?sharedTo=${partner.id}&status=${status}&limit=200`);

/** An act of the organization that does something to rows, and records it as acts do. */
async function acting(inCase: Case, work: (running: Act) => Promise<unknown>): Promise<void> {
  await act(api, OPERATOR, async (running) => {
    await work(running);
    running.audit({
      organizationId: owner.organizationId,
      action: 'case.changed',
      objects: [inCase.id],
      data: {},
    });
  });
}

async function give(inCase: Case, evidence: Evidence, shareId: ShareId): Promise<void> {
  await acting(inCase, async ({ em }) =>
    recordShared(em, { shareId, at: new Date(), evidence: [{ id: evidence.id }] }),
  );
}

async function destroy(inCase: Case, evidence: Evidence): Promise<void> {
  await acting(inCase, async ({ em }) =>
    em.execute(`update evidence set state = 'destroyed' where id = ?`, [evidence.id]),
  );
}

test('a case that is closed after it was shared is found as closed', async () => {
  const inCase = await buildCase(api, { owner });
  const evidence = await buildEvidence(api, { owner, inCase });
  await give(inCase, evidence, await buildShareRow(api, { of: inCase, by: owner, to: partner }));
  expect(await sharedAnd('open')).toEqual({ ids: [inCase.id], total: 1 });
  await api.patch(`/cases/${inCase.id}`, owner, { status: 'closed' });
  expect(await sharedAnd('open')).toEqual({ ids: [], total: 0 });
  expect(await sharedAnd('closed')).toEqual({ ids: [inCase.id], total: 1 });
});

test('cases that are closed at the moment at which they are shared are found as closed', async () => {
  const closed: string[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const inCase = await buildCase(api, { owner });
    const evidence = await buildEvidence(api, { owner, inCase });
    const shareId = await buildShareRow(api, { of: inCase, by: owner, to: partner });
    await Promise.all([
      give(inCase, evidence, shareId),
      api.patch(`/cases/${inCase.id}`, owner, { status: 'closed' }),
    ]);
    closed.unshift(inCase.id);
  }
  expect(await sharedAnd('open')).toEqual({ ids: [], total: 0 });
  expect(await sharedAnd('closed')).toEqual({ ids: closed, total: ROUNDS });
});

test('destroyed evidence is in no list and no count, also where it comes into a case at that moment', async () => {
  const first = await buildCase(api, { owner });
  const second = await buildCase(api, { owner });
  const kept = await buildEvidence(api, { owner, inCase: first });
  for (let round = 0; round < ROUNDS; round += 1) {
    const evidence = await buildEvidence(api, { owner, inCase: first });
    await Promise.all([
      destroy(first, evidence),
      api.put(`/cases/${second.id}/evidence/${evidence.id}`, owner),
    ]);
  }
  expect(await found(`/cases/${first.id}/evidence`)).toEqual({ ids: [kept.id], total: 1 });
  expect(await found(`/cases/${second.id}/evidence`)).toEqual({ ids: [], total: 0 });
  const counts = [first, second].map(
    async ({ id }) => (await api.get(`/cases/${id}`, owner)).body.evidenceCount,
  );
  expect(await Promise.all(counts)).toEqual([1, 0]);
});
