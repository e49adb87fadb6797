import { createServer, type Server } from 'node:http';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { User } from '../domain/identity/user.entity.ts';
import { parseConfig } from '../platform/config.ts';
import { listen } from '../platform/listen.ts';
import { startApi, type TestApi, testEnvironment } from '../test/support/api.ts';
import { buildUser } from '../test/support/factories.ts';
import { closeHttpServer } from './shutdown.ts';
import { tokenVerifier } from './tokens.ts';

let issuerServer: Server;
let issuer: string;
/** Which of the issuer's addresses answer with an error. */
let away: 'all' | 'keys' | 'none' = 'none';
let keys: Awaited<ReturnType<typeof generateKeyPair>>;
let api: TestApi;
let user: User;

beforeAll(async () => {
  keys = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(keys.publicKey)), kid: 'k1', alg: 'RS256' };
  issuerServer = createServer((request, response) => {
    if (away === 'all' || (away === 'keys' && request.url === '/keys'))
      return void response.writeHead(500).end();
    response.setHeader('Content-Type', 'application/json');
    const discovery = request.url === '/.well-known/openid-configuration';
    response.end(
      JSON.stringify(discovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }),
    );
  });
  issuer = `http://127.0.0.1:${await listen(issuerServer, { host: '127.0.0.1', port: 0 })}`;
  api = await startApi({ variables: { OIDC_ISSUER: issuer, CASEBRIDGE_DEVELOPMENT: 'true' } });
  user = await buildUser(api);
});
afterAll(async () => {
  await api.stop();
  await closeHttpServer(issuerServer, 0);
});

interface Claims {
  readonly iss?: string;
  readonly aud?: string;
  readonly exp?: number;
  readonly nbf?: number;
  readonly email?: string;
  readonly email_verified?: boolean;
}

async function tokenWith(claims: Claims, key = keys.privateKey): Promise<string> {
  const usual = {
    iss: issuer,
    aud: 'casebridge',
    email: user.email,
    exp: Math.floor(Date.now() / 1000) + 60,
  };
  return new SignJWT({ ...usual, ...claims })
    .setProtectedHeader({ alg: 'RS256', kid: 'k1' })
    .sign(key);
}

async function statusWith(token: string): Promise<number> {
  const headers = { Authorization: `Bearer ${token}` };
  return (await api.get('/organization', null, headers)).status;
}

test('while the issuer is away its tokens get 503, and are taken as soon as it is back', async () => {
  const verify = tokenVerifier(
    parseConfig(testEnvironment(api.urls.appUrl, { OIDC_ISSUER: issuer })),
    null,
  );
  for (away of ['all', 'keys'] as const) {
    await expect(verify(await tokenWith({}))).rejects.toMatchObject({ code: 'unavailable' });
  }
  away = 'none';
  expect(await verify(await tokenWith({}))).toBe(user.email);
});

test('a token of the configured issuer signs its user in, next to the development issuer’s', async () => {
  expect(await statusWith(await tokenWith({}))).toBe(200);
  expect(await statusWith(await tokenWith({ email: user.email.toUpperCase() }))).toBe(200);
  expect(await statusWith(await api.token(user))).toBe(200);
});

test.each([
  ['of another issuer', { iss: 'https://issuer.example.test' }],
  ['of the development issuer, signed by another', { iss: 'urn:casebridge:development' }],
  ['for another audience', { aud: 'another' }],
  ['that has expired', { exp: Math.floor(Date.now() / 1000) - 60 }],
  ['that is not valid yet', { nbf: Math.floor(Date.now() / 1000) + 600 }],
  ['for an address that was not verified', { email_verified: false }],
  ['for nobody here', { email: 'nobody@example.test' }],
])('a token %s is refused', async (_, claims) => {
  expect(await statusWith(await tokenWith(claims))).toBe(401);
});

test('a token signed with another key is refused', async () => {
  const other = await generateKeyPair('RS256');
  expect(await statusWith(await tokenWith({}, other.privateKey))).toBe(401);
});

test('a token signed by hash with the public key is refused', async () => {
  const token = await new SignJWT({ iss: issuer, aud: 'casebridge', email: user.email })
    .setProtectedHeader({ alg: 'HS256', kid: 'k1' })
    .setExpirationTime('1h')
    .sign(Buffer.from(JSON.stringify(await exportJWK(keys.publicKey))));
  expect(await statusWith(token)).toBe(401);
});

test('outside development mode there is no token for the asking', async () => {
  const production = await startApi({
    variables: {
      CASEBRIDGE_DEVELOPMENT: 'false',
      OIDC_ISSUER: issuer,
      CASEBRIDGE_PUBLIC_URL: 'https://cases.example.test',
    },
  });
  const somebody = await buildUser(production);
  const answer = await production.post('!/dev/token', null, { email: somebody.email });
  await production.stop();
  expect(answer.status).toBe(404);
});
