import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import { type Browser, type Page, chromium as playwright } from 'playwright-core';

/**
 * What the packed Chromium is started with for one page in a cloud function: without separate processes
 * a closed page takes the browser along, and a test must see what web security does.
 */
const UNWANTED =
  /single-process|no-zygote|web-security|site-isolation|IsolateOrigins|insecure-content/;

/** Browsers that are used where they are installed, before the packed one, which is for Linux only. */
const INSTALLED = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Starts a real Chromium; close it at the end. */
export async function startBrowser(): Promise<Browser> {
  const installed = INSTALLED.find((path) => existsSync(path));
  if (installed !== undefined) return playwright.launch({ executablePath: installed });
  return playwright.launch({
    executablePath: await chromium.executablePath(),
    args: chromium.args.filter((argument) => !UNWANTED.test(argument)),
  });
}

/** What axe finds wrong with the page as it is (WCAG 2.2, levels A and AA, and good practice). */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
  // By evaluation and not as a script of the page, which its content security policy would refuse.
  await page.evaluate(await readFile(axe, 'utf8'));
  return page.evaluate(`axe
    .run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })
    .then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))`);
}
