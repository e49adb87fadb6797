/**
 * The story of a case that goes from one organization to another by each method, over HTTP and in Chromium,
 * with everything real. Its tests go on where the one before ended. Beside it are `sharing-prerequisites`,
 * `sharing-refusals` and `sharing-searches`.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { act, OPERATOR } from '../../domain/act.ts';
import { setIssuer } from '../../domain/identity/organization-issuer.ts';
import { COPIED_FIELDS } from '../../domain/sharing/case-copy/copied-fields.ts';
import { accessibilityFaults, isWithin, previewed } from '../support/browser.ts';
import {
  type CopiedCase,
  fillEvidence,
  fillFleet2,
  lookAt,
  readFilled,
  rowName,
} from '../support/copied-fields.ts';
import { eventually } from '../support/eventually.ts';
import { film } from '../support/film.ts';
import { picture, tone } from '../support/media.ts';
import {
  accessLink,
  becomePartners,
  deliverCopy,
  done,
  enterCode,
  freshPage,
  giveAccess,
  PATIENCE,
  SHARED_CASE,
  type SharingWorld,
  signInByLink,
  startSharingWorld,
  uploadVerified,
} from '../support/sharing-world.ts';
import { verifiedFiles } from '../support/verified-files.ts';

let world: SharingWorld;
let caseId: string;
let video: Buffer;
let evidence: { readonly door: string; readonly car: string; readonly call: string };
beforeAll(async () => {
  world = await startSharingWorld();
  const { page, context } = await freshPage(world);
  video = await film(page);
  await context.close();
});
afterAll(() => world.stop());

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

const give = (fields: object) => giveAccess(world, caseId, fields);

/** The status with which an address answers the browser that has a page open. */
async function statusOf(page: Page, path: string): Promise<number> {
  return (await page.request.get(`${world.api.origin}${path}`)).status();
}

test('two organizations become partners: one invites, the other accepts', async () => {
  const { api, source, partner } = world;
  const id = await becomePartners(world);
  for (const [as, other] of [
    [source.sender, partner.organization],
    [partner.administrator, source.organization],
  ] as const) {
    expect(await done(api.get(`/partners/${id}`, as))).toMatchObject({
      state: 'active',
      organization: { id: other.id, name: other.name },
      ...{ maySendTo: true, mayReceiveFrom: true },
      ...{ theyMaySendToUs: true, theyMayReceiveFromUs: true },
    });
  }
  const found = await done(api.get(`/partners/${id}/recipients?query=uma`, source.sender));
  expect(found.data).toMatchObject([{ type: 'user', id: partner.user.id, name: 'Uma User' }]);
});

test('a case is filled by uploads, and what is in it is what was sent', async () => {
  const { api, source } = world;
  const { sender } = source;
  ({ id: caseId } = await done(api.post('/cases', sender, SHARED_CASE)));
  const upload = (fileName: string, content: Buffer, title = fileName) =>
    uploadVerified(world, sender, { caseId, fileName, content, title });
  evidence = {
    door: await upload('door.webm', video),
    car: await upload('car.png', picture(640, 360)),
    call: await upload('call.wav', tone(3), 'Emergency call'),
  };
  await fillEvidence(api, sender, evidence.door);
  await fillFleet2(api, sender, { id: evidence.car, besides: evidence.door });
  const { data } = await done(api.get(`/cases/${caseId}/evidence`, sender));
  expect(data.map(({ file }: { file: object }) => file)).toMatchObject([
    { name: 'door.webm', contentType: 'video/webm', sha256: sha256(video) },
    { name: 'car.png', contentType: 'image/png', sha256: sha256(picture(640, 360)) },
    { name: 'call.wav', sha256: sha256(tone(3)) },
  ]);
});

