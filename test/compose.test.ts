import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { DCLinter } from 'dclint';
import { parse } from 'yaml';
import { z } from 'zod';
import { CONFIGURATION_VARIABLES, parseConfig } from '../platform/config.ts';

const FILE = fileURLToPath(new URL('../docker-compose.yml', import.meta.url));

/** What order and layout dclint would like; what is wrong with a file is checked by the rest of it. */
const LAYOUT_RULES = [
  'require-quotes-in-ports',
  'service-dependencies-alphabetical-order',
  'service-keys-order',
  'service-ports-alphabetical-order',
  'services-alphabetical-order',
  'top-level-properties-order',
  // Our own image is named, so that its three services share what is built once.
  'no-build-and-image',
  'service-image-require-explicit-tag',
];

const service = z.object({
  image: z.string(),
  build: z.string().optional(),
  command: z.array(z.string()).optional(),
  restart: z.string(),
  ports: z.array(z.string()).default([]),
  environment: z.record(z.string(), z.string()).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});

const compose = z
  .object({ services: z.record(z.string(), service) })
  .parse(parse(readFileSync(FILE, 'utf8'), { merge: true }));
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);

/** Puts values for `${NAME:?message}` and `${NAME:-default}`, as Compose does. */
function interpolate(text: string, values: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    /\$\{(\w+)(?::-([^}]*)|:\?[^}]*)\}/g,
    (_, name: string, fallback?: string) => {
      const value = values[name] ?? fallback;
      if (value === undefined) throw new Error(`${name} is not given`);
      return value;
    },
  );
}

test('the compose file holds to the Compose specification', () => {
  const rules = Object.fromEntries(LAYOUT_RULES.map((rule) => [rule, 0 as const]));
  const linter = new DCLinter({ rules, quiet: false, debug: false, exclude: [] });
  const results: { messages: unknown[] }[] = linter.lintFiles([FILE], false);
  const messages = results.flatMap((result) => result.messages);
  expect(messages).toEqual([]);
});

test('every foreign image is pinned to a full version', () => {
  const foreign = services.filter(([, { build }]) => build === undefined);
  for (const [, { image }] of foreign) expect(image).toMatch(/:v?\d+\.\d+(\.\d+)?(-\w+)?$/);
  expect(foreign.length).toBeGreaterThan(4);
});

test('every port is bound to the loopback interface', () => {
  const ports = services.flatMap(([, service_]) => service_.ports);
  expect(ports.length).toBeGreaterThan(0);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
});

test('waiting for health is only asked of services that have a health check', () => {
  for (const [, { depends_on: dependencies }] of services) {
    for (const [name, { condition }] of Object.entries(dependencies)) {
      const dependency = compose.services[name];
      if (condition === 'service_healthy') expect(dependency?.healthcheck).toBeDefined();
      else expect(dependency?.restart).toBe('on-failure');
    }
  }
});

describe.each(own)('the service %s', (name, { environment }) => {
  const known = new Set(CONFIGURATION_VARIABLES.map((variable) => variable.name));

  test('is given no variable that is not read', () => {
    expect(Object.keys(environment).filter((variable) => !known.has(variable))).toEqual([]);
  });

  test('is given every variable that is required', () => {
    const required = CONFIGURATION_VARIABLES.filter((variable) => variable.required);
    expect(required.map((variable) => variable.name)).toEqual(
      expect.arrayContaining(['DATABASE_URL', 'LINK_KEYS']),
    );
    for (const variable of required) expect(Object.keys(environment)).toContain(variable.name);
  });

  test('starts with these settings outside development mode', () => {
    const values = {
      CASEBRIDGE_PUBLIC_URL: 'https://cases.example',
      S3_PUBLIC_ENDPOINT: 'https://objects.example',
      OIDC_ISSUER: 'https://issuer.example',
      MAIL_FROM: 'cases@cases.example',
      LINK_KEYS: `k1:${'A'.repeat(43)}`,
      S3_ACCESS_KEY: 'access-key',
      S3_SECRET_KEY: 'secret-key',
      DATABASE_APP_PASSWORD: 'app-password',
      DATABASE_OWNER_PASSWORD: 'owner-password',
    };
    const given = Object.entries(environment).map(([key, text]) => [
      key,
      interpolate(text, values),
    ]);
    const config = parseConfig(Object.fromEntries(given));
    expect(config.CASEBRIDGE_DEVELOPMENT).toBe(false);
    expect(config.DATABASE_OWNER_URL !== undefined).toBe(name === 'migrate');
  });
});
