/** The page of an invite in a real browser. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import type { InviteId, PortalId } from '../../domain/ids.ts';
import { inviteToken } from '../../domain/portals/invites/invite-links.ts';
import { watchPage } from './browser.ts';
import { buildInvite, type TestInvite } from './portals.ts';
import type { UploaderWorld } from './uploader-page.ts';

/** An invite whose page is open in a browser. */
export interface OpenInvite {
  readonly invite: TestInvite;
  readonly context: BrowserContext;
  readonly page: Page;
  /** What the browser complained of, and addresses that are neither ours nor the store's. */
  readonly faults: string[];
}

/** A phone that is held in one hand. */
const PHONE = {
  viewport: { width: 360, height: 740 },
  hasTouch: true,
  isMobile: true,
  deviceScaleFactor: 2,
} as const;

/** Opens a page of the world that may ask of us and of the store, and of nobody else. */
export async function openQuietly(
  world: UploaderWorld,
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] = {},
): Promise<Omit<OpenInvite, 'invite'>> {
  const context = await browser.newContext({ locale: 'en-GB', ...PHONE, ...options });
  const page = await context.newPage();
  const faults = watchPage(page, [world.origin, String(world.api.config.S3_PUBLIC_ENDPOINT)]);
  return { context, page, faults };
}

/** Opens an invite by its link, to where its files are chosen; on a phone unless told otherwise. */
export async function openInvitePage(
  world: UploaderWorld,
  browser: Browser,
  options: Parameters<Browser['newContext']>[0] & { readonly invite?: TestInvite } = {},
): Promise<OpenInvite> {
  const { invite: given, ...contextOptions } = options;
  const invite = given ?? (await buildInvite(world.api));
  const opened = await openQuietly(world, browser, contextOptions);
  await opened.page.goto(`${world.origin}${invite.path}`);
  await opened.page.locator('form button').tap();
  await opened.page.waitForURL(`${world.origin}/invites/${invite.id}`);
  return { invite, ...opened };
}

/** The newest invite of a portal, with `/i/` and its token, as it was sent. */
export async function newestInvite(
  { api }: UploaderWorld,
  portalId: PortalId,
): Promise<{ readonly id: InviteId; readonly path: string }> {
  const em = api.database.em.fork();
  const [row] = await em.execute<{ id: InviteId }[]>(
    'select id from invites where portal_id = ? order by id desc limit 1',
    [portalId],
  );
  if (row === undefined) throw new Error('the portal has no invite');
  const token = await inviteToken(em, api.linkKeys, row.id, 1);
  return { id: row.id, path: `/i/${token}` };
}
