/** Records a history of an API client, as `record.soak.ts` does of the other lives. */
import { type LifeKind, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { buildIntegration } from '../support/api-clients.ts';
import { eventually } from '../support/eventually.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { writeHistory } from './write-history.ts';

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

const KIND: LifeKind = 'api-client';

test('a client whose creation was told', async () => {
  const client = await buildIntegration(lives.api);
  const handle = lives.temporal.client.workflow.getHandle(workflowIdOf(KIND, client.id));
  await eventually('the mail', () => lives.mail.mails.length === 1);
  await handle.result();
  await writeHistory('api-client.told', handle);
});
