/** What somebody releases from quarantine that a community member has sent. */
import { createMalwareScanner } from '../../../platform/malware-scanner.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { MALWARE, startClamd, type TestClamd } from '../../../test/support/clamd.ts';
import { buildInvite, buildInviteGuest, type TestInvite } from '../../../test/support/portals.ts';
import { guestUpload } from '../../../test/support/requests.ts';
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

/** An invite through which one file came in quarantine, and another that is clean. */
async function sent() {
  const invite = await buildInvite(api);
  const member = await buildInviteGuest(api, invite);
  await guestUpload(member, Buffer.from(`${MALWARE} ${invite.id}`), 'tool.mp4');
  await guestUpload(member, Buffer.from(`clean ${invite.id}`), 'clean.mp4');
  await verifyUploads(
    { ...api, scanner: createMalwareScanner(clamd.address) },
    workflowIdOf('evidence-intake', invite.id),
    new Date(),
    freely(),
  );
  return { invite, member };
}

async function evidenceOf({ id }: TestInvite) {
  return api.database.em
    .fork()
    .execute<{ id: string; file_name: string; state: string }[]>(
      `select id, file_name, state from evidence where uploaded_by ->> 'id' = ? order by file_name desc`,
      [id],
    );
}

async function release(invite: TestInvite) {
  const [tool] = await evidenceOf(invite);
  const path = `/evidence/${tool?.id}/release`;
  return api.post(path, invite.owner, { reason: 'A tool that the owner asked for.' });
}

const submissions = async ({ owner }: TestInvite) =>
  (await api.get('/submissions', owner)).body.data;

test('before anything was handed in it is nobody’s still, and is handed in with the rest', async () => {
  const { invite, member } = await sent();
  expect((await release(invite)).status).toBe(200);
  expect((await evidenceOf(invite)).map(({ state }) => state)).toEqual(['verifying', 'verifying']);
  expect((await member.post('/submission')).status).toBe(201);
  const [submission] = await submissions(invite);
  expect(submission.files).toHaveLength(2);
});

test('before anything was handed in it can be taken back like the rest', async () => {
  const { invite, member } = await sent();
  await release(invite);
  for (const { id } of (await member.get('/uploads')).body.data) {
    expect((await member.delete(`/uploads/${id}`)).status).toBe(204);
  }
  expect(await evidenceOf(invite)).toEqual([]);
});

test('after something was handed in it waits for triage with it, and can be accepted', async () => {
  const { invite, member } = await sent();
  expect((await member.post('/submission')).status).toBe(201);
  const released = await release(invite);
  expect([released.status, released.body.state]).toEqual([200, 'triage_pending']);
  const [submission] = await submissions(invite);
  expect(submission).toMatchObject({ state: 'triage_pending' });
  expect(submission.files).toHaveLength(2);
  const accepted = await api.post(`/submissions/${submission.id}/accept-remaining`, invite.owner);
  expect(accepted.status).toBe(200);
  expect((await evidenceOf(invite)).map(({ state }) => state)).toEqual(['active', 'active']);
});

test('where nothing can be handed in any more, whoever releases it decides', async () => {
  const { invite } = await sent();
  await api.post(`/portals/${invite.portal.id}/close`, invite.owner);
  expect((await release(invite)).body.state).toBe('active');
});
