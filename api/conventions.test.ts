/** What holds for every route: problems, tokens, lists. */
import type { Organization } from '../domain/identity/organization.entity.ts';
import type { User } from '../domain/identity/user.entity.ts';
import { pointersOf } from '../test/support/answers.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { buildOrganization, buildUser, unique } from '../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let user: User;
beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  user = await buildUser(api, { organization });
});
afterAll(() => api.stop());

describe('problems', () => {
  test('name every fault of a request at once, and every unknown field', async () => {
    const answer = await api.patch('/organization?colour=red', user, {
      name: '',
      timeZone: 'Mars/Olympus',
      defaultLinkDays: 0,
      maximumLinkDays: 366,
      fileExtensions: ['mp4', 'not an extension'],
      terms: { en: 'Yes', tlh: 'HISlaH' },
      slug: 'stolen',
      features: ['caseShare'],
    });
    expect(answer.status).toBe(422);
    expect(answer.headers.get('Content-Type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({
      type: '/problems/validation-failed',
      code: 'validation-failed',
      status: 422,
      requestId: answer.headers.get('X-Request-Id'),
    });
    expect(pointersOf(answer).sort()).toEqual([
      '/defaultLinkDays',
      '/features',
      '/fileExtensions/1',
      '/maximumLinkDays',
      '/name',
      '/slug',
      '/terms/tlh',
      '/timeZone',
      '?colour',
    ]);
  });

  test.each([
    ['a NUL', 'a\u0000b'],
    ['a line break', 'a\r\nb'],
    ['nothing but spaces', '   '],
    ['300 characters', 'x'.repeat(300)],
    ['half a surrogate pair', 'x\ud800'],
    ['a number', 5],
    ['null', null],
  ])('refuse a name that is %s', async (_, name) => {
    const answer = await api.post('/groups', user, { name });
    expect(answer.status).toBe(422);
    expect(answer.body.errors[0].pointer).toBe('/name');
  });

  test('tell malformed JSON, a wrong content type, an unknown address and a wrong method', async () => {
    const authorization = { Authorization: `Bearer ${await api.token(user)}` };
    const send = (path: string, init: RequestInit) =>
      fetch(`${api.origin}${path}`, {
        ...init,
        headers: new Headers([...Object.entries(authorization), ...new Headers(init.headers)]),
      });
    const json = { 'Content-Type': 'application/json' };
    const answers = await Promise.all([
      send('/api/v1/groups', { method: 'POST', body: '{"name":', headers: json }),
      send('/api/v1/groups', { method: 'POST', body: '"name"', headers: json }),
      send('/api/v1/groups', { method: 'POST', body: `"${'x'.repeat(2 ** 21)}"`, headers: json }),
      send('/api/v1/groups', {
        method: 'POST',
        body: 'name=x',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      }),
      send('/api/v1/groups', {
        method: 'POST',
        body: '<name/>',
        headers: { 'Content-Type': 'text/xml' },
      }),
      send('/api/v1/organization', {
        method: 'PATCH',
        body: '{"name":"x"}',
        headers: { 'Content-Type': 'application/merge-patch+json' },
      }),
      send('/api/v1/nothing', {}),
      send('/api/v1/groups', { method: 'PATCH', body: '{}', headers: json }),
      send('/api/v1/users/..%2f..%2fetc', {}),
    ]);
    const problems = await Promise.all(
      answers.map(async (answer) => (await answer.json()) as { status: number; code: string }),
    );
    expect(problems.map(({ status, code }) => [status, code])).toEqual([
      [400, 'malformed-request'],
      [400, 'malformed-request'],
      [413, 'body-too-large'],
      [415, 'unsupported-media-type'],
      [415, 'unsupported-media-type'],
      [415, 'unsupported-media-type'],
      [404, 'not-found'],
      [405, 'method-not-allowed'],
      [404, 'not-found'],
    ]);
    expect(answers[7]?.headers.get('Allow')).toContain('POST');
  });
});

