/** A public portal on a phone, from its page to the receipt, and what an invite's page shows on the way. */
import { createHash, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { INVITE_WORDS } from '../../api/web/words/invite-words.ts';
import { WORDS } from '../../api/web/words/languages.ts';
import { eventually } from '../support/eventually.ts';
import { buildUser } from '../support/factories.ts';
import { newestInvite, openInvitePage, openQuietly } from '../support/invite-page.ts';
import { faultsOf } from '../support/pages.ts';
import { buildInvite, buildPortal, setIndividual } from '../support/portals.ts';
import {
  keepVerifying,
  slowDown,
  startUploaderStage,
  type UploaderStage,
  type UploaderWorld,
} from '../support/uploader-page.ts';

let stage: UploaderStage;
let world: UploaderWorld;
let browser: Browser;
let folder: string;
beforeAll(async () => {
  stage = await startUploaderStage();
  ({ world, browser, folder } = stage);
});
afterAll(() => stage.stop());

/** As it should be: accessible, no wider than the screen, and with nothing to tap that is too small. */
async function look(page: Page, state: string): Promise<void> {
  const tooSmall = `[...document.querySelectorAll('button, a, input, summary')]
    .filter((node) => node.checkVisibility() && node.type !== 'radio')
    .filter((node) => node.getBoundingClientRect().height < 44)
    .map((node) => node.outerHTML)`;
  const seen = [state, await faultsOf(page), await page.evaluate(tooSmall)];
  expect(seen).toEqual([state, [], []]);
}

function writeFile(name: string, content: string | Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

test.each([
  ['en', 360],
  ['es', 320],
  ['fr', 390],
] as const)(
  'from the page of the portal to the receipt, in %s, %d pixels wide',
  async (locale, width) => {
    const { id, path, owner } = await buildPortal(world.api, {
      kind: 'public',
      title: 'Fire at the old mill',
      description:
        'Were you near Mill Road on the evening of 1 March?\nWe look for videos of the fire.',
    });
    const terms = { en: 'Be truthful.', es: 'Diga la verdad.', fr: 'Dites la vérité.' };
    await world.api.patch('/organization', owner, { terms });
    const { page, context, faults } = await openQuietly(world, browser, {
      locale,
      viewport: { width, height: 740 },
    });
    const words = INVITE_WORDS[locale];
    const main = page.getByRole('main');

    await page.goto(`${world.origin}${path}`);
    await look(page, 'the portal');
    await main.getByRole('button').tap();
    await page.locator('#email-fault:visible').waitFor();
    await look(page, 'the portal, with what is missing');
    await page.locator('#firstName').fill('Ada');
    await page.locator('#email').fill('ada@example.test');
    await main.getByRole('button').tap();
    await page.waitForURL('**?sent=email');
    await look(page, 'the link is on its way');

    const invite = await newestInvite(world, id);
    await page.goto(`${world.origin}${invite.path}`);
    await look(page, 'the link');
    await main.getByRole('button').tap();
    await page.getByText(terms[locale]).waitFor();
    await look(page, 'the terms');
    await main.getByRole('button').tap();
    const files = page.locator('input[type=file]').first();
    await files.waitFor({ state: 'attached' });
    await page.locator('#hand-in button').waitFor();
    await look(page, 'the files');
    expect(await page.locator('#hand-in button').isDisabled()).toBe(true);
    expect(await page.locator('#email, #firstName').count()).toBe(0);

    const video = writeFile('fire at night.mp4', `video ${locale}`);
    await files.setInputFiles([video, writeFile('gate.jpg', `picture ${locale}`)]);
    await page.locator('.ready').waitFor();
    await page.locator('.uploader li input').first().fill('From my window');
    await look(page, 'the list');
    expect(await page.locator('#hand-in button').isDisabled()).toBe(true);
    await page.locator('.ready .button').first().tap();
    const verifying = keepVerifying(world.api, invite);
    await page.locator('#hand-in[data-state=ready]').waitFor();
    await verifying.stop();
    await look(page, 'what was sent');
    await page.getByRole('button', { name: words.submit, exact: true }).tap();
    const shown = createHash('sha256').update(`video ${locale}`).digest('hex');
    await page.getByText(shown).waitFor();
    await look(page, 'the receipt');
    expect(await main.textContent()).toContain('From my window');
    expect(await main.textContent()).not.toContain(WORDS[locale].results.log);
    // As it is printed.
    await page.emulateMedia({ media: 'print' });
    await look(page, 'the printed receipt');
    await page.emulateMedia({ media: 'screen' });
    await page.reload();
    await page.getByText(shown).waitFor();
    await page.goto(`${world.origin}${invite.path}`);
    await look(page, 'the spent link');
    await main.getByRole('link').tap();
    await page.getByText(shown).waitFor();
    expect(faults).toEqual([]);
    await context.close();
  },
  120_000,
);

test('on a bad network: what was sent stays, the same file goes on, and what was handed in is handed in once', async () => {
  const owner = await buildUser(world.api);
  const contactInfo = { store: true, required: ['last_name'], dateOfBirth: 'hidden' } as const;
  await setIndividual(world.api, owner, { contactInfo });
  const given = await buildInvite(
    world.api,
    { owner, title: 'A fire' },
    { delivery: 'none', communityMember: { lastName: 'L' } },
  );
  await world.api.database.em.fork().execute('delete from community_members');
  const open = await openInvitePage(world, browser, { invite: given });
  const { page, context, invite, faults } = open;
  page.on('dialog', (dialog) => void dialog.accept());
  const words = INVITE_WORDS.en;
  const submit = page.getByRole('button', { name: words.submit, exact: true });
  const files = page.locator('input[type=file]').first();
  await files.waitFor({ state: 'attached' });
  expect(await page.locator('#contact input').count()).toBe(4);
  expect(await page.content()).not.toMatch(/dateOfBirth"|Date of birth/);

  const film = writeFile('film.mp4', randomBytes(12_000_000));
  await files.setInputFiles(film);
  await slowDown(open, 4_000_000);
  await page.locator('.ready .button').first().tap();
  await page.locator('progress').first().waitFor();
  await eventually('a part to be there', async () => {
    const [row] = await uploadRows(invite.id);
    if (row === undefined) return false;
    const { object_key: key, store_upload_id: id } = row;
    return (await world.api.store.listParts(key, id)).length > 0;
  });
  await context.setOffline(true);
  await page.locator('.overall .alarm').waitFor();
  await look(page, 'offline');
  await context.setOffline(false);
  await page.reload();
  await page.locator('#hand-in[data-state=unfinished]').waitFor();
  await look(page, 'sent in part');
  expect(await submit.isDisabled()).toBe(true);

  await slowDown(open, -1);
  const wrong = writeFile('wrong.jpg', 'the wrong one');
  await files.setInputFiles([film, wrong]);
  await page.locator('.ready .button').first().tap();
  await page.getByText(WORDS.en.states.verifying).first().waitFor();
  await look(page, 'being checked');
  expect(await submit.isDisabled()).toBe(true);
  const verifying = keepVerifying(world.api, invite);
  await page.locator('#hand-in[data-state=ready]').waitFor();
  await verifying.stop();
  const rows = await uploadRows(invite.id);
  expect(rows.map(({ file_name }) => file_name).sort()).toEqual(['film.mp4', 'wrong.jpg']);
  await page.getByRole('button', { name: words.removing('wrong.jpg') }).tap();
  await eventually('it to be gone', async () => (await page.locator('#hand-in li').count()) === 1);

  await submit.tap();
  await page.locator('#lastName-fault:visible').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('lastName');
  await look(page, 'something is missing');
  await page.locator('#lastName').fill('Lovelace');
  await world.killApi();
  await submit.tap();
  await page.getByText(words.again).waitFor();
  await look(page, 'handing in, without a network');
  await world.startApi();
  await page.locator('.receipt').waitFor({ timeout: 60_000 });
  await look(page, 'the receipt of one file');
  expect(await page.locator('.receipt li').count()).toBe(1);
  const [member] = await world.api.database.em
    .fork()
    .execute('select last_name, date_of_birth from community_members where invite_id = ?', [
      invite.id,
    ]);
  expect(member).toEqual({ last_name: 'Lovelace', date_of_birth: null });
  expect(faults).toEqual([]);
  await context.close();
}, 120_000);

async function uploadRows(inviteId: string) {
  return world.api.database.em
    .fork()
    .execute<{ file_name: string; object_key: string; store_upload_id: string }[]>(
      'select file_name, object_key, store_upload_id from uploads where invite_id = ?',
      [inviteId],
    );
}
