import { pointersOf } from '../../test/support/answers.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  accessTokenOf,
  buildIntegration,
  callAs,
  type TestApiClient,
} from '../../test/support/api-clients.ts';
import { buildUser, unique } from '../../test/support/factories.ts';

let api: TestApi;
let client: TestApiClient;
let token: string;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  client = await buildIntegration(api);
  token = await accessTokenOf(api, client);
});
afterAll(() => api.stop());

const organization = () => ({ id: client.administrator.organizationId });
const colleague = () => buildUser(api, { organization: organization() });
const create = (body: object, headers = {}) => callAs(api, token, 'post', '', body, headers);
const change = (id: string, body: object, headers = {}) =>
  callAs(api, token, 'patch', `/${id}`, body, headers);
const invite = (id: string, body: object, headers = {}) =>
  callAs(api, token, 'post', `/${id}/invite-link`, body, headers);
const neighbour = () => ({ firstName: 'Robin', email: `${unique('n')}@example.test` });

describe('changing', () => {
  let portalId: string;
  beforeEach(async () => {
    portalId = (await create({ id: 'R-1', title: 'Broken window' })).body.portalId;
  });

  test('changes what is named, and nothing else, on top of what was read', async () => {
    const owner = await colleague();
    const read = await change(portalId, {});
    const etag = { 'If-Match': read.headers.get('ETag') ?? '' };
    const changed = await change(portalId, { title: null, requestOwner: owner.email }, etag);
    expect(changed.body).toEqual({
      ...read.body,
      title: null,
      requestOwner: owner.email,
      updatedAt: expect.any(String),
    });
    expect((await change(portalId, { title: 'Late' }, etag)).status).toBe(412);
    expect((await change(portalId, { status: 'closed' }, etag)).status).toBe(412);
  });

  test('refuses an owner or a category that is not the organization’s', async () => {
    const elsewhere = await buildUser(api);
    const refused = await change(portalId, { evidenceOwner: elsewhere.email, categories: ['x'] });
    expect(pointersOf(refused)).toEqual(['/evidenceOwner', '/categories/0']);
    expect(pointersOf(await change(portalId, { status: 'open', id: 'R-2' }))).toEqual([
      '/status',
      '/id',
    ]);
  });

  test('closes for good, and closing again is the same', async () => {
    const closed = await change(portalId, { title: 'Done', status: 'closed' });
    expect(closed.body).toMatchObject({ title: 'Done', status: 'closed' });
    expect((await change(portalId, { status: 'closed' })).body).toEqual(closed.body);
    for (const refused of [
      await change(portalId, { title: 'x' }),
      await invite(portalId, { communityMember: neighbour() }),
    ]) {
      expect([refused.status, refused.body.code]).toEqual([409, 'wrong-state']);
    }
  });
});

describe('inviting', () => {
  let portalId: string;
  beforeEach(async () => {
    portalId = (await create({})).body.portalId;
  });

  test('gives a link that opens, and a second one beside it', async () => {
    const [one, other] = [
      await invite(portalId, { communityMember: neighbour() }),
      await invite(portalId, { communityMember: neighbour() }),
    ];
    expect([one.status, other.status]).toEqual([201, 201]);
    expect(one.body.inviteId).not.toBe(other.body.inviteId);
    for (const { body } of [one, other]) {
      const page = await fetch(body.inviteLink.replace(api.publicUrl, api.origin));
      expect(page.status).toBe(200);
    }
  });

  test('under a key gives the first answer again', async () => {
    const key = { 'Idempotency-Key': unique('key') };
    const body = { communityMember: neighbour() };
    const made = await invite(portalId, body, key);
    expect((await invite(portalId, body, key)).body).toEqual(made.body);
  });

  test('sends the link by mail, or by text message where there is a webhook', async () => {
    const mailed = await invite(portalId, { communityMember: neighbour(), sendInvite: true });
    expect(mailed.status).toBe(201);
    const byText = { communityMember: { phone: '+15550100200' }, sendInvite: true };
    const refused = await invite(portalId, byText);
    expect([refused.status, pointersOf(refused)]).toEqual([422, ['/sendInvite']]);
    await api.patch('/organization', client.administrator, {
      smsWebhook: 'https://sms.example.test/hook',
    });
    const texted = await invite(portalId, byText);
    expect(texted.status).toBe(201);
    const rows = await api.database.em
      .fork()
      .execute<{ delivery: string }[]>(
        'select delivery from invites where portal_id = ? order by id',
        [portalId],
      );
    expect(rows.map(({ delivery }) => delivery)).toEqual(['email', 'sms']);
  });

  test('needs a community member', async () => {
    expect(pointersOf(await invite(portalId, {}))).toEqual(['/communityMember']);
    expect(pointersOf(await invite(portalId, { communityMember: {}, sendInvite: true }))).toEqual([
      '/communityMember/email',
    ]);
  });
});
