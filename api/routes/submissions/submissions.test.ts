import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { csvRows } from '../../../test/support/csv-rows.ts';
import { eventsOf } from '../../../test/support/events.ts';
import {
  buildCase,
  buildOrganization,
  buildUser,
  buildUserWith,
  buildUserWithout,
} from '../../../test/support/factories.ts';
import {
  buildInvite,
  buildPortal,
  buildSubmission,
  type TestPortal,
} from '../../../test/support/portals.ts';

let api: TestApi;
let organization: Organization;
let owner: User;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
});
afterAll(() => api.stop());

async function handedIn(options: { files?: number; accepted?: boolean } = {}, portal?: TestPortal) {
  const into = portal ?? (await buildPortal(api, { owner, kind: 'public' }));
  const invite = await buildInvite(api, into);
  const submission = await buildSubmission(api, into, invite, options);
  return { portal: into, invite, ...submission, path: `/submissions/${submission.id}` };
}

const decide = (submission: { path: string }, file: string | undefined, what: string, as = owner) =>
  api.post(`${submission.path}/files/${file}/${what}`, as);

const stateOf = async (id: string | undefined) =>
  (await api.get(`/evidence/${id}`, owner)).body.state;

describe('triage', () => {
  test('decides about each file, and says who did', async () => {
    const submission = await handedIn({ files: 3 });
    const [one, two, three] = submission.files;
    const accepted = await decide(submission, one, 'accept');
    expect(accepted.status).toBe(200);
    expect(accepted.body).toMatchObject({ id: submission.id, state: 'triage_pending' });
    expect(accepted.body).not.toHaveProperty('communityMember');
    expect(accepted.body.files[0]).toMatchObject({
      id: one,
      decision: 'accepted',
      decidedBy: { id: owner.id, name: owner.name },
      decidedAt: expect.any(String),
      state: 'active',
    });
    expect((await decide(submission, two, 'decline')).status).toBe(200);
    expect([await stateOf(one), await stateOf(two), await stateOf(three)]).toEqual([
      'active',
      'declined',
      'triage_pending',
    ]);
    expect(await eventsOf(api, submission.id)).toEqual([
      'submission.received',
      'submission.file_accepted',
      'submission.file_declined',
    ]);
  });

  test('puts what is accepted into the portal’s case, and nothing else', async () => {
    const inCase = await buildCase(api, { owner });
    const portal = await buildPortal(api, { owner, kind: 'public', caseId: inCase.id });
    const submission = await handedIn({ files: 3 }, portal);
    const [one, two, three] = submission.files;
    await decide(submission, two, 'decline');
    const inIt = async () =>
      (await api.get(`/cases/${inCase.id}/evidence`, owner)).body.data.map(
        ({ id }: { id: string }) => id,
      );
    expect(await inIt()).toEqual([]);
    await decide(submission, one, 'accept');
    expect(await inIt()).toEqual([one]);
    await api.post(`${submission.path}/accept-remaining`, owner);
    expect((await inIt()).sort()).toEqual([one, three].sort());
  });

  test('is done once: a decision stands, but what was declined may be accepted', async () => {
    const submission = await handedIn({ files: 2 });
    const [one, two] = submission.files;
    await decide(submission, one, 'accept');
    for (const what of ['accept', 'decline']) {
      const again = await decide(submission, one, what);
      expect(again.body).toMatchObject({ status: 409, code: 'wrong-state', decision: 'accepted' });
    }
    await decide(submission, two, 'decline');
    expect((await decide(submission, two, 'decline')).body.code).toBe('wrong-state');
    expect((await decide(submission, two, 'accept')).status).toBe(200);
    expect(await stateOf(two)).toBe('active');
    const automatic = await handedIn({ accepted: true });
    expect((await decide(automatic, automatic.files[0], 'decline')).status).toBe(409);
  });

  test('accepts nothing that was declined longer ago than the organization keeps it', async () => {
    const submission = await handedIn({ files: 2 });
    const [one, two] = submission.files;
    await api.post(`${submission.path}/decline-remaining`, owner);
    await api.patch('/organization', owner, { declinedRetentionDays: 5 });
    const declinedBefore = (file: string | undefined, hours: number) =>
      api.database.em
        .fork()
        .execute(
          `update submission_files set decided_at = clock_timestamp() - ? * interval '1 hour' where evidence_id = ?`,
          [hours, file],
        );
    await declinedBefore(one, 5 * 24 - 1);
    await declinedBefore(two, 5 * 24 + 1);
    expect((await decide(submission, one, 'accept')).status).toBe(200);
    const late = await decide(submission, two, 'accept');
    expect(late.body).toMatchObject({ status: 409, code: 'wrong-state', decision: 'declined' });
  });

  test('decides about the remaining files at once, and of nothing twice', async () => {
    const submission = await handedIn({ files: 3 });
    await decide(submission, submission.files[0], 'decline');
    const rest = await api.post(`${submission.path}/accept-remaining`, owner);
    expect(rest.body).toMatchObject({
      state: 'triaged',
      files: [{ decision: 'declined' }, { decision: 'accepted' }, { decision: 'accepted' }],
    });
    for (const what of ['accept-remaining', 'decline-remaining']) {
      const again = await api.post(`${submission.path}/${what}`, owner);
      expect([again.status, again.body.code]).toEqual([409, 'wrong-state']);
    }
  });

  test('is for those who may triage, everything or what is their own', async () => {
    const submission = await handedIn();
    const other = await handedIn();
    const [file] = submission.files;
    const sees = await buildUserWithout(api, organization, 'evidence.triage');
    const refused = await decide(submission, file, 'accept', sees);
    expect(refused.body).toMatchObject({ status: 403, missing: ['evidence.triage'] });
    const own = { 'portal.view': 'own', 'evidence.triage': 'own' } as const;
    const stranger = await buildUserWith(api, organization, own);
    expect((await decide(submission, file, 'accept', stranger)).status).toBe(403);
    expect((await api.get(submission.path, stranger)).status).toBe(403);
    await api.patch(`/portals/${submission.portal.id}`, owner, { ownerId: stranger.id });
    expect((await decide(submission, file, 'accept', stranger)).status).toBe(200);
    const foreign = await decide(submission, file, 'accept', await buildUser(api));
    expect(foreign.status).toBe(404);
    const mixed = await decide(submission, other.files[0], 'accept');
    expect([mixed.status, mixed.body.code]).toEqual([404, 'not-found']);
  });
});

