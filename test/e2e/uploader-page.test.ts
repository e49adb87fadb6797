/** The uploader's page as people meet it: on phones, by keyboard, with a screen reader, without scripts. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { faultsOf } from '../support/pages.ts';
import { alter, JUST_EXPIRED } from '../support/rows.ts';
import {
  keepVerifying,
  openUploader,
  slowDown,
  startUploaderStage,
  type UploaderStage,
  type UploaderWorld,
  uploadsOf,
  writeFolder,
} from '../support/uploader-page.ts';

let stage: UploaderStage;
let world: UploaderWorld;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  stage = await startUploaderStage();
  ({ world, browser, folder } = stage);
});
afterAll(() => stage.stop());

const fileInput = (page: Page) => page.locator('input[type=file]').first();
const focused = (page: Page) => page.evaluate('document.activeElement.textContent');

async function look(page: Page, state: string): Promise<void> {
  expect([state, await faultsOf(page)]).toEqual([state, []]);
}

test.each([
  ['en', 1100, 'light'],
  ['es', 375, 'dark'],
  ['fr', 320, 'light'],
] as const)(
  'every state is accessible and fits, in %s at %d pixels, %s',
  async (locale, width, colorScheme) => {
    const name = `states-${width}`;
    const long = `${'a very long name of a camera '.repeat(6)}.mp4`;
    writeFolder(folder, name, {
      [long]: 30_000_000,
      'a.pdf': 5_000,
      'changing.pdf': 100,
      'x.exe': 1,
    });
    const files = ['a.pdf', 'changing.pdf', long, 'x.exe'].map((file) => join(folder, name, file));
    const open = await openUploader(world, browser, {
      locale,
      colorScheme,
      viewport: { width, height: 800 },
    });
    const { page, request, context, faults } = open;
    page.on('dialog', (dialog) => void dialog.accept());
    await fileInput(page).waitFor({ state: 'attached' });
    await look(page, 'choosing');
    await fileInput(page).setInputFiles(files);
    await page.locator('.ready').waitFor();
    await look(page, 'listed');
    appendFileSync(join(folder, name, 'changing.pdf'), 'x');
    await slowDown(open, 1_000_000);
    await page.locator('.ready .button').first().click();
    await page.locator('li.upload[data-state=failed]').waitFor();
    await look(page, 'sending');
    await page.locator('.overall .button:visible').click();
    await look(page, 'paused');
    await context.setOffline(true);
    await page.locator('.overall .button:visible').first().click();
    await page.locator('.overall .alarm').waitFor();
    await look(page, 'offline');
    await context.setOffline(false);
    await page.reload();
    await page.locator('.hint').waitFor();
    await look(page, 'unfinished');
    await alter(world.api, 'upload_requests', request.id, JUST_EXPIRED);
    await page.reload();
    await page.locator('#request-expired').waitFor();
    await look(page, 'expired');
    await slowDown(open, -1);
    await fileInput(page).setInputFiles(files.slice(0, 3));
    await page.locator('.ready .button').first().click();
    const verifying = keepVerifying(world.api, request);
    await page.locator('.results').waitFor({ timeout: 60_000 });
    await page.locator('.affected summary').first().click();
    await look(page, 'ended');
    await verifying.stop();
    expect(faults).toEqual([]);
    await context.close();
  },
  120_000,
);

test('by keyboard: files are removed and sent, and the focus goes where it makes sense', async () => {
  writeFolder(folder, 'keys', { 'a.pdf': 10, 'b.pdf': 10, 'c.pdf': 10 });
  const { page, request, context } = await openUploader(world, browser);
  await fileInput(page).setInputFiles(
    ['a', 'b', 'c'].map((name) => join(folder, 'keys', `${name}.pdf`)),
  );
  const remove = page.getByRole('button', { name: 'Remove b.pdf from the list' });
  await remove.focus();
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('Remove');
  await page.getByText('2 files, 20 bytes, ready to upload').waitFor();
  expect(await page.getByRole('status').textContent()).toBe('b.pdf was removed');
  await page.getByRole('button', { name: 'Upload 2 files' }).focus();
  await page.keyboard.press('Enter');
  expect(await focused(page)).toBe('Overall progress');
  expect(await page.getByRole('status').textContent()).toBe('The upload of 2 files has begun.');
  const verifying = keepVerifying(world.api, request);
  await page.getByRole('heading', { name: '2 files received and checked' }).waitFor();
  await verifying.stop();
  expect(await focused(page)).toContain('2 files received and checked');
  expect(await page.getByRole('status').textContent()).toContain('2 files received and checked');
  await page.keyboard.press('Tab');
  expect(await focused(page)).toBe('Upload more files');
  await page.getByRole('link', { name: 'Activity log' }).first().click();
  await page.getByText('a.pdf').first().waitFor();
  await context.close();
});

test('success is shown only once every file was read back', async () => {
  writeFolder(folder, 'checked', { 'a.pdf': 10 });
  const { page, request, context } = await openUploader(world, browser);
  await fileInput(page).setInputFiles(join(folder, 'checked', 'a.pdf'));
  await page.getByRole('button', { name: 'Upload 1 file' }).click();
  await page.getByText('Sent. Being checked …').waitFor();
  await page.getByText('One file is being checked.').waitFor();
  expect((await uploadsOf(world.api, request)).map(({ state }) => state)).toEqual(['verifying']);
  expect(await page.getByText('received and checked').count()).toBe(0);
  const verifying = keepVerifying(world.api, request);
  await page.getByRole('heading', { name: '1 file received and checked' }).waitFor();
  await verifying.stop();
  await context.close();
});

test('a list of 5,000 files shows a page of them at a time', async () => {
  const { page, context } = await openUploader(world, browser);
  const names = Array.from({ length: 5_000 }, (_, index) => [`img ${index}.jpg`, 1] as const);
  writeFolder(folder, 'many', Object.fromEntries(names));
  await page.locator('input[type=file]').nth(1).setInputFiles(join(folder, 'many'));
  await page.getByText('5,000 files, 5 kB, ready to upload').waitFor();
  expect(await page.locator('li.upload').count()).toBe(50);
  await page.getByRole('button', { name: 'Next files' }).click();
  await page.getByText('51 to 100 of 5,000').waitFor();
  expect(await page.locator('li.upload').count()).toBe(50);
  expect(await focused(page)).toBe('Files');
  await page.getByRole('button', { name: 'Remove all' }).click();
  expect(await page.locator('li.upload').count()).toBe(0);
  await context.close();
}, 60_000);

test('without scripts the page says what is asked for, and that uploading needs them', async () => {
  const { page, context } = await openUploader(world, browser, { javaScriptEnabled: false });
  await page.getByText('Cameras 3 and 4, please.').waitFor();
  await page.locator('noscript p').waitFor();
  expect(await page.locator('noscript p').innerText()).toContain('Uploading needs JavaScript');
  await page.getByText('Supported file types').waitFor();
  await page.getByRole('link', { name: 'Activity log' }).click();
  await page.getByRole('heading', { name: 'Activity log' }).waitFor();
  await context.close();
});

test('the page lets in its own scripts and the object store, and nothing else', async () => {
  const { page, context } = await openUploader(world, browser);
  const answer = await page.reload();
  const policy = answer?.headers()['content-security-policy'] ?? '';
  expect(policy).toContain(`connect-src 'self' ${world.proxy.endpoint};`);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("default-src 'none';");
  const entry = await page.locator('script[type=module]').getAttribute('src');
  const module = await fetch(`${world.origin}${entry}`);
  expect(module.headers.get('Cache-Control')).toContain('immutable');
  expect(module.headers.get('Content-Type')).toBe('text/javascript; charset=utf-8');
  const source = await fetch(`${world.origin}${entry?.replace('main.js', 'main.ts')}`);
  expect(source.status).toBe(404);
  await context.close();
});

test('the time until which files are taken is that of the reader’s own clock', async () => {
  const options = { timezoneId: 'Asia/Tokyo' };
  const { page, context } = await openUploader(world, browser, options);
  await fileInput(page).waitFor({ state: 'attached' });
  expect(await page.locator('time').textContent()).toMatch(/GMT\+9$/);
  await context.close();
});
