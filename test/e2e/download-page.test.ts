/** A recipient's way through a download link, in a real browser and with curl. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { freePort } from '../../dev/servers/ports.ts';
import { startApi, type TestApi } from '../support/api.ts';
import { accessibilityFaults, startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { buildLink, openLink, type TestLink } from '../support/links.ts';

const FILES = {
  'cam3.mp4': randomBytes(3_000_000),
  'تسجيل الكاميرا.mp4': randomBytes(70_000),
  'протокол допроса.pdf': randomBytes(5_000),
  'empty.log': Buffer.alloc(0),
  [`${'a very long name '.repeat(12)}.mov`]: randomBytes(10),
};

/** Unpacks, and compares every file with the manifest inside, as the page tells people to. */
const CHECK = `
import hashlib, os, sys, zipfile
archive, folder = sys.argv[1], sys.argv[2]
bag = zipfile.ZipFile(archive)
assert bag.testzip() is None
bag.extractall(folder)
top = os.path.join(folder, os.listdir(folder)[0])
lines = open(os.path.join(top, 'manifest-sha256.txt'), encoding='utf-8').read().splitlines()
for line in lines:
    digest, path = line.split('  ', 1)
    assert hashlib.sha256(open(os.path.join(top, path), 'rb').read()).hexdigest() == digest, path
print(len(lines))
`;

let api: TestApi;
let folder: string;
beforeAll(async () => {
  // The page shows its own address, so that it has to be known before.
  const port = await freePort();
  const variables = {
    CASEBRIDGE_PUBLIC_URL: `http://127.0.0.1:${port}`,
    CASEBRIDGE_PORT: String(port),
  };
  api = await startApi({ variables });
  folder = mkdtempSync(join(tmpdir(), 'casebridge-e2e-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.stop();
});

function verified(archive: string): number {
  const unpacked = mkdtempSync(join(folder, 'unpacked-'));
  return Number(execFileSync('python3', ['-c', CHECK, archive, unpacked], { encoding: 'utf8' }));
}

describe('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser.close());

  async function opened(
    options: Parameters<Browser['newContext']>[0] = {},
  ): Promise<{ context: BrowserContext; page: Page; faults: string[] }> {
    const context = await browser.newContext({ locale: 'en-GB', ...options });
    const page = await context.newPage();
    const faults: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().includes('status of 4')) {
        faults.push(message.text());
      }
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(api.origin)) faults.push(`asked ${request.url()}`);
    });
    return { context, page, faults };
  }

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
    expect(verified(archive)).toBe(Object.keys(FILES).length);
    await api.post(`/shares/${link.shareId}/revoke`, link.owner);
    await page.getByRole('link', { name: 'Download everything' }).click();
    await page.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
    expect(faults).toEqual([]);
    const history = await page.evaluate('history.length + document.referrer');
    expect(String(history)).not.toContain(link.token);
    await context.close();
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
        expect(await accessibilityFaults(page)).toEqual([]);
        const tooWide = await page.evaluate(
          'document.documentElement.scrollWidth - document.documentElement.clientWidth',
        );
        expect([path, tooWide]).toEqual([path, 0]);
      }
      expect(faults).toEqual([]);
      await context.close();
    },
  );
});

const hasCurl = spawnSync('curl', ['--version']).status === 0;
(hasCurl ? describe : describe.skip)('with the lines that the page prints', () => {
  /** The three lines as they stand on the page, with the reader's link pasted in. */
  async function printedLines(link: TestLink, passphrase?: string): Promise<string[]> {
    const response = await fetch(`${api.origin}/shared/${link.shareId}`, {
      headers: { Cookie: await openLink(api, link, passphrase) },
    });
    const page = await response.text();
    const [, code = ''] = /<code>(LINK=[^<]+)<\/code>/.exec(page) ?? [];
    return code
      .replaceAll('&#39;', "'")
      .replaceAll('&quot;', '"')
      .replace('paste your link here', `${api.origin}${link.path}`)
      .replace('the passphrase', passphrase ?? '')
      .split('\n');
  }

  function shell(place: string, lines: readonly string[]): ChildProcess {
    return spawn('sh', ['-c', `exec 2>curl.log\n${lines.join('\n')}`], {
      cwd: place,
      env: { ...process.env, CURL_HOME: place },
      stdio: 'ignore',
      detached: true,
    });
  }

  test('a download that is killed three times ends whole, and running it again changes nothing', async () => {
    const content = randomBytes(40 * 1024 ** 2);
    const link = await buildLink(api, {
      files: { 'long.mp4': content },
      caseFields: { caseNumber: '2026-0142' },
      downloadLimit: 1,
    });
    const place = mkdtempSync(join(folder, 'curl-'));
    const [setting = '', opening = '', downloading = ''] = await printedLines(link);
    const [opened] = await once(shell(place, [setting, opening]), 'exit');
    expect(opened).toBe(0);

    const saved = join(place, '2026-0142.zip');
    const size = () => statSync(saved, { throwIfNoEntry: false })?.size ?? 0;
    writeFileSync(join(place, '.curlrc'), 'limit-rate = 8M\n');
    for (let kills = 0; kills < 3; kills += 1) {
      const before = size();
      const running = shell(place, [downloading]);
      await eventually('some more bytes', () => size() > before + 1_000_000);
      const gone = once(running, 'exit');
      process.kill(-(running.pid ?? 0), 'SIGKILL');
      await gone;
      expect(size()).toBeLessThan(link.size);
    }
    rmSync(join(place, '.curlrc'));
    const [status] = await once(shell(place, [downloading]), 'exit');
    expect(status).toBe(0);
    expect(size()).toBe(link.size);
    expect(verified(saved)).toBe(1);
    const digest = () => createHash('sha256').update(readFileSync(saved)).digest('hex');
    const whole = digest();
    await once(shell(place, [downloading]), 'exit');
    expect(digest()).toBe(whole);
    expect(readdirSync(place).toSorted()).toEqual(['2026-0142.zip', 'curl.log', 'jar']);
  });

  test('a dead link leaves no page behind in the name of an archive', async () => {
    const link = await buildLink(api, {
      passphrase: 'it’s a secret',
      caseFields: { caseNumber: '7' },
    });
    const place = mkdtempSync(join(folder, 'curl-'));
    const [setting = '', opening = '', downloading = ''] = await printedLines(
      link,
      'it’s a secret',
    );
    expect((await once(shell(place, [setting, opening]), 'exit'))[0]).toBe(0);
    await api.database.em
      .fork()
      .execute('update shares set revoked_at = clock_timestamp() where id = ?', [link.shareId]);
    const [status] = await once(shell(place, [downloading]), 'exit');
    expect(status).toBe(22);
    expect(readdirSync(place).toSorted()).toEqual(['curl.log', 'jar']);
  });
});
