import { pointersOf } from '../../test/support/answers.ts';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  accessTokenOf,
  buildIntegration,
  callAs,
  type TestApiClient,
} from '../../test/support/api-clients.ts';
import { buildCategory, buildUser, unique } from '../../test/support/factories.ts';

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
const change = (id: string, body: object) => callAs(api, token, 'patch', `/${id}`, body);
const neighbour = () => ({ firstName: 'Robin', email: `${unique('n')}@example.test` });

async function portalRow(id: string): Promise<Record<string, unknown>> {
  const [row] = await api.database.em
    .fork()
    .execute<Record<string, unknown>[]>('select * from portals where id = ?', [id]);
  return row ?? {};
}

describe('creating', () => {
  test('takes nothing, and gives the portal to the owners of the integration', async () => {
    const owner = await colleague();
    await api.put('/settings/incident-report-integration', client.administrator, {
      requestOwnerId: owner.id,
      evidenceOwnerId: client.administrator.id,
    });
    const made = await create({});
    expect([made.status, made.body]).toEqual([
      201,
      { portalId: expect.any(String), status: 'open' },
    ]);
    expect(await portalRow(made.body.portalId)).toMatchObject({
      kind: 'incident_report',
      api_client_id: client.id,
      owner_id: owner.id,
      evidence_owner_id: client.administrator.id,
      created_by: null,
    });
  });

  test('takes everything, categories by name or id and owners by address', async () => {
    const [requestOwner, evidenceOwner] = [await colleague(), await colleague()];
    const [one, other] = [
      await buildCategory(api, organization(), { name: 'Burglary' }),
      await buildCategory(api, organization()),
    ];
    const made = await create({
      ...{ id: 'R-1', title: 'Broken window', description: 'At night.\nNobody was hurt.' },
      categories: ['burglary', other.id, 'BURGLARY'],
      requestOwner: requestOwner.email.toUpperCase(),
      evidenceOwner: evidenceOwner.email,
      communityMember: { ...neighbour(), language: 'fr' },
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ status: 'open', expiresAt: expect.any(String) });
    expect(made.body.inviteLink).toMatch(new RegExp(`^${api.publicUrl}/i/[A-Za-z0-9_-]{43}$`));
    const shown = await change(made.body.portalId, {});
    expect(shown.body).toMatchObject({
      ...{ id: 'R-1', title: 'Broken window', description: 'At night.\nNobody was hurt.' },
      categories: [
        { id: one.id, name: 'Burglary' },
        { id: other.id, name: other.name },
      ],
      requestOwner: requestOwner.email,
      evidenceOwner: evidenceOwner.email,
    });
  });

  test('is refused with every fault at once', async () => {
    const elsewhere = await buildUser(api);
    const gone = await colleague();
    await api.delete(`/users/${gone.id}`, client.administrator);
    await buildCategory(api, { id: elsewhere.organizationId }, { name: 'Theirs' });
    const refused = await create({
      categories: ['Theirs', crypto.randomUUID()],
      requestOwner: elsewhere.email,
      evidenceOwner: gone.email,
      communityMember: {},
      sendInvite: true,
    });
    expect(refused.status).toBe(422);
    expect(pointersOf(refused)).toEqual([
      '/requestOwner',
      '/evidenceOwner',
      '/categories/0',
      '/categories/1',
      '/communityMember/email',
    ]);
    const shapes = await create({
      ...{ id: 'x'.repeat(76), title: 'x'.repeat(128), description: 'x'.repeat(2_001) },
      ...{ slug: 'mine', organizationId: crypto.randomUUID() },
    });
    expect(pointersOf(shapes)).toEqual([
      '/id',
      '/title',
      '/description',
      '/slug',
      '/organizationId',
    ]);
    expect(pointersOf(await create({ sendInvite: true }))).toEqual(['/communityMember']);
  });

  test('is done once for the client’s own id, and says which portal that has', async () => {
    const made = await create({ id: 'R-1' });
    const again = await create({ id: 'R-1', title: 'Another' });
    expect([again.status, again.body.code, again.body.portalId]).toEqual([
      409,
      'already-exists',
      made.body.portalId,
    ]);
    const answers = await Promise.all(Array.from({ length: 10 }, () => create({ id: 'R-2' })));
    const [first, ...others] = answers.toSorted((a, b) => a.status - b.status);
    expect(first?.status).toBe(201);
    for (const { status, body } of others) {
      expect([status, body.portalId]).toEqual([409, first?.body.portalId]);
    }
    const other = await buildIntegration(api);
    const theirs = await callAs(api, await accessTokenOf(api, other), 'post', '', { id: 'R-1' });
    expect(theirs.status).toBe(201);
  });

  test('under a key gives the first answer again, with the link that was kept nowhere', async () => {
    const key = { 'Idempotency-Key': unique('key') };
    const body = { id: 'R-1', communityMember: neighbour() };
    const made = await create(body, key);
    const again = await create(body, key);
    expect([again.status, again.body]).toEqual([201, made.body]);
    expect(again.headers.get('Idempotency-Replayed')).toBe('true');
    const reused = await create({ id: 'R-2' }, key);
    expect([reused.status, reused.body.code]).toEqual([409, 'idempotency-key-reused']);
    const kept = await api.database.em.fork().execute('select body from idempotency_keys');
    expect(JSON.stringify(kept)).not.toContain(made.body.inviteLink.slice(-43));
  });

  test('waits until the integration has owners who are there', async () => {
    const [owner, late] = [await colleague(), await buildIntegration(api)];
    await api.put('/settings/incident-report-integration', client.administrator, {
      requestOwnerId: owner.id,
      evidenceOwnerId: owner.id,
    });
    await api.delete(`/users/${owner.id}`, client.administrator);
    const refused = await create({});
    expect([refused.status, refused.body.code]).toEqual([409, 'wrong-state']);
    const { email } = client.administrator;
    expect((await create({ requestOwner: email, evidenceOwner: email })).status).toBe(201);
    await api.database.em
      .fork()
      .execute('delete from incident_report_integrations where organization_id = ?', [
        late.partnerId,
      ]);
    const unset = await callAs(api, await accessTokenOf(api, late), 'post', '', {});
    expect([unset.status, unset.body.code]).toEqual([409, 'wrong-state']);
  });

  test('obeys what the organization requires and hides of incidents and people', async () => {
    const set = await api.put('/settings/individual-invites', client.administrator, {
      incidentInfo: { id: 'required', categories: 'required', description: 'hidden' },
      contactInfo: { store: true, required: ['last_name', 'phone'], dateOfBirth: 'hidden' },
      ...{ autoAccept: false, reminders: false },
    });
    expect(set.status).toBe(200);
    const refused = await create({
      description: 'x',
      communityMember: { firstName: 'Robin', dateOfBirth: '1990-01-31' },
    });
    expect(pointersOf(refused).toSorted()).toEqual([
      ...['/categories', '/communityMember/dateOfBirth', '/communityMember/lastName'],
      ...['/communityMember/phone', '/description', '/id'],
    ]);
    const category = await buildCategory(api, organization());
    const made = await create({
      ...{ id: 'R-1', categories: [category.id] },
      communityMember: { lastName: 'Doe', phone: '+1 555 0100 200' },
    });
    expect(made.status).toBe(201);
    expect((await change(made.body.portalId, {})).body).not.toHaveProperty('description');
    expect(pointersOf(await change(made.body.portalId, { description: 'x' }))).toEqual([
      '/description',
    ]);
  });

  test('takes the default category for one where a category is required', async () => {
    const { administrator } = client;
    const category = await buildCategory(api, organization());
    await api.put('/settings/individual-invites', administrator, {
      incidentInfo: { id: 'optional', categories: 'required', description: 'optional' },
      contactInfo: { store: true, required: [], dateOfBirth: 'optional' },
      ...{ autoAccept: false, reminders: false },
    });
    expect(pointersOf(await create({}))).toEqual(['/categories']);
    await api.put('/settings/incident-report-integration', administrator, {
      ...{ requestOwnerId: administrator.id, evidenceOwnerId: administrator.id },
      defaultCategoryId: category.id,
    });
    expect((await create({})).status).toBe(201);
  });
});

