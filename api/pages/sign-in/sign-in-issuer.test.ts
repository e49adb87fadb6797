/** Recipients whose organization has an issuer: they sign in there, with a real OpenID Connect provider. */

import { act } from '../../../domain/act.ts';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import { setIssuer } from '../../../domain/identity/organization-issuer.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../../domain/sharing/partner-access/partner-access.entity.ts';
import { buildAccess, buildPartnerWithUsers } from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';
import {
  startIdentityProvider,
  type TestIdentityProvider,
} from '../../../test/support/identity-provider.ts';
import {
  openBrowser,
  startPost,
  type TestBrowser,
  type TestPost,
} from '../../../test/support/recipients.ts';

const PUBLIC_URL = 'http://127.0.0.1:8080';
const CALLBACK = `${PUBLIC_URL}/sign-in/callback`;

let provider: TestIdentityProvider;
let api: TestApi;
let post: TestPost;
let organization: Organization;
let inCase: Case;
let owner: User;
beforeAll(async () => {
  provider = await startIdentityProvider(CALLBACK);
  const clients = { [provider.issuer]: provider.client, 'http://127.0.0.1:1': { clientId: 'x' } };
  api = await startApi({ variables: { SIGN_IN_CLIENTS: JSON.stringify(clients) } });
  post = await startPost(api);
  organization = await buildOrganization(api);
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner });
  await buildEvidence(api, { owner, inCase });
});
afterAll(async () => {
  await post.stop();
  await api.stop();
  await provider.stop();
});

let recipient: User;
let other: User;
let share: PartnerAccess;
let browser: TestBrowser;
beforeEach(async () => {
  const partner = await buildPartnerWithUsers(api, organization, 2);
  [recipient, other] = partner.users as [User, User];
  await useIssuer(partner.organization, provider.issuer);
  share = await buildAccess(api, owner, inCase, { ...partner, users: [recipient] });
  browser = openBrowser(api);
  provider.verified = true;
});

async function useIssuer({ slug }: Organization, issuer: string): Promise<void> {
  await act(api, { actor: { kind: 'operator', id: null } }, async (acting) =>
    setIssuer(acting, slug, issuer),
  );
}

/** Opens the link; gives the address at which the page says to sign in. */
async function begin(): Promise<string> {
  const begun = await browser.submit(await post.linkOf(share.id, recipient));
  expect(begun.location).toBe('/sign-in/continue');
  const page = await browser.get('/sign-in/continue');
  expect(page.text).toContain(new URL(provider.issuer).host);
  return (/class="button" href="([^"]+)"/.exec(page.text)?.[1] ?? '').replaceAll('&amp;', '&');
}

/** Comes back from the issuer. */
async function comeBack(address: string) {
  return browser.get(address.slice(PUBLIC_URL.length));
}

test('the recipient signs in at the issuer, by code and PKCE, and no code is mailed', async () => {
  const address = new URL(await begin());
  expect(address.searchParams.get('code_challenge_method')).toBe('S256');
  expect(address.searchParams.get('redirect_uri')).toBe(CALLBACK);
  expect((await browser.get(`/access/${share.id}`)).status).toBe(401);
  const back = await comeBack(await provider.signIn(address.href, recipient.email));
  expect([back.status, back.location]).toEqual([303, `/access/${share.id}`]);
  expect((await browser.get(`/access/${share.id}`)).status).toBe(200);
  await post.send(share.id);
  expect(post.mail.mails.some(({ subject }) => subject?.includes('code'))).toBe(false);
});

test('who signs in as somebody else is that, and sees what is granted to that: nothing here', async () => {
  const back = await comeBack(await provider.signIn(await begin(), other.email));
  expect(back.location).toBe(`/access/${share.id}`);
  expect((await browser.get(`/access/${share.id}`)).status).toBe(404);
});

test.each([
  ['is unknown here', async () => 'nobody@example.test'],
  ['is of another organization', async () => owner.email],
])('whom the issuer knows and who %s is refused, and that is on record', async (_, email) => {
  const back = await comeBack(await provider.signIn(await begin(), await email()));
  expect([back.status, browser.cookies.has('cb-user')]).toEqual([403, false]);
  const events = await api.database.em
    .fork()
    .execute<{ content: string }[]>(
      `select content from audit_events where action = 'user.sign_in_refused' and objects @> array[?::uuid]`,
      [recipient.id],
    );
  expect(events.map(({ content }) => JSON.parse(content).reason)).toEqual(['unknown-user']);
});

test('an address that the issuer has not verified is nobody’s', async () => {
  provider.verified = false;
  const back = await comeBack(await provider.signIn(await begin(), recipient.email));
  expect(back.status).toBe(403);
});

test('an answer counts once, in the browser that asked, with the state that was given', async () => {
  const address = await provider.signIn(await begin(), recipient.email);
  const elsewhere = await openBrowser(api).get(address.slice(PUBLIC_URL.length));
  expect(elsewhere.status).toBe(401);
  const forged = new URL(address);
  forged.searchParams.set('state', 'x'.repeat(43));
  expect((await comeBack(forged.href)).status).toBe(403);
  expect((await comeBack(address)).status).toBe(303);
  expect((await comeBack(address)).status).toBe(401);
});

test('a sign-in that the user cancels, or whose code is made up, is refused', async () => {
  const state = new URL(await begin()).searchParams.get('state');
  const iss = encodeURIComponent(provider.issuer);
  for (const answer of ['error=access_denied', 'code=made-up']) {
    const back = await browser.get(`/sign-in/callback?${answer}&state=${state}&iss=${iss}`);
    expect(back.status).toBe(403);
  }
});

test('codes are of no use where there is an issuer', async () => {
  await begin();
  expect((await browser.submit('/sign-in/code', { code: '12345678' })).status).toBe(401);
});

test('an issuer that does not answer is told, and nothing is open meanwhile', async () => {
  const partner = await buildPartnerWithUsers(api, organization, 1);
  await useIssuer(partner.organization, 'http://127.0.0.1:1');
  const access = await buildAccess(api, owner, inCase, partner);
  await browser.submit(await post.linkOf(access.id, partner.users[0] as User));
  const page = await browser.get('/sign-in/continue');
  expect([page.status, page.text.includes('cannot sign you in at the moment')]).toEqual([
    503,
    true,
  ]);
});
