/** Previews in a browser while their evidence is marked as sensitive: nothing of it goes on unwarned. */
import { randomBytes } from 'node:crypto';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../domain/sharing/partner-access/partner-access.entity.ts';
import { buildAccess, buildPartnerWithUsers } from '../../test/support/access.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { signedInCookie } from '../../test/support/border-world.ts';
import { eventually } from '../../test/support/eventually.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../test/support/factories.ts';
import { shareEvents } from '../../test/support/links.ts';
import { slowDownload, stopDownloads } from '../../test/support/slow-download.ts';
import { withinASecond } from '../../test/support/within-a-second.ts';

const FILE_BYTES = 24 * 1024 ** 2;

let api: TestApi;
let owner: User;
let recipient: User;
let evidence: Evidence;
let access: PartnerAccess;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  const organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  const inCase = await buildCase(api, { owner });
  evidence = await buildEvidence(api, { owner, inCase, content: randomBytes(FILE_BYTES) });
  const partner = await buildPartnerWithUsers(api, organization, 1);
  recipient = partner.users[0] as User;
  access = await buildAccess(api, owner, inCase, partner);
});
afterEach(async () => {
  stopDownloads();
  await eventually('all to be over', () => api.deps.streaming.running === 0);
});
afterAll(() => api.stop());

const page = () => `${api.origin}/access/${access.id}/evidence/${evidence.id}`;

async function accept(cookie: string): Promise<void> {
  const { status } = await fetch(`${page()}/accept`, {
    method: 'POST',
    redirect: 'manual',
    headers: { Cookie: cookie },
  });
  expect(status).toBe(303);
}

async function mark(): Promise<void> {
  const marked = await api.patch(`/evidence/${evidence.id}`, owner, {
    sensitiveContentWarning: true,
  });
  expect(marked.status).toBe(200);
}

test('a preview that was begun unwarned is cut within a second, in every browser that has not accepted', async () => {
  const [unwarned, accepting] = [
    await signedInCookie(api, recipient),
    await signedInCookie(api, recipient),
  ];
  await accept(accepting);
  const cut = await slowDownload(`${page()}/preview`, { Cookie: unwarned });
  const whole = [
    await slowDownload(`${page()}/preview`, { Cookie: accepting }),
    // Whoever saves the original is not shown it.
    await slowDownload(`${page()}/content`, { Cookie: unwarned }),
    await slowDownload(
      `${api.origin}/api/v1/shared-with-me/${access.id}/evidence/${evidence.id}/preview`,
      { Authorization: `Bearer ${await api.token(recipient)}` },
    ),
  ];
  await mark();
  await withinASecond(api, 'the cut', () => api.deps.streaming.running <= whole.length);
  cut.hurry();
  expect((await cut.over).complete).toBe(false);
  expect(api.deps.streaming.running).toBe(whole.length);
  for (const download of whole) download.hurry();
  for (const download of whole) expect((await download.over).complete).toBe(true);
});

test('the record says why it was cut, and it goes on once that is accepted', async () => {
  const cookie = await signedInCookie(api, recipient);
  const cut = await slowDownload(`${page()}/preview`, { Cookie: cookie });
  await mark();
  await eventually('the cut', () => api.deps.streaming.running === 0);
  cut.hurry();
  expect((await cut.over).complete).toBe(false);
  await api.deps.streaming.drain();
  const ends = (await shareEvents(api, access.id)).filter(({ action }) =>
    action.endsWith('_ended'),
  );
  expect(ends).toMatchObject([
    { action: 'evidence.preview_ended', reason: 'cut', data: { cause: 'not_accepted' } },
  ]);
  const again = () =>
    fetch(`${page()}/preview`, { headers: { Cookie: cookie, Range: 'bytes=0-9' } });
  expect(await (await again()).json()).toMatchObject({ status: 403, code: 'warning-not-accepted' });
  await accept(cookie);
  expect((await again()).status).toBe(206);
});