test('whoever has a download link saves all of it, and it checks out', async () => {
  const { api, source, folder } = world;
  const { link, id } = await done(
    api.post(`/cases/${caseId}/shares`, source.sender, {
      method: 'download_link',
      format: 'zip',
      scope: { type: 'entire_case' },
    }),
  );
  const { page, context, faults } = await freshPage(world);
  await page.goto(link);
  await page.getByRole('button', { name: 'Open the package' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download everything' }).click(),
  ]);
  const archive = join(folder, download.suggestedFilename());
  await download.saveAs(archive);
  expect(verifiedFiles(archive, folder)).toBe(3);
  await done(api.post(`/shares/${id}/revoke`, source.sender));
  await page.reload();
  await page.getByRole('heading', { name: 'This link was withdrawn' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a user who is named signs in by a mailed code, looks, listens, watches and downloads', async () => {
  const { source, partner, api } = world;
  const id = await give({ recipients: [{ type: 'user', id: partner.user.id }] });
  const { page, context, faults } = await freshPage(world);
  await signInByLink(world, page, partner.user);
  expect(await page.getByRole('listitem').count()).toBe(3);
  await page.getByRole('link', { name: 'Car camera' }).click();
  expect(await previewed(page)).toBe(640);
  await page.goBack();
  await page.getByRole('link', { name: 'Emergency call' }).click();
  expect(Math.round(await previewed(page))).toBe(3);
  await page.goBack();
  await page.getByRole('link', { name: 'Door camera' }).click();
  await page.getByRole('heading', { name: 'Sensitive content' }).waitFor();
  expect(await statusOf(page, `/access/${id}/evidence/${evidence.door}/preview`)).toBe(403);
  await page.getByRole('button', { name: 'Show it' }).click();
  await page.locator('video').waitFor();
  expect(await previewed(page)).toBe(320);
  // The film is the organization's own: a watermark is for copies.
  expect(await page.locator('.watermark').count()).toBe(0);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download the file' }).click(),
  ]);
  expect(readFileSync(await download.path())).toEqual(video);
  await done(api.post(`/shares/${id}/revoke`, source.sender));
  await page.reload();
  await page.getByRole('heading', { name: 'Your access was withdrawn' }).waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('of an entire organization whoever belongs to it finds the case, without a link', async () => {
  const { partner, lives } = world;
  await give({ recipients: 'entire_organization' });
  await accessLink(world, partner.administrator);
  const invited = lives.mail.mails.map(({ to }) => to?.[0]?.address);
  expect(invited).not.toContain(partner.colleague.email);
  const { page, context, faults } = await freshPage(world);
  await page.goto(`${world.api.origin}/sign-in`);
  await page.getByLabel('E-mail address').fill(partner.colleague.email);
  await page.keyboard.press('Enter');
  await enterCode(world, page, partner.colleague);
  await page.waitForURL(/\/access$/);
  await page.getByRole('link', { name: /2026-0142/ }).click();
  await page.getByText('until it is withdrawn').waitFor();
  expect(faults).toEqual([]);
  await context.close();
});

test('a member of a group signs in at the issuer of its organization, and under view only looks', async () => {
  const { partner, provider, api } = world;
  await act(api, OPERATOR, (acting) =>
    setIssuer(acting, partner.organization.slug, provider.issuer),
  );
  provider.visitor = partner.member.email;
  const recipients = [{ type: 'group', id: partner.group.id }];
  const scope = { type: 'selected', evidenceIds: [evidence.car] };
  const id = await give({ recipients, scope, access: 'view' });
  const { page, context, faults } = await freshPage(world);
  await page.goto(await accessLink(world, partner.member));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('link', { name: 'Continue to sign-in' }).click();
  await page.waitForURL(`${api.origin}/access/${id}`);
  expect(await page.getByRole('listitem').count()).toBe(1);
  await page.getByRole('link', { name: 'Car camera' }).click();
  expect(await previewed(page)).toBe(640);
  await page.getByText('Downloads are not part of your access').waitFor();
  const files = `/access/${id}/evidence`;
  expect(await statusOf(page, `${files}/${evidence.car}/content`)).toBe(403);
  expect(await statusOf(page, `${files}/${evidence.call}/preview`)).toBe(404);
  expect(faults).toEqual([]);
  await context.close();
});

describe('a copy', () => {
  let copied: CopiedCase;
  let shareId: string;

  test('arrives at the partner, who owns it, byte for byte', async () => {
    const { api, source, partner } = world;
    const recipients = [
      { type: 'group', id: partner.group.id },
      { type: 'user', email: partner.user.email },
    ];
    const attachments = ['notes', 'markers', 'audit_trail'];
    shareId = await deliverCopy(world, caseId, { recipients, attachments });
    const { data } = await done(api.get('/cases?query=2026-0142', partner.user));
    expect(data).toMatchObject([{ receivedFrom: source.organization.id, evidenceCount: 3 }]);
    copied = {
      source: await readFilled(api, source.sender, caseId),
      target: await readFilled(api, partner.user, data[0].id),
      recipients: { assignee: partner.user.id, all: [partner.group.id, partner.user.id] },
    };
    const headers = { Authorization: `Bearer ${await api.token(partner.user)}` };
    const path = `${api.origin}/api/v1/evidence/${copied.target.evidence.id}`;
    const content = await fetch(`${path}/content`, { headers });
    expect(Buffer.from(await content.arrayBuffer())).toEqual(video);
    const [trail] = copied.target.evidence.attachments;
    const pdf = await fetch(`${path}/attachments/${trail.id}`, { headers });
    expect(
      Buffer.from(await pdf.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe('%PDF-');
  });

  describe('has of its source what the table says:', () => {
    test.each(COPIED_FIELDS.map((field) => [rowName(field)]))('%s', (row) => lookAt(copied, row));
  });

  test('is updated with what was added since, and keeps what the partner did', async () => {
    const { api, source, partner } = world;
    const { target } = copied;
    await done(api.patch(`/evidence/${target.evidence.id}`, partner.user, { title: 'Exhibit 1' }));
    const file = { caseId, fileName: 'late.png', title: 'Late', content: picture(32, 18) };
    await uploadVerified(world, source.sender, file);
    const outOfDate = async () =>
      (await done(api.get(`/cases/${caseId}`, source.sender))).copiesOutOfDate;
    expect(await outOfDate()).toBe(1);
    await done(api.post(`/shares/${shareId}/updates`, source.sender));
    await eventually('the update', async () => (await outOfDate()) === 0, PATIENCE);
    const { data } = await done(api.get(`/cases/${target.case.id}/evidence`, partner.user));
    expect(data.map(({ title }: { title: string }) => title)).toEqual([
      'Exhibit 1',
      'Car camera',
      'Emergency call',
      'Late',
    ]);
  });

  test('is shown with its watermark drawn over the film, on a desktop and on a phone', async () => {
    const { api, source, partner } = world;
    await done(
      api.post(`/cases/${copied.target.case.id}/shares`, partner.administrator, {
        method: 'partner_access',
        partnerOrganizationId: source.organization.id,
        recipients: [{ type: 'user', id: source.sender.id }],
        scope: { type: 'entire_case' },
        access: 'view',
      }),
    );
    const { page, context, faults } = await freshPage(world);
    await signInByLink(world, page, source.sender);
    await page.getByRole('link', { name: 'Exhibit 1' }).click();
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.locator('video').waitFor();
    expect(await previewed(page)).toBe(320);
    const watermark = page.locator('.watermark');
    expect(await watermark.textContent()).toContain('2026-01-02T03:04:05Z Body 3 X-1');
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await isWithin(watermark, page.locator('video'))).toBe(true);
      expect(await accessibilityFaults(page)).toEqual([]);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
    // What a player that fills the screen draws.
    await page.evaluate(`document.querySelector('video').play()`);
    const drawn = await eventually(
      'the track',
      () =>
        page.evaluate<string | undefined>(
          `document.querySelector('video').textTracks[0].activeCues?.[0]?.text`,
        ),
      PATIENCE,
    );
    expect(drawn).toBe('2026-01-02T03:04:05Z Body 3 X-1');
    expect(faults).toEqual([]);
    await context.close();
  });
});
