/** Records histories of upload requests, as `record.soak.ts` does of the other lives. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { eventually } from '../support/eventually.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { buildGuest, buildRequest, guestUpload, type TestRequest } from '../support/requests.ts';
import { writeHistory } from './write-history.ts';

const DAY = 24 * 3_600_000;

let lives: TestLives;
beforeAll(async () => {
  lives = await startLives();
});
afterAll(async () => lives.stop());

const handleOf = ({ id }: TestRequest) =>
  lives.temporal.client.workflow.getHandle(workflowIdOf('upload-request', id));

/** A request whose invitation has gone out. */
async function invited(): Promise<TestRequest> {
  const request = await buildRequest(lives.api);
  await eventually('the invitation', () =>
    lives.mail.mails.some(({ to }) => to?.[0]?.address === request.email),
  );
  return request;
}

test('a request that sleeps until its first reminder', async () => {
  const request = await invited();
  await eventually('its plan', async () => {
    const { searchAttributes } = await handleOf(request).describe();
    return searchAttributes['WaitingFor']?.[0] === 'a reminder';
  });
  await writeHistory('upload-request.sleeping', handleOf(request));
});

test('a request that reminds, expires and is extended, gets a file and is closed', async () => {
  const request = await invited();
  const { workflowId } = handleOf(request);
  await lives.temporal.fastForward(workflowId, 15 * DAY);
  await lives.api.patch(`/upload-requests/${request.id}`, request.sender, { durationDays: 30 });
  const guest = await buildGuest(lives.api, request);
  await guestUpload(guest, Buffer.from(request.id));
  await eventually('verification', async () => (await guest.get()).body.counts.verified === 1);
  await lives.temporal.fastForward(workflowId, DAY);
  await lives.api.post(`/upload-requests/${request.id}/close`, request.sender);
  await handleOf(request).result();
  await writeHistory('upload-request.closed', handleOf(request));
});
