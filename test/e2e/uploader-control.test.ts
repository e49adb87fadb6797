/** The uploader beside itself: one file held back, two tabs with the same file, addresses that run out. */
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { fileInput, received, rowOf, sent, upload } from '../support/uploader-acts.ts';
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

const MB = 1_000_000;

/** So short that addresses which were signed ahead run out while the parts before theirs are sent. */
const ADDRESS_SECONDS = 2;

let stage: UploaderStage;
let world: UploaderWorld;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  stage = await startUploaderStage({ addressSeconds: ADDRESS_SECONDS });
  ({ world, browser, folder } = stage);
});
afterAll(() => stage.stop());

test('parts whose addresses have run out are refused by the store, and sent with new ones', async () => {
  const hashes = writeFolder(folder, 'signed', { 'cam.mp4': 62 * MB });
  const open = await openUploader(world, browser);
  const { page, request, context } = open;
  let refused = 0;
  page.on('response', (answer) => {
    const isPart = answer.request().method() === 'PUT';
    if (isPart && answer.status() === 403) refused += 1;
  });
  await slowDown(open, 8 * MB);
  await fileInput(page).setInputFiles(join(folder, 'signed', 'cam.mp4'));
  const verifying = keepVerifying(world.api, request);
  await upload(page);
  await received(page, '1 file');
  await verifying.stop();
  expect(refused).toBeGreaterThan(0);
  const [found] = await uploadsOf(world.api, request);
  expect(found?.sha256).toBe(hashes.get('signed/cam.mp4'));
  await context.close();
}, 120_000);

test('one file is held back while the others go on, and goes on when its sender says so', async () => {
  writeFolder(folder, 'one', { 'held.mp4': 20 * MB, 'other.mp4': 3 * MB });
  const open = await openUploader(world, browser);
  const { page, request, context } = open;
  await slowDown(open, 2 * MB);
  await fileInput(page).setInputFiles(
    ['held', 'other'].map((name) => join(folder, 'one', `${name}.mp4`)),
  );
  await upload(page);
  const held = rowOf(page, 'held.mp4');
  await held.getByRole('button', { name: 'Pause held.mp4' }).click();
  await held.getByText('Paused').waitFor();
  await slowDown(open, -1);
  const verifying = keepVerifying(world.api, request);
  await rowOf(page, 'other.mp4').getByText('Received and checked').waitFor();
  expect((await uploadsOf(world.api, request)).map(({ state }) => state).toSorted()).toEqual([
    'uploading',
    'verified',
  ]);
  await held.getByText('Paused').waitFor();
  await held.getByRole('button', { name: 'Resume held.mp4' }).click();
  await received(page, '2 files');
  await verifying.stop();
  await context.close();
}, 60_000);

test('of two tabs with the same file one sends it; the other says so, and goes on when it is closed', async () => {
  const hashes = writeFolder(folder, 'tabs', { 'cam.mp4': 30 * MB });
  const path = join(folder, 'tabs', 'cam.mp4');
  const open = await openUploader(world, browser);
  const { page: first, request, context } = open;
  await slowDown(open, 3 * MB);
  await fileInput(first).setInputFiles(path);
  await upload(first);
  await sent(first, 'cam.mp4', 10);

  const second = await context.newPage();
  await second.goto(first.url());
  await fileInput(second).setInputFiles(path);
  await upload(second);
  await rowOf(second, 'cam.mp4').getByText('Being sent by another tab').waitFor();
  await second.locator('.overall').getByText('Another tab or window of this browser').waitFor();
  await sent(first, 'cam.mp4', 40);
  await rowOf(second, 'cam.mp4').getByText('Being sent by another tab').waitFor();

  await first.close();
  const verifying = keepVerifying(world.api, request);
  await received(second, '1 file');
  await verifying.stop();
  expect(await uploadsOf(world.api, request)).toEqual([
    { file_name: 'cam.mp4', state: 'verified', sha256: hashes.get('tabs/cam.mp4') },
  ]);
  await context.close();
}, 120_000);
