/** Two organizations and everything real between them: API, worker, mail, an issuer, a browser. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { freePort } from '../../dev/servers/ports.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { Group, User } from '../../domain/identity/user.entity.ts';
import type { TestAnswer, TestApi } from './api.ts';
import { type OpenedPage, openPage, startBrowser } from './browser.ts';
import { eventually } from './eventually.ts';
import { buildGroup, buildOrganization, buildUser } from './factories.ts';
import { startIdentityProvider, type TestIdentityProvider } from './identity-provider.ts';
import { startLives, type TestLives } from './lives.ts';
import { type SentFile, uploadFile } from './uploads.ts';

/** Two organizations that do not know each other yet, and the API that both use. */
export interface SharingSides {
  readonly api: TestApi;
  readonly source: { readonly organization: Organization; readonly sender: User };
  readonly partner: {
    readonly organization: Organization;
    readonly administrator: User;
    /** Somebody without rights of an administrator, as are those below. */
    readonly user: User;
    readonly group: Group;
    /** The only one in the group. */
    readonly member: User;
    /** Whom nobody names. */
    readonly colleague: User;
  };
}

export interface SharingWorld extends SharingSides {
  readonly lives: TestLives;
  readonly browser: Browser;
  /** Signs users in of organizations that are told to use it. */
  readonly provider: TestIdentityProvider;
  /** For what browsers save. */
  readonly folder: string;
  stop(): Promise<void>;
}

/** The case that is shared, with every field that a case has. */
export const SHARED_CASE = {
  caseNumber: '2026-0142',
  title: 'Burglary, Mill Road',
  description: 'Entry through the back door.',
  tags: ['burglary', 'night'],
  policeNumber: 'P-1',
  accused: 'A. Nonymous',
  courtNumber: 'C-1',
};

export async function buildSides(api: TestApi): Promise<SharingSides> {
  const organization = await buildOrganization(api, { name: 'Westbrook Police' });
  const person = (name: string, roles: readonly string[]) =>
    buildUser(api, { organization, name, roles });
  const member = await person('Mia Member', ['auditor']);
  const source = await buildOrganization(api, { name: 'Northfield Police' });
  return {
    api,
    source: {
      organization: source,
      sender: await buildUser(api, { organization: source, name: 'Sam Sender' }),
    },
    partner: {
      organization,
      administrator: await person('Ada Administrator', ['administrator']),
      user: await person('Uma User', ['investigator']),
      group: await buildGroup(api, organization, [member]),
      member,
      colleague: await person('Cal Colleague', ['auditor']),
    },
  };
}

/** Starts everything for a test file. */
export async function startSharingWorld(): Promise<SharingWorld> {
  // Mails name the address, and the issuer leads back to it: it has to be known before.
  const port = await freePort();
  const publicUrl = `http://127.0.0.1:${port}`;
  const provider = await startIdentityProvider(`${publicUrl}/sign-in/callback`);
  const lives = await startLives({
    variables: {
      CASEBRIDGE_PUBLIC_URL: publicUrl,
      CASEBRIDGE_PORT: String(port),
      SIGN_IN_CLIENTS: JSON.stringify({ [provider.issuer]: provider.client }),
    },
  });
  const browser = await startBrowser();
  const folder = mkdtempSync(join(tmpdir(), 'casebridge-sharing-'));
  return {
    ...(await buildSides(lives.api)),
    ...{ lives, browser, provider, folder },
    async stop() {
      await browser.close();
      await lives.stop();
      await provider.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Seconds that a worker is given on a busy machine for what it does in one. */
export const PATIENCE = 60;

/** The body of an answer that is no refusal. */
export async function done(answer: Promise<TestAnswer>): Promise<TestAnswer['body']> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Invites and accepts, over the API; both may send and receive. Gives the partnership's id. */
export async function becomePartners({ api, source, partner }: SharingSides): Promise<string> {
  const both = { maySendTo: true, mayReceiveFrom: true };
  const { id } = await done(
    api.post('/partners', source.sender, { organizationSlug: partner.organization.slug, ...both }),
  );
  await done(api.post(`/partners/${id}/accept`, partner.administrator, both));
  return id;
}

/** Uploads a file to a case and waits until it counts; gives the evidence's id. */
export async function uploadVerified(
  { api }: Pick<SharingSides, 'api'>,
  as: User,
  file: SentFile,
): Promise<string> {
  const { evidenceId } = await uploadFile(api, as, file);
  await eventually(
    'the file to be verified',
    async () => (await done(api.get(`/evidence/${evidenceId}`, as))).state === 'active',
    PATIENCE,
  );
  return evidenceId;
}

/** Gives the partner access to a case, to view and download all of it unless told otherwise; gives the share's id. */
export async function giveAccess(
  { api, source, partner }: SharingSides,
  caseId: string,
  fields: object,
): Promise<string> {
  const { id } = await done(
    api.post(`/cases/${caseId}/shares`, source.sender, {
      method: 'partner_access',
      partnerOrganizationId: partner.organization.id,
      scope: { type: 'entire_case' },
      access: 'view_and_download',
      ...fields,
    }),
  );
  return id;
}

/** Shares a copy with the partner's user, and waits for it; gives the share's id. */
export async function deliverCopy(
  { api, source, partner }: SharingSides,
  caseId: string,
  fields: object = {},
): Promise<string> {
  const { id } = await done(
    api.post(`/cases/${caseId}/shares`, source.sender, {
      method: 'copy',
      partnerOrganizationId: partner.organization.id,
      recipients: [{ type: 'user', email: partner.user.email }],
      scope: { type: 'entire_case' },
      ...fields,
    }),
  );
  const isDelivered = async () =>
    (await done(api.get(`/shares/${id}`, source.sender))).state === 'delivered';
  await eventually('the copy', isDelivered, PATIENCE);
  return id;
}

/** What a pattern finds in the newest mail to somebody that has it. */
async function mailed(
  { lives }: Pick<SharingWorld, 'lives'>,
  { email }: Pick<User, 'email'>,
  pattern: RegExp,
): Promise<string> {
  return eventually(
    `a mail to ${email}`,
    () =>
      lives.mail.mails
        .filter(({ to }) => to?.[0]?.address === email)
        .flatMap(({ text }) => pattern.exec(text ?? '')?.[1] ?? [])
        .at(-1),
    PATIENCE,
  );
}

/** The address that a recipient of partner access was mailed last. */
export async function accessLink(world: SharingWorld, user: User): Promise<string> {
  return mailed(world, user, /(http:\S+\/a\/[\w-]{43})/);
}

/** A browser in which nobody is signed in. */
export async function freshPage(
  { api, browser, provider }: SharingWorld,
  options: Parameters<typeof openPage>[2] = {},
): Promise<OpenedPage> {
  return openPage(browser, [api.origin, provider.issuer], options);
}

/** Enters the code that somebody was mailed; the page asks for it. */
export async function enterCode(world: SharingWorld, page: Page, user: User): Promise<void> {
  await page.getByLabel('Code').fill(await mailed(world, user, /^(\d{8})$/m));
  await page.keyboard.press('Enter');
}

/** Opens the link that somebody was mailed, and signs in by a code. */
export async function signInByLink(world: SharingWorld, page: Page, user: User): Promise<void> {
  await page.goto(await accessLink(world, user));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await enterCode(world, page, user);
  await page.waitForURL(/\/access\/[\w-]+$/);
}
