/** The pages of trusted upload before a request is opened, when it is dead, and its log, in a browser. */
import type { Browser, Page } from 'playwright-core';
import type { TestApi } from '../support/api.ts';
import { eventsOf } from '../support/events.ts';
import { faultsOf, type PagesWorld, startPages } from '../support/pages.ts';
import { logLinkPath } from '../support/request-log.ts';
import { buildGuest, buildRequest, guestUpload, requestPath } from '../support/requests.ts';
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

/** A width of the window with the language of its browser. */
interface Reader {
  readonly width: number;
  readonly locale: 'en' | 'es' | 'fr';
}

async function open(path: string, { width, locale }: Reader): Promise<Page> {
  const page = await browser.newPage({ viewport: { width, height: 800 }, locale });
  await page.goto(`${api.origin}${path}`);
  return page;
}

async function isClean(page: Page): Promise<void> {
  expect(await faultsOf(page)).toEqual([]);
}

const button = (page: Page) => page.locator('form button');

describe.each([
  { width: 1280, locale: 'en', received: 'File verified' },
  { width: 390, locale: 'es', received: 'Archivo verificado' },
  { width: 320, locale: 'fr', received: 'Fichier vérifié' },
] as const)('at a width of $width, in $locale', ({ received, ...reader }) => {
  test('who is asked opens the link by its button', async () => {
    const request = await buildRequest(api);
    const page = await open(requestPath(api, request.id), reader);
    await isClean(page);
    await button(page).click();
    await page.waitForURL(`${api.origin}/requests/${request.id}`);
    expect(await page.content()).toContain('P-4711');
    await page.close();
  });

  test('whose access has expired asks for it by one button', async () => {
    const request = await buildRequest(api);
    await alter(api, 'upload_requests', request.id, JUST_EXPIRED);
    const page = await open(requestPath(api, request.id), reader);
    await isClean(page);
    await button(page).click();
    await page.locator('form').waitFor({ state: 'detached' });
    await isClean(page);
    expect(await eventsOf(api, request.id)).toContain('request.refreshed');
    await page.close();
  });

  test('after closing the log is there by its link', async () => {
    const request = await buildRequest(api);
    const guest = await buildGuest(api, request);
    await guestUpload(guest, Buffer.from('a file'), 'a-rather-long-name-of-a-file-without-end.mp4');
    await verifyNow(api, request.id);
    await api.post(`/upload-requests/${request.id}/close`, request.sender);
    const dead = await open(requestPath(api, request.id), reader);
    await isClean(dead);
    await button(dead).waitFor();
    await dead.close();
    const page = await open(await logLinkPath(api, request.id), reader);
    await isClean(page);
    await button(page).click();
    await page.waitForURL(`${api.origin}/requests/${request.id}/activity-log`);
    await isClean(page);
    await page.getByText(received).waitFor();
    await page.close();
  });
});
