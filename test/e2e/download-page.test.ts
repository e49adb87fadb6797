/** A recipient's way through a download link, in a real browser. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions } from 'playwright-core';
import type { TestApi } from '../support/api.ts';
import { exists } from '../support/archive-readers.ts';
import { openPage, startBrowser } from '../support/browser.ts';
import { buildLink, openLink } from '../support/links.ts';
import { faultsOf, startApiAtOwnAddress } from '../support/pages.ts';
import { memberOf, verifiedFiles } from '../support/verified-files.ts';

const FILES = {
  'cam3.mp4': randomBytes(3_000_000),
  'تسجيل الكاميرا.mp4': randomBytes(70_000),
  'протокол допроса.pdf': randomBytes(5_000),
  'empty.log': Buffer.alloc(0),
  [`${'a very long name '.repeat(12)}.mov`]: randomBytes(10),
};

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startApiAtOwnAddress();
  folder = mkdtempSync(join(tmpdir(), 'casebridge-e2e-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.stop();
});

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  const opened = (options: BrowserContextOptions = {}) => openPage(browser, [api.origin], options);

  test('the package is opened and saved by keyboard alone, and checks out', async () => {
    const link = await buildLink(api, {
      files: FILES,
      passphrase: 'open sesame',
      caseFields: { caseNumber: '2026-0142' },
    });
    const { context, page, faults } = await opened();
    await page.goto(`${api.origin}${link.path}`);
    await page.keyboard.press('Tab');
    await page.keyboard.type('not this');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    await page.keyboard.type('open sesame');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${api.origin}/shared/${link.shareId}`);
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toContain('2026-0142');
    expect(await page.getByRole('listitem').count()).toBe(Object.keys(FILES).length);
    await page.keyboard.press('Tab');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.keyboard.press('Enter'),
    ]);
    expect(download.suggestedFilename()).toBe('2026-0142.zip');
    const archive = join(folder, 'from-browser.zip');
    await download.saveAs(archive);
    expect(statSync(archive).size).toBe(link.size);
    expect(verifiedFiles(archive, folder)).toBe(Object.keys(FILES).length);
    await api.post(`/shares/${link.shareId}/revoke`, link.owner);
    await page.getByRole('link', { name: 'Download everything' }).click();
    await page.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
    expect(faults).toEqual([]);
    const history = await page.evaluate('history.length + document.referrer');
    expect(String(history)).not.toContain(link.token);
    await context.close();
  });

  (exists('bsdtar') ? test : test.skip)('an ISO image is saved, and checks out', async () => {
    const caseFields = { caseNumber: '2026-0142' };
    const link = await buildLink(api, { files: FILES, caseFields, format: 'iso' });
    const { context, page, faults } = await opened();
    await page.goto(`${api.origin}${link.path}`);
    await page.getByRole('button', { name: 'Open the package' }).click();
    await page.waitForURL(`${api.origin}/shared/${link.shareId}`);
    await page.getByText('Double-click the file. It appears as a disc').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'Download everything' }).click(),
    ]);
    expect(download.suggestedFilename()).toBe('2026-0142.iso');
    const image = join(folder, 'from-browser.iso');
    await download.saveAs(image);
    expect(statSync(image).size).toBe(link.size);
    expect(verifiedFiles(image, folder)).toBe(Object.keys(FILES).length);
    expect(faults).toEqual([]);
    await context.close();
  });

  test('the certificate that comes along is accessible and fits, on a phone and a desk', async () => {
    const link = await buildLink(api, { files: FILES });
    const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
      headers: { Cookie: await openLink(api, link) },
    });
    const archive = join(folder, 'certificate.zip');
    writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
    const certificate = memberOf(archive, 'certificate.html');
    for (const width of [1280, 375, 320]) {
      const { context, page, faults } = await opened({ viewport: { width, height: 800 } });
      await page.setContent(certificate);
      await page.getByRole('heading', { name: 'Certificate of what was shared' }).waitFor();
      expect(await faultsOf(page)).toEqual([]);
      expect(faults).toEqual([]);
      await context.close();
    }
  });

  test.each([
    ['a desktop', 1280, 'light'],
    ['a desktop', 1280, 'dark'],
    ['a phone', 375, 'light'],
    ['a phone', 375, 'dark'],
    ['the smallest phone', 320, 'light'],
  ] as const)(
    'every page is accessible and fits %s of %d pixels, %s',
    async (_, width, colorScheme) => {
      const [link, secret, expired] = [
        await buildLink(api, { files: FILES }),
        await buildLink(api, { passphrase: 'x' }),
        await buildLink(api),
      ];
      await api.database.em
        .fork()
        .execute('update shares set expires_at = clock_timestamp() where id = ?', [
          expired.shareId,
        ]);
      const { context, page, faults } = await opened({
        viewport: { width, height: 800 },
        colorScheme,
      });
      const [name = '', value = ''] = (await openLink(api, link)).split('=');
      await context.addCookies([{ name, value, url: api.origin }]);
      const paths = [
        link.path,
        secret.path,
        expired.path,
        `/shared/${link.shareId}`,
        `/shared/${secret.shareId}`,
      ];
      for (const path of paths) {
        await page.goto(`${api.origin}${path}`);
        expect([path, await faultsOf(page)]).toEqual([path, []]);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});
