/** Signing in with nothing but an address: for recipients who were mailed no link. */
import { act } from '../../../domain/act.ts';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import { setIssuer } from '../../../domain/identity/organization-issuer.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../../domain/sharing/partner-access/partner-access.entity.ts';
import {
  buildAccess,
  buildPartnerWithUsers,
  type TestPartner,
} from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';
import {
  startIdentityProvider,
  type TestIdentityProvider,
} from '../../../test/support/identity-provider.ts';
import {
  openBrowser,
  type PageAnswer,
  startPost,
  type TestBrowser,
  type TestPost,
} from '../../../test/support/recipients.ts';

const PUBLIC_URL = 'http://127.0.0.1:8080';

let provider: TestIdentityProvider;
let api: TestApi;
let post: TestPost;
let organization: Organization;
let owner: User;
let inCase: Case;
beforeAll(async () => {
  provider = await startIdentityProvider(`${PUBLIC_URL}/sign-in/callback`);
  const clients = { [provider.issuer]: provider.client };
  api = await startApi({
    variables: { SIGN_IN_CLIENTS: JSON.stringify(clients) },
    deps: { signInSpan: 1 },
  });
  post = await startPost(api);
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner, title: 'Burglary, Mill Road' });
  await buildEvidence(api, { owner, inCase });
});
afterAll(async () => {
  await post.stop();
  await api.stop();
  await provider.stop();
});

let partner: TestPartner;
let member: User;
let share: PartnerAccess;
let browser: TestBrowser;
/** A group has access; its member joined after everybody was invited, and was mailed no link. */
beforeEach(async () => {
  // Each test is a visitor of its own for the rate limits.
  await sql('delete from rate_limits');
  partner = await buildPartnerWithUsers(api, organization, 1);
  const group = await buildGroup(api, partner.organization);
  const recipients = [{ type: 'group' as const, id: group.id }];
  share = await buildAccess(api, owner, inCase, partner, { recipients });
  await post.send(share.id);
  member = await buildUser(api, { organization: partner.organization, roles: [] });
  await sql('insert into group_members (group_id, user_id) values (?, ?)', group.id, member.id);
  browser = openBrowser(api);
});

const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);

async function codesMailed(): Promise<number> {
  await post.send(share.id);
  return post.mail.mails.filter(({ subject }) => subject?.includes('code')).length;
}

test('who joined a group later signs in with its address and comes back to the case', async () => {
  const page = await browser.get(`/access/${share.id}`);
  expect(page.status).toBe(401);
  const offered = /href="(\/sign-in[^"]*)"/.exec(page.text)?.[1] ?? '';
  expect(offered).toBe(`/sign-in?to=${share.id}`);
  const form = await browser.get(offered);
  expect([form.status, form.text.includes(`value="${share.id}"`)]).toEqual([200, true]);
  const asked = await browser.submit('/sign-in', {
    email: member.email.toUpperCase(),
    to: share.id,
  });
  expect([asked.status, asked.location]).toEqual([303, '/sign-in/continue']);
  const code = await post.codeOf(share.id, member);
  const signedIn = await browser.submit('/sign-in/code', { code });
  expect([signedIn.status, signedIn.location]).toEqual([303, `/access/${share.id}`]);
  expect((await browser.get(`/access/${share.id}`)).text).toContain('Burglary, Mill Road');
  expect((await browser.get('/sign-in')).location).toBe('/access');
});

test('who belongs to an entire organization signs in and sees the list of what it has', async () => {
  const whole = await buildAccess(api, owner, inCase, partner, {
    recipients: 'entire_organization',
    durationDays: undefined,
  });
  const officer = await buildUser(api, { organization: partner.organization, roles: [] });
  await browser.submit('/sign-in', { email: officer.email });
  const code = await post.codeOf(whole.id, officer);
  expect((await browser.submit('/sign-in/code', { code })).location).toBe('/access');
  const list = await browser.get('/access');
  expect(list.status).toBe(200);
  for (const shown of ['1 case', 'Burglary, Mill Road', 'Northfield Police', 'withdrawn']) {
    expect(list.text).toContain(shown);
  }
  expect(list.text).toContain(`href="/access/${whole.id}"`);
  expect(list.text).not.toContain(share.id);
});

