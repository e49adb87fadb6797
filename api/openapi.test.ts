import { readFile } from 'node:fs/promises';
import { PROBLEMS } from '../domain/errors.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { openApiDocument } from './openapi.ts';
import { PUBLIC_PATHS } from './routes/public-paths.ts';
import { STAFF_ROUTES } from './routes/staff-routes.ts';

const document = openApiDocument(STAFF_ROUTES, PUBLIC_PATHS);
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  Object.values(item ?? {}).map((operation) => ({ path, operation })),
);

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

describe('the OpenAPI document', () => {
  test('is the one that is committed; where it differs: npm run openapi', async () => {
    const committed = await readFile(new URL('../docs/openapi.json', import.meta.url), 'utf8');
    expect(JSON.parse(committed)).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('is served as it is', async () => {
    const answer = await api.get('!/openapi.json', null);
    expect(answer.headers.get('Content-Type')).toContain('application/json');
    expect(answer.body).toEqual(JSON.parse(JSON.stringify(document)));
  });

  test('has every route, each under a name of its own, and every reference leads somewhere', () => {
    const names = operations.map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
    const pathOf = (path: string) => `/api/v1${path}`;
    for (const { spec } of STAFF_ROUTES) {
      expect(document.paths?.[pathOf(spec.path)]).toHaveProperty(spec.method);
    }
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(0);
    for (const [, reference = ''] of references) {
      expect(document).toHaveProperty(reference.split('/'));
    }
  });

  test('describes every parameter of a path, and none that is not in it', () => {
    for (const { path, operation } of operations) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = (operation.parameters ?? [])
        .filter((parameter: { in: string }) => parameter.in === 'path')
        .map((parameter: { name: string }) => parameter.name);
      expect([path, described.sort()]).toEqual([path, inPath.sort()]);
    }
  });

  test('says what each staff route needs and may answer with', () => {
    for (const { path, operation } of operations.filter(({ path }) => path.startsWith('/api/v1'))) {
      expect([path, operation.security]).toEqual([path, [{ staff: [] }]]);
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['401', '422', '503']),
      );
    }
  });
});

describe('the documentation’s pages', () => {
  test.each(Object.keys(PROBLEMS))('explain the problem %s', async (code) => {
    const answer = await api.get(`!/problems/${code}`, null);
    expect(answer.status).toBe(200);
    expect(answer.body).toContain(`<code>${code}</code>`);
  });

  test('are none for what is no problem', async () => {
    for (const code of ['nothing', 'constructor', '__proto__']) {
      expect((await api.get(`!/problems/${code}`, null)).status).toBe(404);
    }
  });

  test('load nothing from elsewhere, and their files are there', async () => {
    const page = await api.get('!/docs', null);
    expect(page.status).toBe(200);
    const policy = page.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/);
    const addresses = [...page.body.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, url]) => url);
    expect(addresses.length).toBeGreaterThan(3);
    for (const address of addresses) {
      expect(address).toMatch(/^\/[^/]/);
      expect((await api.get(`!${address}`, null)).status).toBe(200);
    }
  });

  test('have no other files', async () => {
    for (const name of ['package.json', '..%2fpackage.json', '%2e%2e%2fdocumentation.ts']) {
      expect((await api.get(`!/docs/assets/${name}`, null)).status).toBe(404);
    }
  });
});