test('a client is told to slow down before it is too much', async () => {
  await api.database.em
    .fork()
    .execute(`update rate_limits set points = 600 where key like 'client-call:%'`);
  await create({});
  await api.database.em
    .fork()
    .execute(`update rate_limits set points = 600 where key like 'client-call:%'`);
  const refused = await create({});
  expect([refused.status, refused.body.code]).toEqual([429, 'too-many-requests']);
  expect(Number(refused.headers.get('Retry-After'))).toBeGreaterThan(0);
});

test('without the feature the calls are refused, and that is on record', async () => {
  const sql = async (statement: string) =>
    api.database.em.fork().execute<{ content: string }[]>(statement, [client.partnerId]);
  await sql(`update organizations set features = '{communityRequest}' where id = ?`);
  const refused = await create({});
  expect([refused.status, refused.body.missing]).toEqual([403, ['communityRequestPlus']]);
  const [event] = await sql(
    `select content from audit_events where action = 'api_client.refused' and organization_id = ?`,
  );
  expect(JSON.parse(event?.content ?? '{}')).toMatchObject({
    actor: { kind: 'api_client', id: client.id },
    outcome: 'refused',
    reason: 'feature-missing',
  });
});

test('nothing personal of a community member is in the audit of what was asked for', async () => {
  const member = { ...neighbour(), firstName: 'Quetzal' };
  const made = await create({ communityMember: member });
  const events = await api.database.em
    .fork()
    .execute('select content from audit_events where objects @> array[?::uuid]', [
      made.body.inviteId,
    ]);
  expect(events.length).toBeGreaterThan(0);
  expect(JSON.stringify(events)).not.toMatch(/Quetzal|example\.test/);
});
