/** Files between verification and release: what a malware scanner says decides. */
import { createMalwareScanner } from '../../../platform/malware-scanner.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { MALWARE, startClamd, type TestClamd } from '../../../test/support/clamd.ts';
import { buildUserWithout } from '../../../test/support/factories.ts';
import { buildGuest, buildRequest, guestUpload } from '../../../test/support/requests.ts';
import { freely } from '../../../test/support/uploads.ts';
import { workflowIdOf } from '../../lifecycle/life.ts';
import { verifyUploads } from './verify-uploads.ts';

let api: TestApi;
let clamd: TestClamd;
beforeAll(async () => {
  api = await startApi();
  clamd = await startClamd();
});
afterAll(async () => {
  await clamd.stop();
  await api.stop();
});

async function uploaded(content: Buffer) {
  const request = await buildRequest(api);
  const guest = await buildGuest(api, request);
  const id = await guestUpload(guest, content);
  const verify = (address = clamd.address) =>
    verifyUploads(
      { ...api, scanner: createMalwareScanner(address) },
      workflowIdOf('evidence-intake', request.id),
      new Date(),
      freely(),
    );
  const upload = async () => (await guest.get(`/uploads/${id}`)).body;
  const evidence = async () =>
    (await api.get(`/cases/${request.inCase.id}/evidence`, request.sender)).body.data[0];
  const release = async (reason = 'The tool that reads this recorder, asked for by name.') => {
    const path = `/evidence/${(await evidence()).id}/release`;
    return api.post(path, request.sender, { reason });
  };
  return { request, verify, upload, evidence, release };
}

test('a clean file is released, and says that it was looked at', async () => {
  const { verify, upload, evidence } = await uploaded(Buffer.from('nothing bad'));
  await verify();
  expect((await upload()).state).toBe('verified');
  expect(await evidence()).toMatchObject({
    state: 'active',
    scan: { verdict: 'clean', detail: null },
  });
});

test('a file in which something was found is kept apart: visible, and given to nobody', async () => {
  const { request, verify, upload, evidence } = await uploaded(Buffer.from(MALWARE));
  await verify();
  expect(await upload()).toMatchObject({ state: 'failed', failure: { code: 'quarantined' } });
  const found = await evidence();
  expect(found).toMatchObject({
    state: 'quarantined',
    scan: { verdict: 'infected', detail: 'Test.Malware' },
  });
  const content = await api.get(`/evidence/${found.id}/content`, request.sender);
  expect([content.status, content.body.code]).toEqual([409, 'wrong-state']);
  const log = await api.get(`/upload-requests/${request.id}/activity-log`, request.sender);
  expect(log.body.data.at(-1)).toMatchObject({
    action: 'evidence.quarantined',
    outcome: 'refused',
    reason: 'infected',
    files: [{ name: 'cam3.mp4' }],
  });
});

test('a file too large for the scanner is kept apart too', async () => {
  const { verify, evidence } = await uploaded(Buffer.alloc(5_000, 3));
  clamd.largest = 1_000;
  await verify();
  clamd.largest = 25 * 1024 ** 2;
  expect(await evidence()).toMatchObject({
    state: 'quarantined',
    scan: { verdict: 'not_scanned' },
  });
});

test('while the scanner is away nothing is released, and the life hears of it', async () => {
  const { verify, upload, evidence } = await uploaded(Buffer.from('waits'));
  await expect(verify('127.0.0.1:1')).rejects.toThrow('could not be verified now');
  expect((await upload()).state).toBe('verifying');
  expect((await evidence()).state).toBe('verifying');
  await verify();
  expect((await evidence()).state).toBe('active');
});

test('who may triage evidence releases it with a reason, and it counts as received from then on', async () => {
  const { request, verify, upload, evidence, release } = await uploaded(Buffer.from(MALWARE));
  await verify();
  const { id } = await evidence();
  const released = await release();
  expect([released.status, released.body]).toMatchObject([
    200,
    {
      state: 'active',
      scan: {
        verdict: 'infected',
        detail: 'Test.Malware',
        release: {
          by: request.sender.id,
          reason: 'The tool that reads this recorder, asked for by name.',
        },
      },
    },
  ]);
  expect(await upload()).toMatchObject({ state: 'verified', failure: null });
  expect((await api.get(`/evidence/${id}/content`, request.sender)).status).toBe(200);
  const log = await api.get(`/upload-requests/${request.id}/activity-log`, request.sender);
  expect(log.body.summary.items).toBe(1);
  expect(log.body.data.at(-1)).toMatchObject({
    action: 'evidence.released',
    outcome: 'done',
    actor: { kind: 'user', name: request.sender.name },
    files: [{ name: 'cam3.mp4' }],
  });
});

test('a release wakes the life of the request, which tells the sender of the file', async () => {
  const { request, verify, release } = await uploaded(Buffer.from(`${MALWARE} again`));
  await verify();
  const wanted = async () => {
    const [row] = await api.database.em
      .fork()
      .execute<{ wanted: number }[]>('select wanted from lifecycles where workflow_id = ?', [
        workflowIdOf('upload-request', request.id),
      ]);
    return Number(row?.wanted);
  };
  const before = await wanted();
  await release();
  expect(await wanted()).toBe(before + 1);
});

test('a release needs a reason and the permission to triage, and happens once', async () => {
  const { request, verify, evidence, release } = await uploaded(Buffer.from(`${MALWARE} once`));
  await verify();
  const { id } = await evidence();
  const organization = { id: request.sender.organizationId };
  const other = await buildUserWithout(api, organization, 'evidence.triage');
  const forbidden = await api.post(`/evidence/${id}/release`, other, { reason: 'Because.' });
  expect([forbidden.status, forbidden.body.code]).toEqual([403, 'permission-missing']);
  expect((await release('')).body.code).toBe('validation-failed');
  const both = await Promise.all([release(), release()]);
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409]);
  expect((await release()).body).toMatchObject({ code: 'wrong-state', state: 'active' });
});
