/** Records the life of partner access (see `record.soak.ts`). */
import type { Case } from '../../domain/cases/case.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { buildPartnerWithUsers, type TestPartner } from '../support/access.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildOrganization, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { writeHistory } from './write-history.ts';

const DAY = 24 * 3600 * 1000;

let lives: TestLives;
let owner: User;
let partner: TestPartner;
beforeAll(async () => {
  lives = await startLives();
  const organization = await buildOrganization(lives.api);
  owner = await buildUser(lives.api, { organization });
  partner = await buildPartnerWithUsers(lives.api, organization, 2);
});
afterAll(async () => lives.stop());

const named = (...users: readonly (User | undefined)[]) =>
  users.map((user) => ({ type: 'user', id: user?.id }));

/** Access for the first user, who has been invited. */
async function share(): Promise<{ readonly id: string; readonly inCase: Case }> {
  const inCase = await buildCase(lives.api, { owner });
  await buildEvidence(lives.api, { owner, inCase });
  const answer = await lives.api.post(`/cases/${inCase.id}/shares`, owner, {
    method: 'partner_access',
    partnerOrganizationId: partner.organization.id,
    recipients: named(partner.users[0]),
    scope: { type: 'entire_case' },
    access: 'view',
  });
  await mailed(inCase, 1);
  return { id: answer.body.id, inCase };
}

async function mailed({ caseNumber }: Case, count: number): Promise<void> {
  await eventually(`${count} mails`, () => {
    const about = lives.mail.mails.filter(({ subject }) => subject?.includes(caseNumber));
    return about.length >= count;
  });
}

const handleOf = (id: string) =>
  lives.temporal.client.workflow.getHandle(workflowIdOf('partner-access', id));

test('access that sleeps', async () => {
  const { id } = await share();
  await writeHistory('partner-access.sleeping', handleOf(id));
});

test('access that expires after a warning', async () => {
  const { id, inCase } = await share();
  await lives.temporal.fastForward(workflowIdOf('partner-access', id), 88 * DAY);
  await mailed(inCase, 3);
  await lives.temporal.fastForward(workflowIdOf('partner-access', id), 3 * DAY);
  await handleOf(id).result();
  await writeHistory('partner-access.expired', handleOf(id));
});

test('access whose recipients are changed, and that is revoked', async () => {
  const { id, inCase } = await share();
  await lives.api.patch(`/shares/${id}`, owner, { recipients: named(partner.users[1]) });
  await mailed(inCase, 3);
  await writeHistory('partner-access.recipients-changed', handleOf(id));
  await lives.api.post(`/shares/${id}/revoke`, owner);
  await handleOf(id).result();
  await writeHistory('partner-access.revoked', handleOf(id));
});
