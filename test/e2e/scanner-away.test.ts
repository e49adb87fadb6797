/** A malware scanner that is away, with everything else real: nothing is released, and somebody is told. */
import { workflowIdOf } from '../../domain/lifecycle/life.ts';
import { createMalwareScanner } from '../../platform/malware-scanner.ts';
import { startClamd } from '../support/clamd.ts';
import { eventually } from '../support/eventually.ts';
import { startLives, type TestLives } from '../support/lives.ts';
import { buildGuest, buildRequest, guestUpload } from '../support/requests.ts';

let lives: TestLives;
let address: string;
beforeAll(async () => {
  const clamd = await startClamd();
  address = clamd.address;
  await clamd.stop();
  lives = await startLives({ scanner: createMalwareScanner(address) });
});
afterAll(async () => lives.stop());

test('a file waits unreleased and the life asks for attention, until the scanner is back', async () => {
  const request = await buildRequest(lives.api);
  const guest = await buildGuest(lives.api, request);
  const id = await guestUpload(guest, Buffer.from('waits for the scanner'));
  const intake = workflowIdOf('evidence-intake', request.id);
  const attention = async () =>
    (
      await lives.api.database.em
        .fork()
        .execute<{ attention: string | null }[]>(
          'select attention from lifecycles where workflow_id = ?',
          [intake],
        )
    )[0]?.attention;
  await lives.temporal.fastForward(intake, 45 * 60_000);
  expect(await eventually('the attention', attention, 60)).toContain('verify keeps failing');
  expect((await guest.get(`/uploads/${id}`)).body.state).toBe('verifying');
  const clamd = await startClamd(Number(address.split(':')[1]));
  try {
    await lives.temporal.fastForward(intake, 45 * 60_000);
    await eventually(
      'the file to be released',
      async () => (await guest.get(`/uploads/${id}`)).body.state === 'verified',
      60,
    );
    expect(clamd.scanned).toEqual([Buffer.from('waits for the scanner')]);
    await eventually('the attention to be gone', async () => (await attention()) === null);
  } finally {
    await clamd.stop();
  }
}, 180_000);
