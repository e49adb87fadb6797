/** The script of docs/integration.md, as it stands, with a browser that hands in what it asks for. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Browser } from 'playwright-core';
import { INVITE_WORDS } from '../../api/web/words/invite-words.ts';
import { developmentToken } from '../../dev/stack/development-token.ts';
import { exists } from '../support/archive-readers.ts';
import { startBrowser } from '../support/browser.ts';
import { buildOrganization, buildUser } from '../support/factories.ts';
import { openQuietly } from '../support/invite-page.ts';
import { startUploaderWorld, type UploaderWorld } from '../support/uploader-page.ts';

let world: UploaderWorld;
let browser: Browser;
beforeAll(async () => {
  world = await startUploaderWorld({ direct: true });
  await world.startWorker();
  browser = await startBrowser();
});
afterAll(async () => {
  await browser.close();
  await world.stop();
});

/** Hands in a file by a link, on a phone. */
async function submit(link: string): Promise<void> {
  const { page, context, faults } = await openQuietly(world, browser);
  await page.goto(link);
  await page.locator('form button').tap();
  await page.waitForURL(/\/invites\/[0-9a-f-]{36}$/);
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({
      ...{ name: 'window.mp4', mimeType: 'video/mp4' },
      buffer: Buffer.from('what the camera at the shop saw'),
    });
  await page.locator('.ready .button').first().tap();
  await page.locator('#hand-in[data-state=ready]').waitFor({ timeout: 60_000 });
  await page.getByRole('button', { name: INVITE_WORDS.en.submit, exact: true }).tap();
  await page.locator('#hand-in').waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
  await context.close();
}

const check = exists('curl') && exists('jq') ? test : test.skip;

check(
  'the example goes from the first token to the last refusal',
  async () => {
    const organization = await buildOrganization(world.api);
    const administrator = await buildUser(world.api, { organization });
    const script = spawn(
      'sh',
      [
        'docs/integration-example.sh',
        world.origin,
        await developmentToken(world.origin, administrator.email),
      ],
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    const said: string[] = [];
    script.stderr.on('data', (chunk: Buffer) => said.push(chunk.toString()));
    const ended = once(script, 'exit');
    for await (const line of createInterface({ input: script.stdout })) {
      said.push(line);
      if (line.startsWith('link: ')) await submit(line.slice('link: '.length));
    }
    const [code] = await ended;
    expect([code, said]).toEqual([
      0,
      [
        expect.stringMatching(/^client: [0-9a-f-]{36}$/),
        expect.stringMatching(/^portal: [0-9a-f-]{36}$/),
        'title: Broken shop window',
        expect.stringMatching(/^link: http.*\/i\/[A-Za-z0-9_-]{43}$/),
        'waiting for a submission …',
        'submitted',
        'after the deletion: 401',
      ],
    ]);
  },
  240_000,
);
