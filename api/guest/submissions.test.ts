/** Sending files through an invite, and handing them in: what is let in, and what becomes of it. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventsOf } from '../../test/support/events.ts';
import { buildCase, buildCategory, buildUser, unique } from '../../test/support/factories.ts';
import { guestAt } from '../../test/support/guest.ts';
import {
  buildInvite,
  buildInviteGuest,
  buildPortal,
  setIndividual,
  type TestInvite,
} from '../../test/support/portals.ts';
import { guestSend, guestUpload } from '../../test/support/requests.ts';
import { alter, JUST_EXPIRED } from '../../test/support/rows.ts';
import { verifyNow } from '../../test/support/uploads.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const some = () => Buffer.from(unique('content'));

async function evidenceOf(invite: TestInvite) {
  return api.database.em.fork().execute<
    {
      state: string;
      owner_id: string;
      description: string | null;
      uploaded_by: { type: string; id: string; name: string };
      cases: number;
      categories: string[];
    }[]
  >(
    `select e.state, e.owner_id, e.description, e.uploaded_by,
       (select count(*)::int from case_evidence ce where ce.evidence_id = e.id) as cases,
       to_json(array(select ec.category_id from evidence_categories ec
         where ec.evidence_id = e.id and ec.automatic)) as categories
     from evidence e join uploads u on u.evidence_id = e.id
     where u.invite_id = ? and u.state = 'verified' order by u.id`,
    [invite.id],
  );
}

test('what was sent belongs to nobody until it is handed in; then it waits for triage', async () => {
  const category = await buildUser(api);
  const organization = { id: category.organizationId };
  const { id: categoryId } = await buildCategory(api, organization);
  const inCase = await buildCase(api, { owner: category });
  const invite = await buildInvite(api, {
    owner: category,
    caseId: inCase.id,
    categoryIds: [categoryId],
  });
  const member = await buildInviteGuest(api, invite);
  const content = some();
  const begun = await guestSend(member, content, 'window.jpg', { caption: 'The broken window' });
  await member.post(`/uploads/${begun}/complete`);
  await guestUpload(member, some(), 'door.jpg');
  await verifyNow(api, invite.id);
  expect(await evidenceOf(invite)).toMatchObject([{ state: 'verifying' }, { state: 'verifying' }]);
  const listed = await api.get(`/cases/${inCase.id}/evidence`, invite.owner);
  expect(listed.body.data).toEqual([]);

  const { status, body } = await member.post('/submission');
  expect(status).toBe(201);
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(body.files).toEqual([
    {
      id: expect.any(String),
      fileName: 'window.jpg',
      size: content.length,
      sha256,
      caption: 'The broken window',
    },
    expect.objectContaining({ fileName: 'door.jpg', caption: null }),
  ]);
  const found = await evidenceOf(invite);
  expect(found).toMatchObject([
    {
      state: 'triage_pending',
      owner_id: invite.owner.id,
      description: 'The broken window',
      uploaded_by: { type: 'community_member', id: invite.id, name: 'Community member' },
      cases: 0,
      categories: [categoryId],
    },
    { state: 'triage_pending', cases: 0 },
  ]);
  expect(await eventsOf(api, body.id)).toEqual(['submission.received']);
  expect((await member.get('/submission')).body).toEqual(body);
});

test('where submissions are accepted by themselves, the files are active and in the case', async () => {
  const owner = await buildUser(api);
  await setIndividual(api, owner, { autoAccept: true });
  const inCase = await buildCase(api, { owner });
  const invite = await buildInvite(api, { owner, caseId: inCase.id });
  const member = await buildInviteGuest(api, invite);
  await guestUpload(member, some());
  await verifyNow(api, invite.id);
  expect((await member.post('/submission')).status).toBe(201);
  expect(await evidenceOf(invite)).toMatchObject([{ state: 'active', cases: 1 }]);
  const [row] = await api.database.em.fork().execute(
    `select f.decision, f.decided_by, s.auto_accepted from submission_files f
       join submissions s on s.id = f.submission_id where s.invite_id = ?`,
    [invite.id],
  );
  expect(row).toEqual({ decision: 'accepted', decided_by: null, auto_accepted: true });
});

test('nothing is handed in while a file is being sent or verified, and what is in the way is named', async () => {
  const invite = await buildInvite(api);
  const member = await buildInviteGuest(api, invite);
  expect((await member.post('/submission')).body).toMatchObject({
    code: 'wrong-state',
    uploading: 0,
    verifying: 0,
  });
  await guestUpload(member, some());
  const open = await guestSend(member, some());
  expect((await member.post('/submission')).body).toMatchObject({
    status: 409,
    code: 'wrong-state',
    uploading: 1,
    verifying: 1,
  });
  await verifyNow(api, invite.id);
  await member.delete(`/uploads/${open}`);
  expect((await member.post('/submission')).status).toBe(201);
});

test('a link takes one submission; asked again under its key it is answered again', async () => {
  const invite = await buildInvite(api);
  const member = await buildInviteGuest(api, invite);
  await guestUpload(member, some());
  await verifyNow(api, invite.id);
  const key = { 'Idempotency-Key': 'once' };
  const first = await member.post('/submission', {}, key);
  const again = await member.post('/submission', {}, key);
  expect([again.status, again.body]).toEqual([201, first.body]);
  for (const answer of [
    await member.post('/submission'),
    await member.post('/uploads', { fileName: 'a.jpg', size: 1 }),
    await member.get(),
    await member.get('/uploads'),
  ]) {
    expect([answer.status, answer.body.code, answer.body.reason]).toEqual([
      410,
      'link-dead',
      'used_up',
    ]);
  }
});

test('the same bytes twice are handed in once; in another invite they are no duplicate', async () => {
  const portal = await buildPortal(api, { kind: 'public' });
  const [mine, other] = [await buildInvite(api, portal), await buildInvite(api, portal)];
  const content = some();
  for (const [invite, times] of [
    [mine, 2],
    [other, 1],
  ] as const) {
    const member = await buildInviteGuest(api, invite);
    for (let count = 0; count < times; count += 1) await guestUpload(member, content);
    await verifyNow(api, invite.id);
    expect((await member.post('/submission')).body.files).toHaveLength(1);
  }
});

test('a file that was verified can be taken back before it is handed in, and is gone', async () => {
  const invite = await buildInvite(api);
  const member = await buildInviteGuest(api, invite);
  const content = some();
  const wrong = await guestUpload(member, content);
  const twice = await guestUpload(member, content);
  await guestUpload(member, some(), 'right.jpg');
  await verifyNow(api, invite.id);
  for (const id of [wrong, twice]) {
    if ((await member.get(`/uploads/${id}`)).body.state !== 'verified') continue;
    expect((await member.delete(`/uploads/${id}`)).status).toBe(204);
  }
  const states = await Promise.all(
    [wrong, twice].map(async (id) => (await member.get(`/uploads/${id}`)).body.state),
  );
  expect(states).toEqual(['aborted', 'aborted']);
  const { body } = await member.post('/submission');
  expect(body.files.map(({ fileName }: { fileName: string }) => fileName)).toEqual(['right.jpg']);
  expect(await evidenceOf(invite)).toHaveLength(1);
});

describe('limits', () => {
  test.each([
    ['individual', 60e9, 200e9],
    ['public', 2e9, 10e9],
  ] as const)('of an %s portal', async (kind, file, total) => {
    const invite = await buildInvite(api, { kind });
    const member = await buildInviteGuest(api, invite);
    const facts = await member.get();
    expect(facts.body.limits).toEqual({ fileSize: file, files: 25, total, captionLength: 500 });
    const begin = (size: number) => member.post('/uploads', { fileName: 'a.mp4', size });
    expect((await begin(file + 1)).body).toMatchObject({ code: 'file-too-large', limit: file });
    for (let sent = 0; sent + file <= total; sent += file) {
      expect((await begin(file)).status).toBe(201);
    }
    const left = total % file;
    const answer = await begin(left + 1);
    expect([answer.status, answer.body]).toMatchObject([413, { code: 'too-many-bytes', left }]);
  });

  test('a submission takes 25 files, those that were given up not counted', async () => {
    const invite = await buildInvite(api);
    const member = await buildInviteGuest(api, invite);
    const begin = () => member.post('/uploads', { fileName: 'a.jpg', size: 1 });
    const ids = [];
    for (let count = 0; count < 25; count += 1) ids.push((await begin()).body.id);
    expect((await begin()).body).toMatchObject({ status: 409, code: 'too-many-files', limit: 25 });
    await member.delete(`/uploads/${ids[0]}`);
    expect((await begin()).status).toBe(201);
  });
});

describe('a link that has expired', () => {
  test('lets what was begun before be finished and handed in, and nothing new begin', async () => {
    const invite = await buildInvite(api);
    const member = await buildInviteGuest(api, invite);
    const id = await guestSend(member, some());
    await alter(api, 'invites', invite.id, JUST_EXPIRED);
    expect((await member.get()).body.state).toBe('expired');
    const begun = await member.post('/uploads', { fileName: 'new.jpg', size: 1 });
    expect([begun.status, begun.body.reason]).toEqual([410, 'expired']);
    expect((await member.post(`/uploads/${id}/complete`)).status).toBe(202);
    await verifyNow(api, invite.id);
    expect((await member.post('/submission')).status).toBe(201);
  });

  test('opens nothing where nothing was begun, and nothing 14 days later', async () => {
    const [empty, late] = [await buildInvite(api), await buildInvite(api)];
    const [first, second] = [await buildInviteGuest(api, empty), await buildInviteGuest(api, late)];
    await guestSend(second, some());
    await alter(api, 'invites', empty.id, JUST_EXPIRED);
    await alter(api, 'invites', late.id, `expires_at = clock_timestamp() - interval '14 days'`);
    for (const member of [first, second]) expect((await member.get()).body.reason).toBe('expired');
    expect((await second.post('/submission')).body.reason).toBe('expired');
  });
});

test('one invite’s session reaches no other invite, and none of its files', async () => {
  const [mine, other] = [await buildInvite(api), await buildInvite(api)];
  const member = await buildInviteGuest(api, mine);
  const stranger = await buildInviteGuest(api, other);
  const id = await guestSend(stranger, some());
  const trespasser = guestAt(api, `invites/${other.id}`, member.cookie);
  expect((await trespasser.get()).status).toBe(401);
  expect((await trespasser.post('/submission')).status).toBe(401);
  expect((await member.get(`/uploads/${id}`)).status).toBe(404);
  expect((await member.delete(`/uploads/${id}`)).status).toBe(404);
});
