import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import chromium from '@sparticuz/chromium';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  type Locator,
  type Page,
  chromium as playwright,
} from 'playwright-core';

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

/** A page of a browser that is nobody's yet: without cookies. */
export interface OpenedPage {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of, and what it asked of others than these. */
  readonly faults: string[];
}

/** Opens a page, in English unless told otherwise, that may ask of these origins and no other. */
export async function openPage(
  browser: Browser,
  origins: readonly string[],
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    // Pages of refusals are looked at too.
    if (message.type() === 'error' && !message.text().includes('status of 4')) {
      faults.push(message.text());
    }
  });
  page.on('request', (request) => {
    if (!origins.includes(new URL(request.url()).origin)) faults.push(`asked ${request.url()}`);
  });
  return { context, page, faults };
}

/**
 * What the browser complains of from now on, and what it asks of others than these origins. Requests that
 * fail are what such tests are about.
 */
export function watchPage(page: Page, origins: readonly string[]): string[] {
  const faults: string[] = [];
  page.on('console', (message) => {
    const isFailure = /Failed to load resource|net::ERR/.test(message.text());
    if (message.type() === 'error' && !isFailure) faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('request', (sent) => {
    const isKnown = origins.some((own) => sent.url().startsWith(own));
    if (!isKnown && !sent.url().startsWith('blob:')) faults.push(`asked ${sent.url()}`);
  });
  return faults;
}

/** Waits until what a page previews is there: says how wide a picture or a film is, how long a sound. */
export async function previewed(page: Page): Promise<number> {
  return page.evaluate(`new Promise((resolve, reject) => {
    const preview = document.querySelector('.preview');
    const known = () => resolve(preview.naturalWidth ?? (preview.videoWidth || preview.duration));
    preview.addEventListener('error', () => reject(new Error('there is no preview')));
    if (preview.tagName === 'IMG') preview.decode().then(known, reject);
    else if (preview.readyState > 1) known();
    else preview.addEventListener('loadeddata', known);
  })`);
}

/** Whether one thing on a page is drawn inside of another. */
export async function isWithin(inner: Locator, outer: Locator): Promise<boolean> {
  const [one, other] = [await inner.boundingBox(), await outer.boundingBox()];
  if (one === null || other === null) return false;
  return (
    one.x >= other.x &&
    one.y >= other.y &&
    one.x + one.width <= other.x + other.width &&
    one.y + one.height <= other.y + other.height
  );
}

/** What axe finds wrong with the page as it is (WCAG 2.2, levels A and AA, and good practice). */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(`'axe' in window`))) {
    const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
    // By evaluation and not as a script of the page, which its content security policy would refuse.
    await page.evaluate(await readFile(axe, 'utf8'));
  }
  // Of what passes nobody asks for the details, nor for selectors of anything.
  return page.evaluate(`axe
    .run({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      resultTypes: ['violations'],
      selectors: false,
    })
    .then(({ violations }) =>
      violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html)))`);
}
