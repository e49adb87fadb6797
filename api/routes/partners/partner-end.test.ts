/** What the end of a partnership does to what two partners share at that moment. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { PartnerId } from '../../../domain/ids.ts';
import { buildAccess } from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import { liveCopy, shareCopy, turnCopy } from '../../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildPartner,
  buildUser,
} from '../../../test/support/factories.ts';
import { buildShareRow } from '../../../test/support/shared-cases.ts';

let api: TestApi;
let source: Organization;
let sender: User;
let inCase: Case;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  source = await buildOrganization(api);
  sender = await buildUser(api, { organization: source });
  inCase = await buildCase(api, { owner: sender });
  await buildEvidence(api, { owner: sender, inCase });
});
afterAll(async () => api.stop());

/** A partner with one copy delivered, one under way and one that waits, and access to the case. */
async function buildSharing() {
  const partner = await buildOrganization(api);
  const partnership = await buildPartner(api, source, partner);
  const receiver = await buildUser(api, { organization: partner });
  const pair = { source, partner, sender, receiver };
  const [delivered, running, waiting] = [
    await shareCopy(api, pair, inCase.id),
    await shareCopy(api, pair, inCase.id),
    await shareCopy(api, pair, inCase.id),
  ];
  await liveCopy(api, delivered.id);
  await turnCopy(api, running.id);
  const theirCase = await buildCase(api, { owner: receiver });
  await buildEvidence(api, { owner: receiver, inCase: theirCase });
  const back = { source: partner, partner: source, sender: receiver, receiver: sender };
  const received = await shareCopy(api, back, theirCase.id);
  const access = await buildAccess(api, sender, inCase, {
    organization: partner,
    partnership,
    users: [receiver],
  });
  await buildShareRow(api, { of: inCase, by: sender, to: partner, access: partnership });
  return { partnership, receiver, delivered, running, waiting, received, access };
}
type Sharing = Awaited<ReturnType<typeof buildSharing>>;

const open = ({ running, waiting, received, access }: Sharing) =>
  [
    ...[running, waiting, received].map(({ id }) => `case-copy:${id}`),
    `partner-access:${access.id}`,
  ].toSorted();

/** The lives that an act wakes, each once, in their rows and by a poke. */
async function woken(path: string, act: (path: string) => Promise<{ status: number }>) {
  const rows = () =>
    api.database.em
      .fork()
      .execute<{ id: string; wanted: string }[]>(
        'select workflow_id as id, wanted from lifecycles',
      );
  const before = new Map((await rows()).map(({ id, wanted }) => [id, wanted]));
  const poked = api.pokes.length;
  expect((await act(path)).status).toBeLessThan(300);
  const pokes = api.pokes.slice(poked);
  const wanted = (await rows()).filter((row) => before.get(row.id) !== row.wanted);
  return { rows: wanted.map(({ id }) => id).toSorted(), pokes: pokes.toSorted() };
}

const ENDS: Readonly<Record<string, (id: PartnerId, user: User) => Promise<{ status: number }>>> = {
  'ending a partnership': async (id, user) => api.delete(`/partners/${id}`, user),
  'taking back a direction': async (id, user) =>
    api.patch(`/partners/${id}`, user, { mayReceiveFrom: false }),
};

test.each(Object.keys(ENDS))(
  '%s wakes the lives of copies under way and of live partner access, and no other',
  async (end) => {
    const [ours, others] = [await buildSharing(), await buildSharing()];
    const act = async (id: string) => ENDS[end]?.(id as PartnerId, ours.receiver) ?? { status: 0 };
    const lives = await woken(ours.partnership.id, act);
    expect(lives).toEqual({ rows: open(ours), pokes: open(ours) });
    const turn = await turnCopy(api, ours.running.id);
    expect([turn.shown.state, turn.work]).toEqual(['failing', ['tidy']]);
    expect((await turnCopy(api, others.running.id)).work).toContain('copy');
  },
);

test('a change that takes no direction back wakes nobody, nor does what has ended once more', async () => {
  const { partnership } = await buildSharing();
  const opened = await woken(partnership.id, async (id) =>
    api.patch(`/partners/${id}`, sender, { maySendTo: true, mayReceiveFrom: true }),
  );
  const end = async (id: string) => api.delete(`/partners/${id}`, sender);
  await end(partnership.id);
  const ended = await woken(partnership.id, end);
  expect(opened).toEqual({ rows: [], pokes: [] });
  expect(ended).toEqual({ rows: [], pokes: [] });
});