describe('two people who decide at once', () => {
  const ROUNDS = 25;

  test('about a file: the first wins, the second is told', async () => {
    const colleague = await buildUser(api, { organization });
    const portal = await buildPortal(api, { owner, kind: 'public' });
    for (let round = 0; round < ROUNDS; round += 1) {
      const submission = await handedIn({}, portal);
      const [file] = submission.files;
      const [accepted, declined] = await Promise.all([
        decide(submission, file, 'accept', round % 2 === 0 ? owner : colleague),
        decide(submission, file, 'decline', round % 2 === 0 ? colleague : owner),
      ]);
      expect([accepted.status, declined.status].toSorted()).toEqual([200, 409]);
      const winner = accepted.status === 200 ? 'accepted' : 'declined';
      const { body } = await api.get(submission.path, owner);
      expect(body.files[0].decision).toBe(winner);
      expect(await eventsOf(api, file ?? '')).toEqual([`submission.file_${winner}`]);
    }
  }, 120_000);

  test('about all files: one decides about all of them', async () => {
    const colleague = await buildUser(api, { organization });
    const portal = await buildPortal(api, { owner, kind: 'public' });
    for (let round = 0; round < 8; round += 1) {
      const submission = await handedIn({ files: 3 }, portal);
      const answers = await Promise.all([
        api.post(`${submission.path}/accept-remaining`, owner),
        api.post(`${submission.path}/decline-remaining`, colleague),
      ]);
      expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409]);
      const { body } = await api.get(submission.path, owner);
      const decisions = body.files.map(({ decision }: { decision: string }) => decision);
      expect(new Set(decisions).size).toBe(1);
    }
  }, 120_000);
});

describe('submissions', () => {
  test('are listed newest first, those that wait by themselves', async () => {
    const [first, second] = [await handedIn(), await handedIn()];
    await api.post(`${first.path}/accept-remaining`, owner);
    const ids = async (query: string) =>
      (await api.get(`/submissions${query}`, owner)).body.data.map(({ id }: { id: string }) => id);
    expect(await ids('')).toEqual([second.id, first.id]);
    expect(await ids('?state=triage_pending')).toEqual([second.id]);
    expect(await ids('?state=triaged')).toEqual([first.id]);
    expect(await ids(`?portalId=${first.portal.id}`)).toEqual([first.id]);
    const { body } = await api.get(second.path, owner);
    expect(body).toMatchObject({
      communityMember: { email: second.invite.email },
      portal: { id: second.portal.id, kind: 'public' },
      autoAccepted: false,
      acceptedTerms: null,
    });
  });

  test('are exported, a row for each file, on record', async () => {
    const submission = await handedIn({ files: 2 });
    await decide(submission, submission.files[0], 'decline');
    const exported = await api.get('/submissions/export.csv', owner);
    expect(exported.headers.get('Content-Type')).toContain('text/csv');
    expect(csvRows(exported.body)).toMatchObject([
      {
        Submission: submission.id,
        'E-mail': submission.invite.email,
        State: 'declined',
        Decision: 'declined',
        'Decided By': owner.name,
      },
      { Submission: submission.id, State: 'triage_pending', Decision: '' },
    ]);
    expect(await eventsOf(api, organization.id)).toContain('submission.exported');
    const blind = await buildUserWithout(api, organization, 'portal.view');
    expect((await api.get('/submissions/export.csv', blind)).status).toBe(403);
  });
});