describe('the answers to an address', () => {
  /** What a browser is shown from the address to the last code, but for what is random. */
  async function courseOf(email: string): Promise<unknown[]> {
    const from = openBrowser(api);
    const seen = (answer: PageAnswer) => [
      answer.status,
      answer.location,
      answer.text,
      [...answer.headers.keys()].sort(),
      [...from.cookies.keys()],
    ];
    const course = [seen(await from.submit('/sign-in', { email }))];
    course.push(seen(await from.get('/sign-in/continue')));
    for (let tries = 0; tries < 6; tries += 1) {
      course.push(seen(await from.submit('/sign-in/code', { code: 'wrong' })));
    }
    course.push(seen(await from.get('/sign-in/continue')));
    course.push(seen(await from.submit('/sign-in/again')));
    course.push(seen(await from.submit('/sign-in/code', { code: 'wrong' })));
    return course;
  }

  test.each([
    ['nobody has', async () => 'nobody@example.test'],
    [
      'a disabled user has',
      async () => {
        const [administrator] = partner.users as [User];
        const user = await buildUser(api, { organization: partner.organization });
        await buildAccess(api, owner, inCase, { ...partner, users: [user] });
        await api.delete(`/users/${user.id}`, administrator);
        return user.email;
      },
    ],
    ['somebody of another organization has', async () => owner.email],
    ['a colleague has who is given nothing', async () => partner.users[0]?.email ?? ''],
  ])('that %s are those to one that is known', async (_, unknown) => {
    const known = await courseOf(member.email);
    const before = await codesMailed();
    expect(await courseOf(await unknown())).toEqual(known);
    expect(await codesMailed()).toBe(before);
    expect(JSON.stringify(known)).not.toContain(member.email);
  });

  test('are the same after many asked for it, and then no code is sent', async () => {
    const known = await courseOf(member.email);
    await sql(`update rate_limits set points = 100 where key like 'sign-in-ask-of-all:%'`);
    const before = await codesMailed();
    expect(await courseOf(member.email)).toEqual(known);
    expect(await codesMailed()).toBe(before);
  });

  test('end with the sixth from one place, whether it is known or not', async () => {
    for (const email of [member.email, 'nobody@example.test']) {
      const statuses = [];
      for (let asked = 0; asked < 7; asked += 1) {
        statuses.push((await openBrowser(api).submit('/sign-in', { email })).status);
      }
      expect(statuses).toEqual([303, 303, 303, 303, 303, 303, 429]);
    }
  });

  test('take as long whether it is known or not', async () => {
    const span = 250;
    const shortest = async (email: string) => {
      const from = openBrowser(api);
      const spent = [];
      for (const [path, fields] of [
        ['/sign-in', { email }],
        ['/sign-in/code', { code: 'wrong' }],
        ['/sign-in/again', {}],
      ] as const) {
        const begun = performance.now();
        await from.submit(path, fields);
        spent.push(performance.now() - begun);
      }
      return Math.min(...spent);
    };
    Object.assign(api.deps, { signInSpan: span });
    try {
      for (const email of [member.email, 'nobody@example.test']) {
        // A timer may fire a millisecond early by this clock.
        expect(await shortest(email)).toBeGreaterThan(span - 2);
      }
    } finally {
      Object.assign(api.deps, { signInSpan: 1 });
    }
  });

  test('say so where it is none', async () => {
    for (const email of ['', 'nobody', `${'x'.repeat(300)}@example.test`]) {
      const answer = await browser.submit('/sign-in', { email, to: share.id });
      expect([answer.status, answer.text.includes('That is not an e-mail address')]).toEqual([
        422,
        true,
      ]);
      expect(answer.text).toContain(`value="${share.id}"`);
    }
    expect(browser.cookies.size).toBe(0);
  });
});

test('an organization’s issuer has the last word, and is named to nobody but who has the mail', async () => {
  await act(api, { actor: { kind: 'operator', id: null } }, async (acting) =>
    setIssuer(acting, partner.organization.slug, provider.issuer),
  );
  const { host } = new URL(provider.issuer);
  await browser.submit('/sign-in', { email: member.email, to: share.id });
  expect((await browser.get('/sign-in/continue')).text).not.toContain(host);
  const code = await post.codeOf(share.id, member);
  const entered = await browser.submit('/sign-in/code', { code });
  expect([entered.location, browser.cookies.has('cb-user')]).toEqual(['/sign-in/continue', false]);
  expect((await browser.get('/access')).status).toBe(401);
  const page = await browser.get('/sign-in/continue');
  expect(page.text).toContain(host);
  const address = (/class="button" href="([^"]+)"/.exec(page.text)?.[1] ?? '').replaceAll(
    '&amp;',
    '&',
  );
  const back = await provider.signIn(address, member.email);
  const signedIn = await browser.get(back.slice(PUBLIC_URL.length));
  expect(signedIn.location).toBe(`/access/${share.id}`);
  expect((await browser.get(`/access/${share.id}`)).status).toBe(200);
});

test.each(['//elsewhere.test', 'https://elsewhere.test/', '../../evil', 'x'])(
  'nobody is led to %s',
  async (to) => {
    const form = await browser.get(`/sign-in?to=${encodeURIComponent(to)}`);
    expect(form.text).not.toContain('type="hidden"');
    await browser.submit('/sign-in', { email: member.email, to });
    const code = await post.codeOf(share.id, member);
    expect((await browser.submit('/sign-in/code', { code })).location).toBe('/access');
  },
);
