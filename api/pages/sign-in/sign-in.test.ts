/** How a recipient of partner access signs in by its link, and what the link alone opens: nothing. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
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
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';
import {
  openBrowser,
  signInByMail,
  startPost,
  type TestPost,
} from '../../../test/support/recipients.ts';

let api: TestApi;
let post: TestPost;
let owner: User;
let inCase: Case;
let partner: TestPartner;
let organization: Organization;
beforeAll(async () => {
  api = await startApi();
  post = await startPost(api);
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner, title: 'Burglary, Mill Road' });
  await buildEvidence(api, { owner, inCase });
});
afterAll(async () => {
  await post.stop();
  await api.stop();
});

let recipient: User;
let other: User;
let share: PartnerAccess;
beforeEach(async () => {
  partner = await buildPartnerWithUsers(api, organization, 2);
  [recipient, other] = partner.users as [User, User];
  share = await buildAccess(api, owner, inCase, partner);
});

const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute<Record<string, unknown>[]>(statement, values);

async function eventsOf(user: User): Promise<string[]> {
  const rows = await sql(
    `select content from audit_events where objects @> array[?::uuid] and action like 'user.sign%' order by sequence`,
    user.id,
  );
  return rows.map(({ content }) => {
    const { action, reason } = JSON.parse(String(content));
    return reason === null ? action : `${action} ${reason}`;
  });
}

describe('a link', () => {
  test('shows nothing of the case, and looking at it changes nothing', async () => {
    const link = await post.linkOf(share.id, recipient);
    const browser = openBrowser(api);
    const count =
      'select (select count(*) from sign_in_attempts) as a, (select count(*) from audit_events) as e';
    const before = await sql(count);
    const page = await browser.get(link);
    expect(page.status).toBe(200);
    expect(page.text).toContain('A partner gives you access to a case');
    const token = link.slice('/a/'.length);
    for (const secret of [
      'Burglary',
      'Northfield',
      inCase.caseNumber,
      share.id,
      recipient.email,
      token,
    ]) {
      expect(page.text).not.toContain(secret);
    }
    expect(page.headers.get('Cache-Control')).toBe('no-store');
    expect([await sql(count), browser.cookies.size]).toEqual([before, 0]);
  });

  test('opens nothing before the code is entered, which goes to the address on file', async () => {
    const browser = openBrowser(api);
    const begun = await browser.submit(await post.linkOf(share.id, recipient));
    expect([begun.status, begun.location]).toEqual([303, '/sign-in/continue']);
    expect((await browser.get(`/access/${share.id}`)).status).toBe(401);
    const page = await browser.get('/sign-in/continue');
    expect(page.text).toContain('Enter your code');
    const mails = post.mail.mails.length;
    const code = await post.codeOf(share.id, recipient);
    const mail = post.mail.mails.at(-1);
    expect(post.mail.mails.length).toBe(mails + 1);
    expect([mail?.to?.[0]?.address, mail?.subject]).toEqual([
      recipient.email,
      'Your code to sign in to Casebridge',
    ]);
    const signedIn = await browser.submit('/sign-in/code', {
      code: `${code.slice(0, 4)} ${code.slice(4)}`,
    });
    expect([signedIn.status, signedIn.location]).toEqual([303, `/access/${share.id}`]);
    expect((await browser.get(`/access/${share.id}`)).text).toContain('Burglary, Mill Road');
    expect(await eventsOf(recipient)).toEqual(['user.signed_in']);
  });

  test('that is unknown leads nowhere, also one that another has replaced', async () => {
    const browser = openBrowser(api);
    expect((await browser.get(`/a/${'x'.repeat(43)}`)).status).toBe(404);
    expect((await browser.submit('/a/short')).status).toBe(404);
  });

  test.each([
    [
      'expired',
      'update shares set expires_at = clock_timestamp() where id = ?',
      'Your access has ended',
    ],
    [
      'was revoked',
      'update shares set revoked_at = clock_timestamp() where id = ?',
      'Your access was withdrawn',
    ],
    [
      'names the recipient no longer',
      'update share_recipients set removed_at = clock_timestamp() where share_id = ?',
      'Your access was withdrawn',
    ],
  ])('to a share that %s says so, and sends no code', async (_, end, title) => {
    const link = await post.linkOf(share.id, recipient);
    await sql(end, share.id);
    const mails = post.mail.mails.length;
    const browser = openBrowser(api);
    for (const answer of [await browser.get(link), await browser.submit(link)]) {
      expect([answer.status, answer.text.includes(title)]).toEqual([410, true]);
    }
    await post.send(share.id);
    const codes = post.mail.mails.slice(mails).filter(({ subject }) => subject?.includes('code'));
    expect(codes).toEqual([]);
  });

  test('is not opened by a form of another site', async () => {
    const link = await post.linkOf(share.id, recipient);
    const browser = openBrowser(api);
    const foreign = { 'Sec-Fetch-Site': 'cross-site' };
    expect((await browser.submit(link, {}, foreign)).status).toBe(403);
    for (const path of ['/sign-in', '/sign-in/again', '/sign-in/code', '/sign-out']) {
      expect((await browser.submit(path, {}, foreign)).status).toBe(403);
    }
  });
});

describe('a code', () => {
  test('that is wrong is refused and on record; after five tries another is needed', async () => {
    const browser = openBrowser(api);
    await browser.submit(await post.linkOf(share.id, recipient));
    const code = await post.codeOf(share.id, recipient);
    const wrong = code === '00000000' ? '00000001' : '00000000';
    for (let tries = 0; tries < 5; tries += 1) {
      const refused = await browser.submit('/sign-in/code', { code: wrong });
      expect([refused.status, refused.text.includes('That is not the code')]).toEqual([403, true]);
    }
    const late = await browser.submit('/sign-in/code', { code });
    expect([late.status, late.text.includes('counts no longer')]).toEqual([403, true]);
    expect(await eventsOf(recipient)).toEqual(Array(5).fill('user.sign_in_refused wrong-code'));
    await browser.submit('/sign-in/again');
    const anew = await post.codeOf(share.id, recipient);
    expect(anew).not.toBe(code);
    expect((await browser.submit('/sign-in/code', { code: anew })).status).toBe(303);
  });

  test('counts for ten minutes, once, in the browser that asked for it', async () => {
    const [browser, elsewhere] = [openBrowser(api), openBrowser(api)];
    const link = await post.linkOf(share.id, recipient);
    await browser.submit(link);
    const code = await post.codeOf(share.id, recipient);
    expect((await elsewhere.submit('/sign-in/code', { code })).status).toBe(401);
    await sql('update sign_in_attempts set code_expires_at = clock_timestamp()');
    expect((await browser.submit('/sign-in/code', { code })).text).toContain('counts no longer');
    await browser.submit('/sign-in/again');
    const anew = await post.codeOf(share.id, recipient);
    expect((await browser.submit('/sign-in/code', { code: anew })).status).toBe(303);
    expect((await browser.submit('/sign-in/code', { code: anew })).status).toBe(401);
  });

  test('stands nowhere in the database, and neither does what a browser holds', async () => {
    const browser = openBrowser(api);
    await browser.submit(await post.linkOf(share.id, recipient));
    const attempt = browser.cookies.get('cb-sign-in') ?? '';
    const code = await post.codeOf(share.id, recipient);
    await browser.submit('/sign-in/code', { code });
    const tables = [
      'notifications',
      'sign_in_attempts',
      'user_sessions',
      'share_access_links',
      'audit_events',
    ];
    for (const table of tables) {
      const rows = JSON.stringify(await sql(`select * from ${table}`));
      for (const secret of [code, attempt, browser.cookies.get('cb-user') ?? '']) {
        expect(secret.length).toBeGreaterThan(7);
        expect(rows).not.toContain(secret);
      }
    }
  });

  test('is sent a few times only, however many browsers ask', async () => {
    const link = await post.linkOf(share.id, recipient);
    const answers = [];
    for (let asked = 0; asked < 8; asked += 1)
      answers.push((await openBrowser(api).submit(link)).status);
    expect(answers).toEqual([303, 303, 303, 303, 303, 303, 429, 429]);
  });
});

describe('a sign-in', () => {
  test('is of the user and opens what is granted to that user, also by another’s link', async () => {
    const browser = openBrowser(api);
    await signInByMail(browser, post, share.id, recipient);
    const single = { ...partner, users: [other] };
    const theirs = await buildAccess(api, owner, inCase, single);
    expect((await browser.get(`/access/${theirs.id}`)).status).toBe(404);
    const link = await post.linkOf(theirs.id, other);
    expect((await browser.submit(link)).location).toBe('/sign-in/continue');
    expect((await browser.get(`/access/${theirs.id}`)).status).toBe(404);
    expect((await browser.submit(await post.linkOf(share.id, other))).location).toBe(
      `/access/${share.id}`,
    );
  });

  test('opens several shares, each by its link without another code', async () => {
    const browser = openBrowser(api);
    await signInByMail(browser, post, share.id, recipient);
    const second = await buildAccess(api, owner, inCase, partner);
    const opened = await browser.submit(await post.linkOf(second.id, recipient));
    expect(opened.location).toBe(`/access/${second.id}`);
    expect((await browser.get(`/access/${second.id}`)).status).toBe(200);
  });

  test('ends when its user signs out, is disabled, or its hours are over', async () => {
    const page = `/access/${share.id}`;
    const out = openBrowser(api);
    await signInByMail(out, post, share.id, recipient);
    const held = out.cookies.get('cb-user');
    expect((await out.submit('/sign-out')).text).toContain('You are signed out');
    expect((await out.get(page)).status).toBe(401);
    const thief = await openBrowser(api).get(page, { Cookie: `cb-user=${held}` });
    expect(thief.status).toBe(401);
    expect(await eventsOf(recipient)).toEqual(['user.signed_in', 'user.signed_out']);

    const late = openBrowser(api);
    await signInByMail(late, post, share.id, recipient);
    await sql('update user_sessions set expires_at = clock_timestamp()');
    expect((await late.get(page)).status).toBe(401);

    const disabled = openBrowser(api);
    await signInByMail(disabled, post, share.id, recipient);
    await api.delete(`/users/${recipient.id}`, other);
    expect((await disabled.get(page)).status).toBe(401);
  });

  test('is no token of the staff API', async () => {
    const browser = openBrowser(api);
    await signInByMail(browser, post, share.id, recipient);
    expect((await browser.get('/api/v1/shared-with-me')).status).toBe(401);
  });
});
