/** The pages of community requests before a link is opened, and when it is dead, in a browser. */
import type { Browser, Page } from 'playwright-core';
import { MESSAGES } from '../../api/pages/messages/messages.ts';
import type { TestApi } from '../support/api.ts';
import { eventsOf } from '../support/events.ts';
import { faultsOf, type PagesWorld, startPages } from '../support/pages.ts';
import { buildInvite, buildInviteGuest, buildPortal, setPublic } from '../support/portals.ts';
import { guestUpload } from '../support/requests.ts';
import { alter, JUST_EXPIRED } from '../support/rows.ts';
import { verifyNow } from '../support/uploads.ts';

let pages: PagesWorld;
let api: TestApi;
let browser: Browser;
beforeAll(async () => {
  pages = await startPages();
  ({ api, browser } = pages);
});
afterAll(() => pages.stop());

async function open(path: string, width: number, locale = 'en-US'): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, locale });
  await page.goto(`${api.origin}${path}`);
  return page;
}

async function look(page: Page, state: string): Promise<void> {
  expect([state, await faultsOf(page)]).toEqual([state, []]);
}

describe.each([1280, 320])('at a width of %d', (width) => {
  test('a visitor chooses how the link comes, and is asked for that address alone', async () => {
    const { path, owner } = await buildPortal(api, { kind: 'public', title: 'A fire' });
    await api.patch('/organization', owner, { smsWebhook: 'https://sms.example.test/send' });
    await setPublic(api, owner, { contactInfo: { store: false } });
    const page = await open(String(path), width);
    await look(page, 'by e-mail');
    expect(await page.locator('#phone').isVisible()).toBe(false);
    await page.getByText('By text message').click();
    expect(await page.locator('#email').isVisible()).toBe(false);
    await page.locator('#phone').fill('0100 200');
    await page.getByRole('button', { name: 'Send me the link' }).click();
    await page.locator('#phone-fault').waitFor();
    await look(page, 'by text message, and wrong');
    expect(await page.locator('#by-sms').isChecked()).toBe(true);
    await page.locator('#phone').fill('+1 555 0100 200');
    await page.getByRole('button', { name: 'Send me the link' }).click();
    await page.getByText('on its way to your phone').waitFor();
    await look(page, 'sent as a text message');
    await page.getByRole('link', { name: 'Nothing came?' }).click();
    await page.getByText('By text message').waitFor();
    await page.close();
  });

  test.each(['superseded', 'used_up', 'closed', 'expired'] as const)(
    'a link that is %s says so in three languages',
    async (state) => {
      const invite = await buildInvite(api, { title: 'A fire' });
      if (state === 'superseded') await alter(api, 'invites', invite.id, 'link_generation = 2');
      if (state === 'used_up')
        await alter(api, 'invites', invite.id, 'spent_at = clock_timestamp()');
      if (state === 'expired') await alter(api, 'invites', invite.id, JUST_EXPIRED);
      if (state === 'closed') {
        await alter(api, 'portals', invite.portal.id, 'closed_at = clock_timestamp()');
      }
      for (const language of ['en', 'es', 'fr'] as const) {
        const page = await open(invite.path, width, language);
        await look(page, `${state} ${language}`);
        const { title } = MESSAGES[language].notices[`invite_${state}`];
        expect(await page.getByRole('heading').textContent()).toBe(title);
        await page.close();
      }
    },
  );

  test('an opened invite with everything to read, and its receipt', async () => {
    const invite = await buildInvite(api, {
      title: 'Were you there? '.repeat(7).trim(),
      description: 'Averylongwordwithoutanyspacesinit'.repeat(8),
      reportId: 'NP-2026-0301-000000000000000000000000017',
    });
    const page = await open(invite.path, width);
    await look(page, 'the link');
    await page.getByRole('button').click();
    await page.locator('#hand-in button').waitFor();
    await look(page, 'opened');
    await alter(api, 'invites', invite.id, JUST_EXPIRED);
    await page.reload();
    await look(page, 'expired since');
    await alter(api, 'invites', invite.id, `expires_at = clock_timestamp() + interval '1 hour'`);
    const member = await buildInviteGuest(api, invite);
    const name = `${'a very long name of a film '.repeat(8)}.mp4`;
    await guestUpload(member, Buffer.from('a film'), name);
    await verifyNow(api, invite.id);
    await member.post('/submission');
    await page.reload();
    await page.locator('.receipt').waitFor();
    await look(page, 'the receipt');
    await page.close();
  });
});

test('a browser that idles on a link or a portal changes nothing', async () => {
  const portal = await buildPortal(api, { kind: 'public' });
  const invite = await buildInvite(api);
  for (const path of [invite.path, String(portal.path)]) {
    const page = await open(path, 1280);
    await page.waitForLoadState('networkidle');
    expect(await page.context().cookies()).toEqual([]);
    await page.close();
  }
  expect(await eventsOf(api, invite.id)).toEqual(['invite.created']);
  expect(await eventsOf(api, portal.id)).toEqual(['portal.created']);
});
