/** Records the life of retention (see `record.soak.ts`). */
import type { User } from '../../domain/identity/user.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { buildDue, DAY, retentionOf } from '../support/retention.ts';
import { writeHistory } from './write-history.ts';

let lives: TestLives;
let owner: User;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());
beforeEach(async () => {
  owner = await buildUser(lives.api);
});

const lifeOf = () => workflowIdOf('retention', owner.organizationId);
const handleOf = () => lives.temporal.client.workflow.getHandle(lifeOf());

async function mailed(): Promise<void> {
  await eventually('a mail', () =>
    lives.mail.mails.some(({ to }) => to?.[0]?.address === owner.email),
  );
}

test('retention that sleeps, and one that destroys', async () => {
  const due = await buildDue(lives.api, owner);
  await lives.api.put(`/evidence/${due.id}/hold`, owner, { reason: 'An appeal' });
  await lives.api.delete(`/evidence/${due.id}/hold`, owner);
  await mailed();
  await eventually('it to be queued', async () => {
    return (await retentionOf(lives.api, due.id)).state === 'queued_for_deletion';
  });
  await writeHistory('retention.sleeping', handleOf());
  await lives.temporal.fastForward(lifeOf(), 7 * DAY + 3_600_000);
  await eventually('it to be gone', async () => (await retentionOf(lives.api, due.id)).goneAt);
  await writeHistory('retention.destroyed', handleOf());
});

test('retention that works dates out anew', async () => {
  const due = await buildDue(lives.api, owner);
  const { body } = await lives.api.get(`/evidence/${due.id}`, owner);
  await lives.api.patch(`/retention-categories/${body.categories[0].id}`, owner, {
    retentionDays: 5_000,
  });
  await eventually('another date', async () => {
    const { queuedOn } = await retentionOf(lives.api, due.id);
    return queuedOn !== null && queuedOn.getTime() > Date.now();
  });
  await writeHistory('retention.recalculated', handleOf());
});
