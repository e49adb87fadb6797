/** A recipient's way to a case that a partner gives access to, in a real browser. */
import { readFileSync } from 'node:fs';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Evidence } from '../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import { buildAccess, buildPartnerWithUsers, type TestPartner } from '../support/access.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { buildCase, buildEvidence, buildOrganization, buildUser } from '../support/factories.ts';
import { picture, tone } from '../support/media.ts';
import { faultsOf } from '../support/pages.ts';
import { startPost, type TestPost } from '../support/recipients.ts';

let api: TestApi;
let post: TestPost;
let browser: Browser;
let organization: Organization;
let owner: User;
let inCase: Case;
let partner: TestPartner;
let recipient: User;
let files: { readonly image: Evidence; readonly sound: Evidence; readonly sensitive: Evidence };
beforeAll(async () => {
  api = await startApi();
  post = await startPost(api);
  browser = await startBrowser();
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization, name: 'Olga Owner' });
  inCase = await buildCase(api, {
    owner,
    caseNumber: '2026-0142',
    title: 'Burglary, Mill Road',
    description: 'Entry through the back door during the night.',
    tags: ['burglary', 'mill road'],
  });
  const build = async (title: string, fields: object, content: Buffer) =>
    buildEvidence(api, { owner, inCase, content, fields: { title, ...fields } });
  files = {
    image: await build(
      'The back door',
      { contentType: 'image/png', fileName: 'back door.png', tags: ['door'] },
      picture(640, 360),
    ),
    sound: await build(
      'Emergency call',
      {
        contentType: 'audio/wav',
        fileName: 'call.wav',
        customMetadata: { 'Call number': '7731' },
        location: { latitude: 41.88, longitude: -87.63, address: 'Mill Road 7' },
      },
      tone(3),
    ),
    sensitive: await build(
      `Injuries ${'of a very long title that wraps '.repeat(4)}`,
      { contentType: 'image/png', fileName: 'injury.png', sensitiveContentWarning: true },
      picture(320, 320),
    ),
  };
  await build('تسجيل الكاميرا', { contentType: 'application/pdf', fileName: 'تقرير.pdf' }, tone(1));
  partner = await buildPartnerWithUsers(api, organization, 1);
  [recipient] = partner.users as [User];
});
afterAll(async () => {
  await browser.close();
  await post.stop();
  await api.stop();
});

const opened = (options: BrowserContextOptions = {}) => openPage(browser, [api.origin], options);

/** Opens the link and signs in, by keyboard alone. */
async function signIn(page: Page, shareId: string): Promise<void> {
  await page.goto(`${api.origin}${await post.linkOf(shareId, recipient)}`);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await page.waitForURL(`${api.origin}/sign-in/continue`);
  await page.keyboard.type(await post.codeOf(shareId, recipient));
  await page.keyboard.press('Enter');
  await page.waitForURL(`${api.origin}/access/${shareId}`);
}

test('a recipient signs in, looks, listens, downloads, and sees that the access is withdrawn', async () => {
  const share = await buildAccess(api, owner, inCase, partner, { message: 'The call is new.' });
  const { context, page, faults } = await opened();
  await signIn(page, share.id);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('2026-0142');
  expect(await page.getByRole('listitem').count()).toBe(4);

  await page.getByRole('link', { name: 'The back door' }).click();
  const image = page.getByRole('img', { name: 'The back door' });
  await image.waitFor();
  expect(
    await page.evaluate(`(async () => {
      const image = document.querySelector('img.preview');
      await image.decode();
      return image.naturalWidth;
    })()`),
  ).toBe(640);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the file' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('back door.png');
  expect(readFileSync(await download.path())).toEqual(picture(640, 360));

  await page.getByRole('link', { name: 'Back to the case' }).click();
  await page.getByRole('link', { name: 'Emergency call' }).click();
  const duration = await page.evaluate(`new Promise((resolve, reject) => {
    const audio = document.querySelector('audio');
    const known = () => resolve(audio.duration);
    if (audio.readyState > 0) known();
    audio.addEventListener('loadedmetadata', known);
    audio.addEventListener('error', () => reject(audio.error.message));
  })`);
  expect(Math.round(Number(duration))).toBe(3);

  await page.goBack();
  await page.getByRole('link', { name: /^Injuries/ }).click();
  expect(await page.locator('img.preview').count()).toBe(0);
  await page.getByRole('button', { name: 'Show it' }).click();
  await page.locator('img.preview').waitFor();

  await api.post(`/shares/${share.id}/revoke`, owner);
  await page.getByRole('link', { name: 'Back to the case' }).click();
  await page.getByRole('heading', { name: 'Your access was withdrawn' }).waitFor();
  expect(faults).toEqual([]);
  expect(String(await page.evaluate('document.referrer'))).not.toContain('/a/');
  await context.close();
});

