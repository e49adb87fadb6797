/** The life of retention, with everything real: API, PostgreSQL, Temporal, worker, store, SMTP. */
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { buildEvidence, buildOrganization, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { buildDue, DAY, retentionOf, versionsUnder } from '../support/retention.ts';

let lives: TestLives;
let organization: Organization;
let owner: User;
let life: string;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(() => lives.stop());
beforeEach(async () => {
  organization = await buildOrganization(lives.api);
  owner = await buildUser(lives.api, { organization });
  life = workflowIdOf('retention', organization.id);
});

async function reached(id: string, state: string): Promise<void> {
  await eventually(`the evidence to be ${state}`, async () => {
    return (await retentionOf(lives.api, id)).state === state;
  });
}

test('what is due is queued, told, and destroyed 7 days later; what is held stays', async () => {
  const due = await buildDue(lives.api, owner);
  const held = await buildDue(lives.api, owner);
  await lives.api.put(`/evidence/${held.id}/hold`, owner, { reason: 'An appeal' });
  const byHand = await buildEvidence(lives.api, { owner });
  await lives.api.delete(`/evidence/${byHand.id}`, owner);
  await reached(due.id, 'queued_for_deletion');
  await eventually('a mail', () =>
    lives.mail.mails.some(({ to }) => to?.[0]?.address === owner.email),
  );
  await lives.temporal.fastForward(life, 7 * DAY + 3_600_000);
  for (const one of [due, byHand]) {
    await eventually('it to be gone', async () => (await retentionOf(lives.api, one.id)).goneAt);
    expect(await versionsUnder(lives.api.store, one.objectKey)).toEqual([]);
  }
  expect((await retentionOf(lives.api, held.id)).state).toBe('active');
  expect((await versionsUnder(lives.api.store, held.objectKey)).length).toBeGreaterThan(0);
  await lives.api.delete(`/evidence/${held.id}/hold`, owner);
  await reached(held.id, 'queued_for_deletion');
}, 120_000);

test('another number of days of a category is worked out by the life', async () => {
  const due = await buildDue(lives.api, owner);
  await lives.api.put(`/evidence/${due.id}/hold`, owner, { reason: 'An appeal' });
  const { body } = await lives.api.get(`/evidence/${due.id}`, owner);
  const category = `/retention-categories/${body.categories[0].id}`;
  await lives.api.patch(category, owner, { retentionDays: 5_000 });
  await eventually('another date', async () => {
    const { queuedOn } = await retentionOf(lives.api, due.id);
    return queuedOn !== null && queuedOn.getTime() > Date.now();
  });
});
