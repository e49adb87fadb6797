/** Recipients of partner access while bytes go to them: what ends their access cuts them, and only them. */
import { randomBytes } from 'node:crypto';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../domain/sharing/partner-access/partner-access.entity.ts';
import { buildAccess, buildPartnerWithUsers } from '../../test/support/access.ts';
import { startApi, type TestAnswer, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
} from '../../test/support/factories.ts';
import { shareEvents } from '../../test/support/links.ts';
import { locked } from '../../test/support/locked.ts';
import {
  type SlowDownload,
  slowDownload,
  stopDownloads,
} from '../../test/support/slow-download.ts';
import { withinASecond } from '../../test/support/within-a-second.ts';

const FILE_BYTES = 24 * 1024 ** 2;

/** Downloads and previews of each victim at once. */
const EACH = 3;

let api: TestApi;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence;
let other: Evidence;
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner });
  evidence = await buildEvidence(api, { owner, inCase, content: randomBytes(FILE_BYTES) });
  other = await buildEvidence(api, { owner, inCase, content: randomBytes(FILE_BYTES) });
});
afterEach(async () => {
  stopDownloads();
  await eventually('all to be over', () => api.deps.streaming.running === 0);
});
afterAll(() => api.stop());

type Mode = 'preview' | 'content';

/** A partner with two users, and access for both. */
async function share(choice: Parameters<typeof buildAccess>[4] = {}) {
  const partner = await buildPartnerWithUsers(api, organization, 2);
  const [first, second] = partner.users;
  if (first === undefined || second === undefined) throw new Error('a partner has two users');
  return { partner, first, second, access: await buildAccess(api, owner, inCase, partner, choice) };
}

async function begin(as: User, access: PartnerAccess, of: Evidence, mode: Mode) {
  const path = `/api/v1/shared-with-me/${access.id}/evidence/${of.id}/${mode}`;
  return slowDownload(`${api.origin}${path}`, { Authorization: `Bearer ${await api.token(as)}` });
}

/** Some downloads and previews of one user. */
async function beginSome(as: User, access: PartnerAccess, modes: readonly Mode[]) {
  const asked = modes.flatMap((mode) => Array.from({ length: EACH }, () => mode));
  return Promise.all(asked.map((mode) => begin(as, access, evidence, mode)));
}

/** Staff of the source who downloads the same file. */
async function beginAtSource(): Promise<SlowDownload> {
  return slowDownload(`${api.origin}/api/v1/evidence/${evidence.id}/content`, {
    Authorization: `Bearer ${await api.token(owner)}`,
  });
}

/** Ends access in some way, while these run: the first are cut within a second, the others come whole. */
async function expectCut(
  end: () => Promise<unknown>,
  { cut, whole }: { cut: readonly SlowDownload[]; whole: readonly SlowDownload[] },
): Promise<void> {
  expect(api.deps.streaming.running).toBe(cut.length + whole.length);
  await end();
  const { streaming } = api.deps;
  await withinASecond(api, 'all that must end', () => streaming.running <= whole.length);
  for (const download of cut) download.hurry();
  for (const download of cut) {
    expect((await download.over).complete).toBe(false);
    expect(download.received).toBeLessThan(FILE_BYTES);
  }
  expect(api.deps.streaming.running).toBe(whole.length);
  for (const download of whole) download.hurry();
  for (const download of whole) {
    expect((await download.over).complete).toBe(true);
    expect(download.received).toBe(FILE_BYTES);
  }
  await api.deps.streaming.drain();
}

/** How what began by a share ended: each user's preview and download is one, however many requests. */
async function endsOf({ id }: PartnerAccess) {
  const events = await shareEvents(api, id);
  return events
    .filter(({ action }) => action.endsWith('_ended'))
    .map(({ action, reason, data }) => [action, reason, data.cause].filter(Boolean).join(' '))
    .sort();
}

const BOTH_CUT = (cause: string) => [
  `evidence.download_ended cut ${cause}`,
  `evidence.preview_ended cut ${cause}`,
];
const BOTH_WHOLE = ['evidence.download_ended complete', 'evidence.preview_ended complete'];

/** What the owner of the case asks for, and is answered. */
async function changed(answer: Promise<TestAnswer>): Promise<void> {
  const { status, body } = await answer;
  expect([status, status < 300 ? null : body]).toEqual([expect.any(Number), null]);
}

const revoke = ({ id }: PartnerAccess) => changed(api.post(`/shares/${id}/revoke`, owner));
const change = ({ id }: PartnerAccess, fields: object) =>
  changed(api.patch(`/shares/${id}`, owner, fields));