test('a recipient without a link signs in by its address and comes back to the case', async () => {
  const share = await buildAccess(api, owner, inCase, partner);
  await post.send(share.id);
  const { context, page, faults } = await opened();
  await page.goto(`${api.origin}/access/${share.id}`);
  await page.getByRole('link', { name: 'Sign in' }).click();
  await page.getByLabel('E-mail address').waitFor();
  await page.keyboard.type(recipient.email);
  await page.keyboard.press('Enter');
  await page.getByLabel('Code').waitFor();
  await page.keyboard.type(await post.codeOf(share.id, recipient));
  await page.keyboard.press('Enter');
  await page.waitForURL(`${api.origin}/access/${share.id}`);
  await page.getByRole('link', { name: 'All cases shared with you' }).click();
  await page
    .getByRole('link', { name: /2026-0142/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'The back door' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('whoever signs out leaves nothing open behind', async () => {
  const share = await buildAccess(api, owner, inCase, partner);
  const { context, page } = await opened();
  await signIn(page, share.id);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'You are signed out' }).waitFor();
  await page.goBack();
  await page.getByRole('heading', { name: 'You are not signed in' }).waitFor();
  await context.close();
});

test.each([
  ['a desktop', 1280, 'light', 'en-GB'],
  ['a desktop', 1280, 'dark', 'es'],
  ['a phone', 375, 'light', 'fr'],
  ['a phone', 375, 'dark', 'en-GB'],
  ['the smallest phone', 320, 'light', 'es'],
] as const)('every page is accessible and fits %s of %d pixels, %s, in %s', async (...of) => {
  const [, width, colorScheme, locale] = of;
  // Codes are sent to one user a few times only.
  const partner = await buildPartnerWithUsers(api, organization, 1);
  const recipient = partner.users[0] as User;
  const share = await buildAccess(api, owner, inCase, partner, { message: 'The call is new.' });
  const ended = await buildAccess(api, owner, inCase, partner);
  const { context, page, faults } = await opened({
    viewport: { width, height: 800 },
    colorScheme,
    locale,
  });
  async function check(): Promise<void> {
    expect([page.url(), await faultsOf(page)]).toEqual([page.url(), []]);
  }
  await page.goto(`${api.origin}${await post.linkOf(share.id, recipient)}`);
  await check();
  await page.locator('button').click();
  await page.waitForURL(`${api.origin}/sign-in/continue`);
  await check();
  await page.locator('#code').fill('0000 0000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await check();
  await page.locator('#code').fill(await post.codeOf(share.id, recipient));
  await page.keyboard.press('Enter');
  await page.waitForURL(`${api.origin}/access/${share.id}`);
  await check();
  for (const { id } of Object.values(files)) {
    await page.goto(`${api.origin}/access/${share.id}/evidence/${id}`);
    await check();
  }
  await page.locator('.alarm button').click();
  await page.locator('img.preview').waitFor();
  await check();
  await page.goto(`${api.origin}/access`);
  await check();
  await api.post(`/shares/${ended.id}/revoke`, owner);
  await page.goto(`${api.origin}/access/${ended.id}`);
  await check();
  await page.locator('main a').click();
  await page.locator('.reader button').click();
  await page.waitForURL(`${api.origin}/sign-out`);
  await check();
  await page.goto(`${api.origin}/access/${share.id}`);
  await check();
  await page.locator('a.button').click();
  await page.locator('#email').waitFor();
  await check();
  await page.locator('#email').fill('nobody@localhost');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').waitFor();
  await check();
  await page.locator('#email').fill('nobody@example.test');
  await page.keyboard.press('Enter');
  await page.locator('#code').waitFor();
  await check();
  expect(faults).toEqual([]);
  await context.close();
});
