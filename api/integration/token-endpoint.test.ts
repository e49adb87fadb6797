import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  accessTokenOf,
  askForToken,
  buildIntegration,
  callAs,
  type TestApiClient,
} from '../../test/support/api-clients.ts';

let api: TestApi;
let client: TestApiClient;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  await api.database.em.fork().execute('delete from rate_limits');
  client = await buildIntegration(api);
});
afterAll(() => api.stop());

const credentials = () => ({
  grant_type: 'client_credentials',
  client_id: client.id,
  client_secret: client.secret,
});
const create = (token: string, body: object = {}) => callAs(api, token, 'post', '', body);

describe('a client', () => {
  test('gets a token for an hour, for its three scopes, which is kept nowhere', async () => {
    const { status, headers, body } = await askForToken(api, credentials());
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/),
      token_type: 'Bearer',
      expires_in: 3600,
      scope: 'incident-report:create incident-report:update incident-report:invite',
    });
    expect([headers.get('Cache-Control'), headers.get('Pragma')]).toEqual(['no-store', 'no-cache']);
    expect((await create(body.access_token)).status).toBe(201);
    const rows = await api.database.em.fork().execute(
      `select string_agg(t::text, ' ') as everything from (
         select to_json(t)::text as t from api_tokens t union all select to_json(s)::text from api_client_secrets s
         union all select content from audit_events) as t`,
    );
    const hex = (text: string) => Buffer.from(text).toString('hex');
    for (const secret of [body.access_token, client.secret]) {
      expect(JSON.stringify(rows)).not.toContain(secret);
      expect(JSON.stringify(rows)).not.toContain(hex(secret));
    }
  });

  test('may say who it is by HTTP Basic, and which partner it is of', async () => {
    const Authorization = `Basic ${Buffer.from(`${client.id}:${client.secret}`).toString('base64')}`;
    const form = { grant_type: 'client_credentials', partner_id: client.partnerId };
    expect((await askForToken(api, form, { Authorization })).status).toBe(200);
  });

  test('may ask for less than it may do', async () => {
    const { body } = await askForToken(api, { ...credentials(), scope: 'incident-report:update' });
    expect(body.scope).toBe('incident-report:update');
    const refused = await create(body.access_token);
    expect([refused.status, refused.body.code]).toEqual([403, 'permission-missing']);
    expect(refused.headers.get('WWW-Authenticate')).toBe(
      'Bearer realm="casebridge", error="insufficient_scope", scope="incident-report:create"',
    );
  });

  test('is refused alike, whatever of what it says is wrong', async () => {
    const other = await buildIntegration(api);
    const wrong = [
      { client_secret: other.secret },
      { client_secret: `${client.secret}x` },
      { client_id: other.id },
      { client_id: crypto.randomUUID() },
      { client_id: 'not an id' },
      { partner_id: other.partnerId },
      { partner_id: 'x' },
    ];
    const answers = [];
    for (const one of wrong) answers.push(await askForToken(api, { ...credentials(), ...one }));
    for (const { status, headers, body } of answers) {
      expect([status, headers.get('WWW-Authenticate')]).toEqual([401, 'Basic realm="casebridge"']);
      expect(body).toEqual({
        error: 'invalid_client',
        error_description: 'These are not the credentials of a client.',
      });
    }
  });

  test('that guesses is stopped, and told for how long', async () => {
    const guess = () => askForToken(api, { ...credentials(), client_secret: 'a guess' });
    const statuses = [];
    for (let tries = 0; tries < 31; tries += 1) statuses.push((await guess()).status);
    expect(statuses).toEqual([...Array.from({ length: 30 }, () => 401), 429]);
    const last = await guess();
    expect(Number(last.headers.get('Retry-After'))).toBeGreaterThan(0);
    expect(last.body.error).toBe('temporarily_unavailable');
  });
});

describe('what is no request for a token', () => {
  test.each<readonly [string, string, Record<string, string>]>([
    ['JSON', '{"grant_type":"client_credentials"}', { 'Content-Type': 'application/json' }],
    ['no type', 'x', { 'Content-Type': '' }],
    ['a body that is too long', 'x'.repeat(20_000), {}],
    ['a body that is not packed as it says', 'x', { 'Content-Encoding': 'gzip' }],
  ])('is refused as RFC 6749 says: %s', async (_, form, headers) => {
    const answer = await askForToken(api, form, headers);
    expect([answer.status, answer.body.error]).toEqual([400, 'invalid_request']);
    expect(answer.headers.get('Content-Type')).toContain('application/json');
  });
});

describe('a token', () => {
  test('opens nothing once it has expired', async () => {
    const token = await accessTokenOf(api, client);
    expect((await create(token)).status).toBe(201);
    await api.database.em
      .fork()
      .execute('update api_tokens set expires_at = clock_timestamp() where expires_at > now()');
    const refused = await create(token);
    expect([refused.status, refused.body.code]).toEqual([401, 'not-signed-in']);
    expect(refused.headers.get('WWW-Authenticate')).toContain('error="invalid_token"');
  });

  test('is asked for where there is none, without naming an error', async () => {
    const answer = await api.post('!/api/pes-portals/incident-report', null, {});
    expect(answer.status).toBe(401);
    expect(answer.headers.get('WWW-Authenticate')).toBe('Bearer realm="casebridge"');
  });

  test('of staff is none of a client', async () => {
    expect((await create(await api.token(client.administrator))).status).toBe(401);
  });
});
