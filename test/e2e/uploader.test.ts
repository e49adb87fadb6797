/** A trusted user sends files, in a real browser: whatever breaks on the way, they arrive whole. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { alter, JUST_EXPIRED } from '../support/rows.ts';
import { fileInput, folderInput, received, sent, upload } from '../support/uploader-acts.ts';
import {
  drop,
  keepVerifying,
  openUploader,
  slowDown,
  startUploaderStage,
  type UploaderStage,
  type UploaderWorld,
  uploadsOf,
  writeFolder,
} from '../support/uploader-page.ts';

const MB = 1_000_000;

let stage: UploaderStage;
let world: UploaderWorld;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  stage = await startUploaderStage();
  ({ world, browser, folder } = stage);
});
afterAll(() => stage.stop());

test('a folder arrives whole though the network is cut, the page loaded anew and the API killed', async () => {
  const small = Array.from({ length: 20 }, (_, index) => [
    `DCIM/${index % 3}/img ${index}.jpg`,
    9_000 + index,
  ]);
  const hashes = writeFolder(folder, 'cameras', {
    'north entrance.mp4': 60 * MB,
    ...Object.fromEntries(small),
  });
  const open = await openUploader(world, browser);
  const { page, request, context, faults } = open;
  page.on('dialog', (dialog) => void dialog.accept());
  await slowDown(open, 5 * MB);
  await folderInput(page).setInputFiles(join(folder, 'cameras'));
  await upload(page);

  await sent(page, 'north entrance.mp4', 10);
  world.proxy.cut();
  await sent(page, 'north entrance.mp4', 25);
  await context.setOffline(true);
  await page.locator('.overall').getByText('Your device is offline').waitFor();
  await context.setOffline(false);
  await sent(page, 'north entrance.mp4', 40);
  await world.killApi();
  const later = sent(page, 'north entrance.mp4', 60);
  await world.startApi();
  await later;
  await slowDown(open, -1);

  await page.reload();
  await page.locator('.hint').getByText('cameras/north entrance.mp4').waitFor();
  const verifying = keepVerifying(world.api, request);
  await folderInput(page).setInputFiles(join(folder, 'cameras'));
  await upload(page);
  await received(page, '21 files');
  await verifying.stop();

  const uploads = await uploadsOf(world.api, request);
  expect(new Map(uploads.map(({ file_name, sha256 }) => [file_name, sha256]))).toEqual(hashes);
  expect(uploads.map(({ state }) => state)).toEqual(uploads.map(() => 'verified'));
  expect(uploads).toHaveLength(hashes.size);
  expect(faults).toEqual([]);
  await context.close();
}, 180_000);

test('a dropped folder keeps its paths, and what cannot be taken is refused before a byte is sent', async () => {
  const open = await openUploader(world, browser);
  const { page, request, context } = open;
  const hashes = writeFolder(folder, 'drop', { 'a/one.pdf': 10, 'a/b/two.pdf': 0 });
  writeFolder(folder, 'drop', { 'a/tool.exe': 10, '.DS_Store': 10 });
  await fileInput(page).waitFor({ state: 'attached' });
  await drop(open, join(folder, 'drop'));
  await page.getByText('2 files, 10 bytes, ready to upload').waitFor();
  await page.getByRole('heading', { name: '1 file cannot be taken' }).waitFor();
  await page.getByText('Files of type .exe are not supported.').waitFor();
  await page.getByText('One hidden system file was left out.', { exact: true }).waitFor();
  expect(await uploadsOf(world.api, request)).toEqual([]);
  const verifying = keepVerifying(world.api, request);
  await upload(page);
  await received(page, '2 files');
  await verifying.stop();
  const uploads = await uploadsOf(world.api, request);
  expect(new Map(uploads.map(({ file_name, sha256 }) => [file_name, sha256]))).toEqual(hashes);
  await context.close();
});

test('paused, nothing is sent; the page warns before it is left; resumed, it goes on', async () => {
  const open = await openUploader(world, browser);
  const { page, request, context } = open;
  writeFolder(folder, 'paused', { 'cam.mp4': 12 * MB });
  await slowDown(open, 2 * MB);
  await fileInput(page).setInputFiles(join(folder, 'paused', 'cam.mp4'));
  await upload(page);
  await sent(page, 'cam.mp4', 5);
  await page.locator('.overall').getByRole('button', { name: 'Pause' }).click();
  const putting: string[] = [];
  page.on('request', (request) => putting.push(request.method()));
  await page.getByText('Paused. What has been sent stays').waitFor();
  const warned = page.waitForEvent('dialog');
  const left = page.close({ runBeforeUnload: true });
  await (await warned).dismiss();
  await left;
  expect(putting).toEqual([]);
  await slowDown(open, -1);
  const verifying = keepVerifying(world.api, request);
  await page.locator('.overall').getByRole('button', { name: 'Resume' }).click();
  await received(page, '1 file');
  await verifying.stop();
  await context.close();
});

test('a second copy is a duplicate; a file that changed on the way fails, and goes when chosen again', async () => {
  const { page, request, context } = await openUploader(world, browser);
  const files = join(folder, 'again');
  writeFolder(folder, 'again', { 'cam.mp4': 2 * MB, 'other.pdf': 100 });
  const verifying = keepVerifying(world.api, request);
  await fileInput(page).setInputFiles(join(files, 'cam.mp4'));
  await upload(page);
  await received(page, '1 file');
  await page.getByRole('button', { name: 'Upload more files' }).click();

  const { copyFileSync, appendFileSync } = await import('node:fs');
  copyFileSync(join(files, 'cam.mp4'), join(files, 'copy.mp4'));
  await fileInput(page).setInputFiles([join(files, 'copy.mp4'), join(files, 'other.pdf')]);
  appendFileSync(join(files, 'other.pdf'), 'changed');
  await upload(page);
  await page.getByRole('heading', { name: 'Not all files were received' }).waitFor();
  await page.getByText('1 duplicate').click();
  await page.getByText('copy.mp4').waitFor();
  await page.getByText('1 failed').click();
  await page.getByText('The file was changed, moved or removed').waitFor();
  await page.getByRole('button', { name: 'Go back' }).click();
  await fileInput(page).setInputFiles(join(files, 'other.pdf'));
  await upload(page);
  await received(page, '1 file');
  await verifying.stop();
  const states = (await uploadsOf(world.api, request)).map(({ file_name, state }) => [
    file_name,
    state,
  ]);
  expect(states).toEqual([
    ['cam.mp4', 'verified'],
    ['copy.mp4', 'duplicate'],
    ['other.pdf', 'verified'],
  ]);
  await context.close();
});

test('an expired link finishes what was begun and begins nothing; a closed request stops', async () => {
  const open = await openUploader(world, browser);
  const { page, request, context } = open;
  writeFolder(folder, 'late', { 'begun.mp4': 20 * MB, 'new.mp4': 100 });
  await slowDown(open, 3 * MB);
  await fileInput(page).setInputFiles(join(folder, 'late', 'begun.mp4'));
  await upload(page);
  await sent(page, 'begun.mp4', 5);
  await alter(world.api, 'upload_requests', request.id, JUST_EXPIRED);
  await fileInput(page).setInputFiles(join(folder, 'late', 'new.mp4'));
  await upload(page);
  await page.getByText('The link has expired: nothing new is taken.').waitFor();
  await sent(page, 'begun.mp4', 30);
  const closing = `closed_at = clock_timestamp(), closed_by = '${request.sender.id}'`;
  await alter(world.api, 'upload_requests', request.id, closing);
  await page
    .getByRole('heading', { name: 'The request has been closed' })
    .waitFor({ timeout: 30_000 });
  await page.getByText('2 failed').click();
  await page.getByText('The request was closed before the file was complete.').waitFor();
  expect((await uploadsOf(world.api, request)).map(({ state }) => state)).toEqual(['uploading']);
  await context.close();
}, 60_000);
