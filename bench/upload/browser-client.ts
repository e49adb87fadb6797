/** Chromium, on the page of the uploader: as its users send, and with plain PUTs beside it. */
import { stat } from 'node:fs/promises';
import { startBrowser } from '../../test/support/browser.ts';
import { openUploader, type UploaderWorld } from '../../test/support/uploader-page.ts';
import type { UploadClient } from '../upload.ts';
import { plainAddresses } from './plain-addresses.ts';

/** Runs in the page: six requests at a time, with the file that a field of its own holds. */
const PLAIN_PUTS = `async (puts) => {
  const [file] = document.getElementById('plain').files;
  const began = performance.now();
  const queue = puts.values();
  const lane = async () => {
    for (const { offset, length, url } of queue) {
      await new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open('PUT', url);
        request.onload = () => (request.status === 200 ? resolve() : reject(request.status));
        request.onerror = () => reject(new Error('broken'));
        request.send(file.slice(offset, offset + length));
      });
    }
  };
  await Promise.all(Array.from({ length: 6 }, lane));
  return (performance.now() - began) / 1000;
}`;

/** @param options.untilVerified measures until the page shows success, not until all is sent */
export async function startBrowserClient(
  world: UploaderWorld,
  path: string,
  options: { readonly untilVerified?: boolean } = {},
): Promise<UploadClient> {
  const { size } = await stat(path);
  const browser = await startBrowser();
  return {
    async plain() {
      const { page, context } = await openUploader(world, browser);
      await page.evaluate(
        `const field = document.createElement('input'); field.type = 'file'; field.id = 'plain'; document.body.append(field)`,
      );
      await page.locator('#plain').setInputFiles(path);
      const seconds = await page.evaluate(
        `(${PLAIN_PUTS})(${JSON.stringify(await plainAddresses(size))})`,
      );
      await context.close();
      return Number(seconds);
    },

    async ours() {
      const { page, context } = await openUploader(world, browser);
      page.on('dialog', (dialog) => void dialog.accept());
      await page.locator('input[type=file]').first().setInputFiles(path);
      // Nothing looks at the page meanwhile: that would cost it what is measured.
      const sent = page.waitForResponse((answer) => answer.url().endsWith('/complete'), {
        timeout: 300_000,
      });
      const began = performance.now();
      await page.getByRole('button', { name: 'Upload 1 file' }).click();
      await sent;
      if (options.untilVerified) await page.locator('.tick').waitFor({ timeout: 300_000 });
      const seconds = (performance.now() - began) / 1000;
      await context.close();
      return seconds;
    },

    stop: async () => browser.close(),
  };
}
