/** What somebody does on the uploader's page, and waits for. */
import type { Page } from 'playwright-core';
import { eventually } from './eventually.ts';

export const fileInput = (page: Page) => page.locator('input[type=file]').first();
export const folderInput = (page: Page) => page.locator('input[type=file]').nth(1);

/** Sends what is in the list. */
export const upload = (page: Page) =>
  page.getByRole('button', { name: /^Upload \d+ files?$/ }).click();

/** @param count as the page says it: "21 files" */
export const received = (page: Page, count: string) =>
  page.getByRole('heading', { name: `${count} received and checked` }).waitFor({ timeout: 60_000 });

/** The row of a file. */
export const rowOf = (page: Page, name: string) =>
  page.locator('li.upload', { hasText: name }).first();

/** Waits until so much of a file is shown as sent. */
export async function sent(
  page: Page,
  name: string,
  percent: number,
  patience = 60,
): Promise<void> {
  await eventually(
    `${percent} % of ${name}`,
    async () => Number(/(\d+)\s?%/.exec(await rowOf(page, name).innerText())?.[1] ?? 0) >= percent,
    patience,
  );
}
