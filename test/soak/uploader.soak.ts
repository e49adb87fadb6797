/** A folder of 200 files and one of more than 3 GiB, sent by a real browser over a bad day. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { sent as sentOf } from '../support/uploader-acts.ts';
import {
  openUploader,
  startUploaderWorld,
  type UploaderWorld,
  uploadsOf,
  writeFolder,
} from '../support/uploader-page.ts';

const MIB = 1024 ** 2;
const LARGE = 3 * 1024 * MIB + 12_345;
const NAME = 'recording of the whole night.mp4';

let world: UploaderWorld;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casebridge-upload-soak-'));
  [world, browser] = await Promise.all([
    startUploaderWorld({ partSize: 16 * MIB }),
    startBrowser(),
  ]);
  await world.startWorker();
}, 120_000);
afterAll(async () => {
  await browser.close();
  await world.stop();
  await rm(folder, { recursive: true });
});

/** A file with holes that take no room, and random bytes in each of its parts, so that none is another. */
async function writeLarge(path: string): Promise<string> {
  const file = await open(path, 'w');
  for (let at = 0; at < LARGE; at += 4 * MIB) {
    const length = Math.min(64 * 1024, LARGE - at);
    await file.write(randomBytes(length), 0, length, at);
  }
  await file.truncate(LARGE);
  await file.close();
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: MIB })) hash.update(chunk);
  return hash.digest('hex');
}

const sent = (page: Page, percent: number) => sentOf(page, NAME, percent, 600);

test('every file arrives with its own hash, and is begun once', async () => {
  const sizes = Array.from({ length: 200 }, (_, index): [string, number] => [
    `DCIM/${100 + (index % 7)}/img ${index}.jpg`,
    1_000 + index * 7_777,
  ]);
  const small = writeFolder(folder, 'night', Object.fromEntries(sizes));
  await mkdir(join(folder, 'night'), { recursive: true });
  const hashes = new Map(small).set(`night/${NAME}`, await writeLarge(join(folder, 'night', NAME)));

  const { page, request, context, faults } = await openUploader(world, browser);
  page.on('dialog', (dialog) => void dialog.accept());
  const choose = async () => {
    await page.locator('input[type=file]').nth(1).setInputFiles(join(folder, 'night'));
    await page.getByRole('button', { name: 'Upload 201 files' }).click();
    // The large file may be anywhere in the list: the part with those on their way is on top.
    await page.getByRole('heading', { name: 'On the way now' }).waitFor();
  };
  const began = performance.now();
  await choose();
  await sent(page, 5);
  world.proxy.cut();
  await sent(page, 15);
  await context.setOffline(true);
  await page.locator('.overall').getByText('Your device is offline').waitFor();
  await context.setOffline(false);
  await sent(page, 25);
  await world.killApi();
  await page
    .locator('.overall')
    .getByText('The connection is interrupted')
    .waitFor({ timeout: 60_000 });
  await world.startApi();
  await sent(page, 45);
  await page.reload();
  await page.locator('.hint').getByText(NAME).waitFor();
  await choose();
  await sent(page, 60);
  world.proxy.cut();
  await page
    .getByRole('heading', { name: '201 files received and checked' })
    .waitFor({ timeout: 600_000 });
  const seconds = (performance.now() - began) / 1000;
  process.stdout.write(`201 files, 3.4 GB, sent and checked in ${seconds.toFixed(0)} s\n`);

  const uploads = await uploadsOf(world.api, request);
  expect(new Map(uploads.map(({ file_name, sha256 }) => [file_name, sha256]))).toEqual(hashes);
  expect(uploads).toHaveLength(hashes.size);
  expect(faults).toEqual([]);
  await context.close();
});
