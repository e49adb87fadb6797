/** Records the life of copies (see `record.soak.ts`). */
import type { Case } from '../../domain/cases/case.entity.ts';
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { buildCopyingPair, type CopyingPair, shareCopy } from '../support/copies.ts';
import { eventually } from '../support/eventually.ts';
import { buildCase, buildEvidence } from '../support/factories.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { writeHistory } from './write-history.ts';

const HOUR = 3600 * 1000;

let lives: TestLives;
let pair: CopyingPair;
let inCase: Case;
beforeAll(async () => {
  lives = await startLives();
  pair = await buildCopyingPair(lives.api);
});
afterAll(async () => lives.stop());
beforeEach(async () => {
  inCase = await buildCase(lives.api, { owner: pair.sender });
  await buildEvidence(lives.api, { owner: pair.sender, inCase });
});

const share = async () => (await shareCopy(lives.api, pair, inCase.id)).id;

async function reached(id: string, state: string): Promise<void> {
  await eventually(`the copy to be ${state}`, async () => {
    return (await lives.api.get(`/shares/${id}`, pair.sender)).body.state === state;
  });
}

async function mailed(count: number): Promise<void> {
  await eventually(`${count} mails`, () => {
    const about = lives.mail.mails.filter(({ subject }) => subject?.includes(inCase.caseNumber));
    return about.length >= count;
  });
}

const handleOf = (id: string) =>
  lives.temporal.client.workflow.getHandle(workflowIdOf('case-copy', id));

/** Lets the store be tidied for the last time, and keeps the history of the whole life. */
async function recordToTheEnd(course: string, id: string): Promise<void> {
  await lives.temporal.fastForward(workflowIdOf('case-copy', id), 26 * HOUR);
  await handleOf(id).result();
  await writeHistory(`case-copy.${course}`, handleOf(id));
}

test('a copy that is delivered, and an update of it', async () => {
  const id = await share();
  await reached(id, 'delivered');
  await mailed(1);
  await writeHistory('case-copy.sleeping', handleOf(id));
  await buildEvidence(lives.api, { owner: pair.sender, inCase });
  await lives.api.post(`/shares/${id}/updates`, pair.sender);
  await mailed(2);
  await recordToTheEnd('updated', id);
});

test('a copy that is delivered', async () => {
  const id = await share();
  await reached(id, 'delivered');
  await mailed(1);
  await recordToTheEnd('delivered', id);
});

test('a copy that fails and is tidied', async () => {
  const lost = await buildEvidence(lives.api, { owner: pair.sender, inCase });
  await lives.api.store.remove(lost.objectKey, lost.objectVersion ?? null);
  const id = await share();
  await reached(id, 'failed');
  await mailed(1);
  await recordToTheEnd('failed', id);
});

test('a copy that is cancelled', async () => {
  await lives.stopWorker();
  const id = await share();
  await lives.api.post(`/shares/${id}/cancel`, pair.sender);
  await lives.startWorker();
  await reached(id, 'cancelled');
  await recordToTheEnd('cancelled', id);
});
