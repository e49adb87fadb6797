/** Files of evidence in a real browser: media play and seek, and nothing of them runs in our origin. */
import type { Browser, Page } from 'playwright-core';
import { buildAccess, buildPartnerWithUsers } from '../support/access.ts';
import { startBrowser } from '../support/browser.ts';
import { type ContentApi, startContentApi } from '../support/content.ts';
import { buildCase, buildEvidence } from '../support/factories.ts';
import { tone } from '../support/media.ts';

const SECONDS = 300;

const HOSTILE = `<!doctype html><title>quiet</title><script>document.title = 'ran'</script>
<img src="/docs" onerror="document.title = 'ran'"><h1>evidence</h1>`;

let api: ContentApi;
let browser: Browser;
let page: Page;
/** Below it: the evidence of a share, for a recipient. */
let address: string;
let inCase: Awaited<ReturnType<typeof buildCase>>;
beforeAll(async () => {
  api = await startContentApi();
  inCase = await buildCase(api, { owner: api.owner });
  const partner = await buildPartnerWithUsers(api, api.organization, 1);
  const [recipient] = partner.users;
  if (recipient === undefined) throw new Error('the partner has a user');
  const access = await buildAccess(api, api.owner, inCase, partner);
  address = `${api.origin}/api/v1/shared-with-me/${access.id}/evidence`;
  browser = await startBrowser();
  const Authorization = `Bearer ${await api.token(recipient)}`;
  const context = await browser.newContext({ extraHTTPHeaders: { Authorization } });
  page = await context.newPage();
});
afterAll(async () => {
  await browser.close();
  await api.stop();
});

async function shared(contentType: string, fileName: string, content: Buffer): Promise<string> {
  const fields = { contentType, fileName };
  return (await buildEvidence(api, { owner: api.owner, inCase, content, fields })).id;
}

/** A page of our origin that shows a preview as the pages of recipients do. */
async function openPlayer(html: string): Promise<void> {
  await page.route(`${api.origin}/player`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html }),
  );
  await page.goto(`${api.origin}/player`);
}

test('sound plays in a player of ours, and from wherever somebody goes in it', async () => {
  const id = await shared('audio/wav', 'call.wav', tone(SECONDS));
  const ranges: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 206) ranges.push(response.headers()['content-range'] ?? '');
  });
  await openPlayer(`<audio preload="metadata" muted src="${address}/${id}/preview"></audio>`);
  const reached = await page.evaluate(`new Promise((resolve, reject) => {
    const audio = document.querySelector('audio');
    audio.onerror = () => reject(new Error(audio.error.message));
    const go = () => {
      audio.onseeked = () => resolve([audio.duration, audio.currentTime]);
      audio.currentTime = ${SECONDS - 10};
    };
    if (audio.readyState > 0) go();
    else audio.onloadedmetadata = go;
  })`);
  expect(reached).toEqual([SECONDS, SECONDS - 10]);
  expect(ranges.length).toBeGreaterThan(0);
});

test('a page that says it is an image runs nothing, however it is opened', async () => {
  const id = await shared('image/png', 'harmless.png', Buffer.from(HOSTILE));
  await page.goto(`${address}/${id}/preview`);
  expect(await page.title()).not.toBe('ran');
  expect(await page.evaluate('document.contentType')).toBe('image/png');
  await openPlayer(`<title>ours</title><script src="${address}/${id}/preview"></script>
    <iframe src="${address}/${id}/preview"></iframe>`);
  expect(await page.title()).toBe('ours');
});

test.each([
  ['text/html', 'page.html'],
  ['image/svg+xml', 'plan.svg'],
  ['application/pdf', 'report.pdf'],
])('what is stored as %s is saved and never opened in place', async (contentType, fileName) => {
  const id = await shared(contentType, fileName, Buffer.from(HOSTILE));
  const saving = page.waitForEvent('download');
  await page.goto(`${address}/${id}/content`).catch(() => undefined);
  const download = await saving;
  expect(download.suggestedFilename()).toBe(fileName);
  const refused = await page.goto(`${address}/${id}/preview`);
  expect(refused?.status()).toBe(415);
  expect(await page.title()).not.toBe('ran');
});
