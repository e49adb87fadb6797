/**
 * Records histories of every life, to be replayed by `replay.test.ts` for as long as such lives may
 * sleep. Run all recorders (`npm run histories`) when a life can take a new course; when workflow code
 * changed so that it needed a patch, count `LOOP_VERSION` up before, so that the older files stay.
 */
import { randomUUID } from 'node:crypto';
import { type LifeKind, workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence, buildUser } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { uploadFile } from '../support/uploads.ts';
import { writeHistory } from './write-history.ts';

const DAY = 24 * 3600 * 1000;
const LINK = { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } };

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

async function record(kind: LifeKind, course: string, entityId: string): Promise<void> {
  const handle = lives.temporal.client.workflow.getHandle(workflowIdOf(kind, entityId));
  await writeHistory(`${kind}.${course}`, handle);
}

async function planned(kind: LifeKind, entityId: string): Promise<void> {
  await eventually('a plan', async () => {
    const [row] = await lives.api.database.em
      .fork()
      .execute<{ planned: boolean }[]>(
        'select planned >= wanted as planned from lifecycles where workflow_id = ?',
        [workflowIdOf(kind, entityId)],
      );
    return row?.planned;
  });
}

test('a link that waits for evidence, tells of its expiry and expires; and its intake', async () => {
  const owner = await buildUser(lives.api);
  const inCase = await buildCase(lives.api, { owner });
  await lives.stopWorker();
  await uploadFile(lives.api, owner, { caseId: inCase.id, content: Buffer.from(randomUUID()) });
  const { body } = await lives.api.post(`/cases/${inCase.id}/shares`, owner, LINK);
  expect(body.state).toBe('preparing');
  await lives.startWorker();
  const workflowId = workflowIdOf('download-link', body.id);
  await eventually('the link to be active', async () => {
    return (await lives.api.get(`/shares/${body.id}`, owner)).body.state === 'active';
  });
  await planned('download-link', body.id);
  await lives.temporal.fastForward(workflowId, 31 * DAY);
  await lives.temporal.client.workflow.getHandle(workflowId).result();
  await record('download-link', 'expired', body.id);
  await lives.temporal.client.workflow
    .getHandle(workflowIdOf('evidence-intake', inCase.id))
    .result();
  await record('evidence-intake', 'verified', inCase.id);
});

test('a link that is revoked', async () => {
  const owner = await buildUser(lives.api);
  const inCase = await buildCase(lives.api, { owner });
  await buildEvidence(lives.api, { owner, inCase });
  const { body } = await lives.api.post(`/cases/${inCase.id}/shares`, owner, LINK);
  await planned('download-link', body.id);
  await lives.api.post(`/shares/${body.id}/revoke`, owner);
  await lives.temporal.client.workflow.getHandle(workflowIdOf('download-link', body.id)).result();
  await record('download-link', 'revoked', body.id);
});

test('a link that sleeps', async () => {
  const owner = await buildUser(lives.api);
  const inCase = await buildCase(lives.api, { owner });
  await buildEvidence(lives.api, { owner, inCase });
  const { body } = await lives.api.post(`/cases/${inCase.id}/shares`, owner, LINK);
  await planned('download-link', body.id);
  await record('download-link', 'sleeping', body.id);
});