describe('ordinary bad input is no error of ours', () => {
  const upload = { fileName: 'a.mp4', size: 1 };
  test.each([
    ['a media type beyond ASCII', '/evidence/uploads', { ...upload, contentType: 'a/b; c="é"' }],
    ['a media type of two lines', '/evidence/uploads', { ...upload, contentType: 'a/b;\r\n c=d' }],
    [
      'an instant before 1900',
      '/evidence/uploads',
      { ...upload, recordedAt: '1899-12-31T23:59:59Z' },
    ],
    [
      'an instant that is in year 10000 in UTC',
      '/evidence/uploads',
      { ...upload, recordedAt: '9999-12-31T23:59:59-05:00' },
    ],
    [
      'a NUL in the name of a partner',
      '/partners',
      { organizationSlug: 'a\0b', maySendTo: true, mayReceiveFrom: true },
    ],
    [
      'half a surrogate pair in a case number',
      '/cases',
      { caseNumber: 'x\ud800', title: 'Surrogate' },
    ],
  ])('%s', async (_, path, body) => {
    const answer = await api.post(path, user, body);
    expect([answer.status, answer.body.errors?.length]).toEqual([422, 1]);
  });

  test.each(['/users?query=%00', '/groups?query=%00', '/cases?query=%00'])(
    'a NUL in a search: %s',
    async (path) => {
      expect((await api.get(path, user)).status).toBe(422);
    },
  );
});

describe('tokens', () => {
  test.each([
    ['none', {}],
    ['another scheme', { Authorization: 'Basic YTpi' }],
    ['a malformed one', { Authorization: 'Bearer a.b.c' }],
    ['an unsigned one', { Authorization: `Bearer ${unsigned()}` }],
  ])('are refused: %s', async (_, headers) => {
    const answer = await api.get('/organization', null, headers);
    expect(answer.status).toBe(401);
    expect(answer.body.code).toBe('not-signed-in');
  });

  test('of the development issuer are for those on file only', async () => {
    const token = await api.post('!/dev/token', null, { email: user.email.toUpperCase() });
    expect(token.status).toBe(200);
    const answer = await api.get('/organization', null, {
      Authorization: `Bearer ${token.body.accessToken}`,
    });
    expect(answer.body.id).toBe(organization.id);
    expect((await api.post('!/dev/token', null, { email: 'nobody@example.test' })).status).toBe(
      404,
    );
    expect((await api.post('!/dev/token', null, { mail: 'x' })).body.errors).toHaveLength(2);
  });
});

function unsigned(): string {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { iss: 'urn:casebridge:development', aud: 'casebridge', exp: 4e9, email: 'x@y.z' };
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}

describe('lists', () => {
  test('give every item once, page by page, with the total', async () => {
    const place = await buildOrganization(api);
    const lister = await buildUser(api, { organization: place });
    const made = await Promise.all(
      Array.from({ length: 100 }, () => api.post('/groups', lister, { name: unique('page') })),
    );
    expect(made.map(({ status }) => status)).toEqual(Array.from({ length: 100 }, () => 201));
    const seen: string[] = [];
    for (let next: string | null = ''; next !== null; ) {
      const { body } = await api.get(`/groups?limit=33${next && `&cursor=${next}`}`, lister);
      expect(body.page.total).toBe(100);
      expect(body.page.count).toBe(body.data.length);
      seen.push(...body.data.map(({ id }: { id: string }) => id));
      next = body.page.next;
    }
    expect(seen).toEqual(made.map(({ body }) => body.id).sort());
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'cursor=%00', 'cursor=JyBvciAx'])(
    'refuse ?%s',
    async (query) => {
      const answer = await api.get(`/groups?${query}`, user);
      expect(answer.status).toBe(422);
      expect(answer.body.errors[0].pointer).toBe(`?${query.split('=')[0]}`);
    },
  );

  test('take a cursor of digits for none of theirs', async () => {
    const cursor = Buffer.from('12').toString('base64url');
    expect((await api.get(`/groups?cursor=${cursor}`, user)).status).toBe(422);
  });
});
