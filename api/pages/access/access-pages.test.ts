/** The pages of a case that a partner gives access to. */
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Evidence } from '../../../domain/evidence/evidence.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import type { PartnerAccess } from '../../../domain/sharing/partner-access/partner-access.entity.ts';
import {
  buildAccess,
  buildPartnerWithUsers,
  type TestPartner,
} from '../../../test/support/access.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';
import {
  openBrowser,
  signInByMail,
  startPost,
  type TestBrowser,
  type TestPost,
} from '../../../test/support/recipients.ts';

let api: TestApi;
let post: TestPost;
let organization: Organization;
let owner: User;
let inCase: Case;
let evidence: Evidence;
let partner: TestPartner;
let recipient: User;
let share: PartnerAccess;
let browser: TestBrowser;
beforeAll(async () => {
  api = await startApi();
  post = await startPost(api);
  organization = await buildOrganization(api, { name: 'Northfield Police' });
  owner = await buildUser(api, { organization });
  inCase = await buildCase(api, { owner, title: '<b>Burglary</b> & more' });
  evidence = await buildEvidence(api, {
    owner,
    inCase,
    content: Buffer.from('not really a picture'),
    fields: { contentType: 'image/png', fileName: 'door.png', title: 'The <i>door</i>' },
  });
  partner = await buildPartnerWithUsers(api, organization, 1);
  [recipient] = partner.users as [User];
  share = await buildAccess(api, owner, inCase, partner, { message: 'Look at\nthe door.' });
  browser = openBrowser(api);
  await signInByMail(browser, post, share.id, recipient);
});
afterAll(async () => {
  await post.stop();
  await api.stop();
});

const sql = (statement: string, ...values: unknown[]) =>
  api.database.em.fork().execute(statement, values);
const pageOf = ({ id }: { id: string } = share) => `/access/${id}`;
const fileOf = (of: { id: string } = evidence, by: { id: string } = share) =>
  `${pageOf(by)}/evidence/${of.id}`;

test('the case is shown with its message, its end and its evidence, as text and never as markup', async () => {
  const { status, text, headers } = await browser.get(pageOf());
  expect(status).toBe(200);
  for (const shown of [
    'Shared by Northfield Police',
    inCase.caseNumber,
    '&lt;b&gt;Burglary&lt;/b&gt; &amp; more',
    'The &lt;i&gt;door&lt;/i&gt;',
    'Look at\nthe door.',
    'in 89 days',
    'view and download',
    recipient.email,
  ]) {
    expect(text).toContain(shown);
  }
  expect(headers.get('Content-Security-Policy')).toContain("default-src 'none'");
  expect(headers.get('Cache-Control')).toBe('no-store');
});

test.each([
  ['es', 'Compartido por Northfield Police'],
  ['fr', 'Partagé par Northfield Police'],
])('the page speaks %s to who asks for it', async (language, words) => {
  const page = await browser.get(pageOf(), { 'Accept-Language': language });
  expect(page.text).toContain(words);
  expect(page.headers.get('Content-Language')).toBe(language);
});

test('what is long goes on on further pages', async () => {
  const long = await buildCase(api, { owner });
  for (let n = 0; n < 51; n += 1) await buildEvidence(api, { owner, inCase: long });
  const access = await buildAccess(api, owner, long, partner);
  const first = await browser.get(pageOf(access));
  const next = /href="([^"]*\?cursor=[^"#]*)#evidence"/.exec(first.text)?.[1] ?? '';
  const second = await browser.get(next);
  const items = (text: string) => text.match(/<li>/g)?.length;
  expect([items(first.text), items(second.text)]).toEqual([50, 1]);
  expect(second.text).toContain('Back to the beginning');
  expect((await browser.get(`${pageOf(access)}?cursor=%00nonsense`)).status).toBe(200);
});

