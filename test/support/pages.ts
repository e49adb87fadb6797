import type { Browser, Page } from 'playwright-core';
import { freePort } from '../../dev/servers/ports.ts';
import { startApi, type TestApi } from './api.ts';
import { accessibilityFaults, startBrowser } from './browser.ts';

/** Pages in a real browser, of an API in this process whose pages show its own address. */
export interface PagesWorld {
  readonly api: TestApi;
  readonly browser: Browser;
  stop(): Promise<void>;
}

/** Starts the API and a browser. */
export async function startPages(): Promise<PagesWorld> {
  const [api, browser] = await Promise.all([startApiAtOwnAddress(), startBrowser()]);
  return {
    api,
    browser,
    async stop() {
      await browser.close();
      await api.stop();
    },
  };
}

/** Starts an API whose pages show its own address, which has to be known before. */
export async function startApiAtOwnAddress(): Promise<TestApi> {
  const port = String(await freePort());
  return startApi({
    variables: { CASEBRIDGE_PORT: port, CASEBRIDGE_PUBLIC_URL: `http://127.0.0.1:${port}` },
  });
}

/** What is wrong with a page as it is shown: what hinders people, and how far it is wider than its window. */
export async function faultsOf(page: Page): Promise<string[]> {
  const beyond = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  const faults = await accessibilityFaults(page);
  return beyond === 0 ? faults : [...faults, `${beyond} pixels too wide`];
}
