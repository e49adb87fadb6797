/** What docs/OPERATING.md tells operators to ask, asked. */
import { existsSync, readFileSync } from 'node:fs';
import { connectTemporal, type TestTemporal } from './support/temporal.ts';

const DOCUMENT = new URL('../docs/OPERATING.md', import.meta.url);
const text = readFileSync(DOCUMENT, 'utf8');
const aboutTemporal = text.slice(
  text.indexOf('## In the Temporal UI'),
  text.indexOf('## What to be woken'),
);
const filters = [...aboutTemporal.matchAll(/^\| [^|]+ \| `(?<query>[^`]+)` \|$/gm)].map(
  ({ groups }) => groups?.['query'] ?? '',
);
const pictures = [...text.matchAll(/!\[(?<alt>[^\]]*)\]\((?<path>[^)]+)\)/g)].map(({ groups }) => ({
  alt: groups?.['alt'] ?? '',
  path: groups?.['path'] ?? '',
}));

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTemporal();
});
afterAll(async () => temporal.close());

test('there are filters for operators', () => {
  expect(filters.length).toBeGreaterThan(8);
});

test.each(filters)('Temporal understands the filter %s', async (query) => {
  const { count } = await temporal.client.workflow.count(query);
  expect(count).toBeGreaterThanOrEqual(0);
});

test.each(pictures)('the picture $path is there, and told in words', ({ alt, path }) => {
  expect(existsSync(new URL(path, DOCUMENT))).toBe(true);
  expect(alt.length).toBeGreaterThan(40);
});