describe('evidence', () => {
  test('is shown with its details, a preview and a download', async () => {
    const { status, text } = await browser.get(fileOf());
    expect(status).toBe(200);
    expect(text).toContain(`<img class="preview" src="${fileOf()}/preview"`);
    expect(text).toContain(`href="${fileOf()}/content"`);
    expect(text).toContain(evidence.sha256);
    const preview = await browser.get(`${fileOf()}/preview`);
    expect([preview.status, preview.text]).toEqual([200, 'not really a picture']);
    expect(preview.headers.get('Content-Security-Policy')).toContain('sandbox');
    const content = await browser.get(`${fileOf()}/content`);
    expect(content.headers.get('Content-Disposition')).toContain('attachment');
    const range = await browser.get(`${fileOf()}/content`, { Range: 'bytes=4-9' });
    expect([range.status, range.text]).toEqual([206, 'really']);
  });

  test('that is sensitive is not shown before the reader accepts it, in this browser', async () => {
    const fields = { contentType: 'video/mp4', sensitiveContentWarning: true };
    const [sensitive, another] = [
      await buildEvidence(api, { owner, inCase, fields }),
      await buildEvidence(api, { owner, inCase, fields }),
    ];
    const previewOf = async (of: Evidence, by = browser) =>
      (await by.get(`${fileOf(of)}/preview`)).status;
    const warned = await browser.get(fileOf(sensitive));
    expect(warned.text).toContain('marked as sensitive');
    expect(warned.text).not.toContain('/preview"');
    expect(await previewOf(sensitive)).toBe(403);
    const began = await sql(
      `select 1 from audit_events where action = 'evidence.preview_began' and objects @> array[?::uuid]`,
      sensitive.id,
    );
    expect(began).toEqual([]);

    const accepted = await browser.submit(`${fileOf(sensitive)}/accept`);
    expect([accepted.status, accepted.location]).toEqual([303, `${fileOf(sensitive)}#preview`]);
    const page = await browser.get(fileOf(sensitive));
    expect(page.text).toContain(`<video class="preview" src="${fileOf(sensitive)}/preview"`);
    expect([await previewOf(sensitive), await previewOf(another)]).toEqual([200, 403]);
    const elsewhere = openBrowser(api);
    await signInByMail(elsewhere, post, share.id, recipient);
    expect(await previewOf(sensitive, elsewhere)).toBe(403);

    await browser.submit(`${fileOf(sensitive)}/accept`);
    const events = await sql(
      `select 1 from audit_events where action = 'evidence.warning_accepted' and objects @> array[?::uuid]`,
      sensitive.id,
    );
    expect(events).toHaveLength(1);
  });

  test('is accepted by nobody who may not view it, nor by a form of another site', async () => {
    const fields = { contentType: 'video/mp4', sensitiveContentWarning: true };
    const foreign = await buildEvidence(api, { owner, fields });
    expect((await browser.submit(`${fileOf(foreign)}/accept`)).status).toBe(404);
    const sensitive = await buildEvidence(api, { owner, inCase, fields });
    const path = `${fileOf(sensitive)}/accept`;
    expect((await openBrowser(api).submit(path)).status).toBe(401);
    expect((await browser.submit(path, {}, { 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
    expect((await browser.get(`${fileOf(sensitive)}/preview`)).status).toBe(403);
  });

  test('of access to view has no download, neither on the page nor behind it', async () => {
    const viewing = await buildAccess(api, owner, inCase, partner, { access: 'view' });
    const page = await browser.get(fileOf(evidence, viewing));
    expect(page.text).toContain('Downloads are not part of your access');
    expect(page.text).not.toContain('/content"');
    expect((await browser.get(`${fileOf(evidence, viewing)}/preview`)).status).toBe(200);
    expect((await browser.get(`${fileOf(evidence, viewing)}/content`)).status).toBe(403);
  });

  test('that cannot be shown in place can be downloaded', async () => {
    const fields = { contentType: 'image/svg+xml', fileName: 'plan.svg' };
    const plan = await buildEvidence(api, { owner, inCase, fields });
    expect((await browser.get(fileOf(plan))).text).toContain('There is no preview');
    expect((await browser.get(`${fileOf(plan)}/preview`)).status).toBe(415);
    expect((await browser.get(`${fileOf(plan)}/content`)).status).toBe(200);
  });

  test('that is not shown by this share does not exist', async () => {
    const elsewhere = await buildEvidence(api, { owner });
    for (const path of ['', '/preview', '/content']) {
      expect((await browser.get(`${fileOf(elsewhere)}${path}`)).status).toBe(404);
    }
    for (const path of ['/access/nonsense', `${pageOf()}/evidence/nonsense`, pageOf(elsewhere)]) {
      expect((await browser.get(path)).status).toBe(404);
    }
  });
});

test.each([
  [
    'has expired',
    'update shares set expires_at = clock_timestamp() where id = ?',
    410,
    'has ended',
  ],
  [
    'was revoked',
    'update shares set revoked_at = clock_timestamp() where id = ?',
    410,
    'withdrawn',
  ],
  [
    'names the reader no longer',
    'update share_recipients set removed_at = clock_timestamp() where share_id = ?',
    404,
    'nothing at this address',
  ],
])('a share that %s opens no page and no file', async (_, end, status, words) => {
  const ended = await buildAccess(api, owner, inCase, partner);
  expect((await browser.get(pageOf(ended))).status).toBe(200);
  await sql(end, ended.id);
  for (const rest of ['', `/evidence/${evidence.id}`]) {
    const page = await browser.get(`${pageOf(ended)}${rest}`);
    expect([page.status, page.text.includes(words)]).toEqual([status, true]);
    expect(page.text).not.toContain('Burglary');
  }
  for (const mode of ['preview', 'content']) {
    const program = await browser.get(`${fileOf(evidence, ended)}/${mode}`, { Accept: '*/*' });
    expect(program.status).toBe(status);
    expect(program.headers.get('Content-Type')).toContain('problem+json');
  }
});

test('without a sign-in there is no page, no file, and no sign that there is one', async () => {
  const stranger = openBrowser(api);
  const paths = [pageOf(), fileOf(), `${fileOf()}/preview`, `${fileOf()}/content`];
  const missing = '/access/01890000-0000-7000-8000-000000000000';
  const statuses = await Promise.all([...paths, missing].map((path) => stranger.get(path)));
  expect(statuses.map(({ status }) => status)).toEqual([401, 401, 401, 401, 401]);
});