describe('previews and downloads under way are cut within a second, and others are untouched,', () => {
  it('when the share is revoked', async () => {
    const { access, first, second } = await share();
    const bystander = await share();
    const cut = [
      ...(await beginSome(first, access, ['preview', 'content'])),
      ...(await beginSome(second, access, ['preview', 'content'])),
    ];
    const whole = [
      await begin(bystander.first, bystander.access, evidence, 'preview'),
      await begin(bystander.first, bystander.access, evidence, 'content'),
      await beginAtSource(),
    ];
    await expectCut(() => revoke(access), { cut, whole });
    expect(await endsOf(access)).toEqual([...BOTH_CUT('revoked'), ...BOTH_CUT('revoked')].sort());
    expect(await endsOf(bystander.access)).toEqual(BOTH_WHOLE);
  });

  it('when one recipient is removed', async () => {
    const { access, first, second } = await share();
    const cut = await beginSome(first, access, ['preview', 'content']);
    const whole = [
      await begin(second, access, evidence, 'preview'),
      await begin(second, access, evidence, 'content'),
    ];
    const recipients = [{ type: 'user', id: second.id }] as const;
    await expectCut(() => change(access, { recipients }), { cut, whole });
    expect(await endsOf(access)).toEqual([...BOTH_CUT('not_permitted'), ...BOTH_WHOLE].sort());
  });

  it('when a recipient leaves the group that is named', async () => {
    const { partner, first, second } = await share();
    const group = await buildGroup(api, partner.organization, [first, second]);
    const recipients = [{ type: 'group', id: group.id }] as const;
    const access = await buildAccess(api, owner, inCase, partner, { recipients });
    const cut = await beginSome(first, access, ['preview', 'content']);
    const whole = [await begin(second, access, evidence, 'content')];
    const members = [second.id];
    const leave = () => changed(api.patch(`/groups/${group.id}`, second, { members }));
    await expectCut(leave, { cut, whole });
    expect(await endsOf(access)).toEqual([
      'evidence.download_ended complete',
      ...BOTH_CUT('not_permitted'),
    ]);
  });

  it('when the evidence is taken out of the case', async () => {
    const { access, first } = await share();
    const cut = await beginSome(first, access, ['preview', 'content']);
    const whole = [
      await begin(first, access, other, 'preview'),
      await begin(first, access, other, 'content'),
      await beginAtSource(),
    ];
    const path = `/cases/${inCase.id}/evidence/${evidence.id}`;
    await expectCut(() => changed(api.delete(path, owner)), { cut, whole });
    expect(await endsOf(access)).toEqual([...BOTH_CUT('not_permitted'), ...BOTH_WHOLE].sort());
    expect((await api.put(path, owner)).status).toBe(204);
  });

  it('the downloads only, when view_and_download becomes view', async () => {
    const { access, first, second } = await share();
    const cut = [
      ...(await beginSome(first, access, ['content'])),
      ...(await beginSome(second, access, ['content'])),
    ];
    const whole = [
      await begin(first, access, evidence, 'preview'),
      await begin(second, access, evidence, 'preview'),
    ];
    await expectCut(() => change(access, { access: 'view' }), { cut, whole });
    const ends = ['evidence.download_ended cut not_permitted', 'evidence.preview_ended complete'];
    expect(await endsOf(access)).toEqual([...ends, ...ends].sort());
  });

  it('when the partnership is ended, by either side', async () => {
    const bystander = await share();
    for (const side of ['source', 'partner'] as const) {
      const { partner, access, first, second } = await share();
      const cut = await beginSome(first, access, ['preview', 'content']);
      const whole = [await begin(bystander.first, bystander.access, evidence, 'content')];
      const end = () =>
        changed(
          api.delete(`/partners/${partner.partnership.id}`, side === 'source' ? owner : second),
        );
      await expectCut(end, { cut, whole });
      expect(await endsOf(access)).toEqual(BOTH_CUT('revoked'));
    }
  });

  it('when a recipient is disabled', async () => {
    const { access, first, second } = await share();
    const cut = await beginSome(first, access, ['preview', 'content']);
    const whole = [
      await begin(second, access, evidence, 'preview'),
      await begin(second, access, evidence, 'content'),
    ];
    await expectCut(() => changed(api.delete(`/users/${first.id}`, second)), { cut, whole });
    expect(await endsOf(access)).toEqual([...BOTH_CUT('not_permitted'), ...BOTH_WHOLE].sort());
  });

  it('when the days of the share are over', async () => {
    const { access, first } = await share();
    const bystander = await share();
    const cut = await beginSome(first, access, ['preview', 'content']);
    const whole = [await begin(bystander.first, bystander.access, evidence, 'preview')];
    const expire = () =>
      api.database.em
        .fork()
        .execute('update shares set expires_at = clock_timestamp() where id = ?', [access.id]);
    await expectCut(expire, { cut, whole });
    expect(await endsOf(access)).toEqual(BOTH_CUT('expired'));
  });
});

it('the record of what was cut has every byte that went out, by however many requests', async () => {
  const { access, first } = await share();
  const cut = await beginSome(first, access, ['content']);
  await expectCut(() => revoke(access), { cut, whole: [] });
  const [session] = await api.database.em
    .fork()
    .execute<{ bytes_served: string }[]>(
      'select bytes_served from content_sessions where share_id = ?',
      [access.id],
    );
  const [end] = (await shareEvents(api, access.id)).filter(({ reason }) => reason === 'cut');
  expect(end?.data.bytes).toBe(Number(session?.bytes_served));
  const received = cut.reduce((sum, download) => sum + download.received, 0);
  expect(end?.data.bytes).toBeGreaterThanOrEqual(received);
});

it('a download of a recipient is held while PostgreSQL does not answer, and goes on when it does', async () => {
  const { access, first } = await share();
  const download = await begin(first, access, evidence, 'content');
  await locked(api, 'shares', async () => {
    download.hurry();
    let [seen, since] = [download.received, performance.now()];
    await eventually('no byte for half a second', () => {
      if (download.received > seen) [seen, since] = [download.received, performance.now()];
      return performance.now() - since > 500;
    });
    expect(download.received).toBeLessThan(FILE_BYTES);
  });
  expect((await download.over).complete).toBe(true);
});
