/** Uploads to a case that a partner has access to: theirs from the moment they are verified, not before. */
import { randomBytes } from 'node:crypto';
import {
  buildAccess,
  buildPartnerWithUsers,
  type TestPartner,
} from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { buildCase, buildOrganization, buildUser } from '../../../test/support/factories.ts';
import { uploadFile, verifyNow } from '../../../test/support/uploads.ts';
import type { Case } from '../../cases/case.entity.ts';
import type { User } from '../../identity/user.entity.ts';

let api: TestApi;
let owner: User;
let partner: TestPartner;
let inCase: Case;
beforeAll(async () => {
  api = await startApi();
  const organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  partner = await buildPartnerWithUsers(api, organization, 1);
});
beforeEach(async () => {
  inCase = await buildCase(api, { owner });
});
afterAll(() => api.stop());

const upload = (content: Buffer) => uploadFile(api, owner, { content, caseId: inCase.id });

async function facts(share: { id: string }): Promise<unknown[]> {
  const rows = await api.database.em
    .fork()
    .execute<{ source_evidence_id: string }[]>(
      'select source_evidence_id from shared_evidence where share_id = ?',
      [share.id],
    );
  return rows.map((row) => row.source_evidence_id);
}

async function seen(share: { id: string }): Promise<unknown[]> {
  const { body } = await api.get(`/shared-with-me/${share.id}/evidence`, partner.users[0] as User);
  return body.data.map(({ id }: { id: string }) => id);
}

test('an upload is shown and counts as shared once it is verified', async () => {
  const share = await buildAccess(api, owner, inCase, partner);
  const { evidenceId } = await upload(randomBytes(100));
  expect([await seen(share), await facts(share)]).toEqual([[], []]);
  await verifyNow(api, inCase.id);
  expect([await seen(share), await facts(share)]).toEqual([[evidenceId], [evidenceId]]);
});

test('a duplicate is not shared a second time, and nothing is once the access has ended', async () => {
  const share = await buildAccess(api, owner, inCase, partner);
  const content = randomBytes(100);
  const { evidenceId } = await upload(content);
  await verifyNow(api, inCase.id);
  await upload(content);
  await verifyNow(api, inCase.id);
  await api.post(`/shares/${share.id}/revoke`, owner);
  await upload(randomBytes(100));
  await verifyNow(api, inCase.id);
  expect(await facts(share)).toEqual([evidenceId]);
});

test('what is verified while the case is being shared comes to the share, whichever is first', async () => {
  for (let round = 0; round < 5; round += 1) {
    inCase = await buildCase(api, { owner });
    const { evidenceId } = await upload(randomBytes(100));
    const [share] = await Promise.all([
      buildAccess(api, owner, inCase, partner),
      verifyNow(api, inCase.id),
    ]);
    expect(await facts(share)).toEqual([evidenceId]);
  }
});
