import { readFileSync } from 'node:fs';
import { CONFIGURATION_VARIABLES, ConfigurationError, parseConfig } from './config.ts';

const VALID = {
  CASEBRIDGE_PUBLIC_URL: 'https://share.example',
  DATABASE_URL: 'postgres://app:secret@db/casebridge',
  S3_ENDPOINT: 'http://store:9000',
  S3_BUCKET: 'evidence',
  S3_ACCESS_KEY: 'key',
  S3_SECRET_KEY: 'very-secret',
  TEMPORAL_ADDRESS: 'temporal:7233',
  SMTP_URL: 'smtp://mail:25',
  MAIL_FROM: 'casebridge@share.example',
  OIDC_ISSUER: 'https://sign-in.example',
  LINK_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64url')}`,
};

function faults(variables: Readonly<Record<string, string | undefined>>): readonly string[] {
  try {
    parseConfig(variables);
    return [];
  } catch (error) {
    if (error instanceof ConfigurationError) return error.faults;
    throw error;
  }
}

test('what is needed is enough', () => {
  expect(faults(VALID)).toEqual([]);
  expect(parseConfig(VALID)).toMatchObject({
    CASEBRIDGE_PORT: 8080,
    CASEBRIDGE_DEVELOPMENT: false,
  });
});

test('every fault is told at once, without the values', () => {
  const broken = {
    ...VALID,
    CASEBRIDGE_PORT: '99999',
    S3_ENDPOINT: 'not-an-address',
    LINK_KEYS: 'k1:hunter2',
    MAIL_FROM: undefined,
  };
  const told = faults(broken);
  expect(told.map((fault) => fault.split(':')[0])).toEqual([
    'CASEBRIDGE_PORT',
    'S3_ENDPOINT',
    'MAIL_FROM',
    'LINK_KEYS',
  ]);
  expect(told.join()).not.toContain('hunter2');
});

test.each([
  [
    'a public address without TLS',
    { CASEBRIDGE_PUBLIC_URL: 'http://share.example' },
    'CASEBRIDGE_PUBLIC_URL',
  ],
  ['no issuer of tokens', { OIDC_ISSUER: undefined }, 'OIDC_ISSUER'],
  ['an empty variable that is required', { DATABASE_URL: '' }, 'DATABASE_URL'],
  ['a link key that is too short', { LINK_KEYS: 'k1:c2hvcnQ' }, 'LINK_KEYS'],
])('%s is refused outside development', (_name, change, variable) => {
  expect(faults({ ...VALID, ...change }).join()).toContain(variable);
});

test('rotated link keys keep their order: the first makes new links', () => {
  const old = Buffer.alloc(32, 2).toString('base64url');
  const { LINK_KEYS } = parseConfig({ ...VALID, LINK_KEYS: `${VALID.LINK_KEYS},old:${old}` });
  expect(LINK_KEYS.map(({ id }) => id)).toEqual(['k1', 'old']);
});

function codeOf(value: string | null): string {
  return value === null ? '' : `\`${value}\``;
}

test('the README lists every variable with what it means', () => {
  const rows = CONFIGURATION_VARIABLES.map(
    ({ name, description, required, otherwise }) =>
      `| \`${name}\` | ${required ? 'required' : codeOf(otherwise)} | ${description.replaceAll('|', '\\|')} |`,
  );
  const table = ['| variable | if not given | what it is |', '|---|---|---|', ...rows].join('\n');
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
  expect(readme).toContain(table);
});
