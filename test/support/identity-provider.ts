/** A real OpenID Connect provider in this process, with one client and users that need no password. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair } from 'jose';
import Provider, {
  type AdapterFactory,
  type AdapterPayload,
  type Configuration,
} from 'oidc-provider';
import { freePort } from '../../dev/servers/ports.ts';
import { listen } from '../../platform/listen.ts';

export interface TestIdentityProvider {
  readonly issuer: string;
  /** What `SIGN_IN_CLIENTS` says of it. */
  readonly client: { readonly clientId: string; readonly clientSecret: string };
  /** Who a browser that comes by itself is, from now on. */
  visitor: string;
  /** Signs somebody in as a browser would, from the address that was given to it; gives where it is sent back to. */
  signIn(address: string, email: string): Promise<string>;
  /** What the provider says of addresses. */
  verified: boolean;
  stop(): Promise<void>;
}

export async function startIdentityProvider(redirectUri: string): Promise<TestIdentityProvider> {
  const port = await freePort();
  const issuer = `http://127.0.0.1:${port}`;
  const client = { clientId: 'casebridge', clientSecret: 'a secret of the client alone' };
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const minutes = (count: number) => () => count * 60;
  const configuration: Configuration = {
    clients: [
      {
        client_id: client.clientId,
        client_secret: client.clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    pkce: { required: () => true },
    findAccount: async (_, id) => ({
      accountId: id,
      claims: async () => ({ sub: id, email: id, email_verified: running.verified }),
    }),
    adapter: memory(),
    cookies: { keys: ['a key of the provider'] },
    jwks: { keys: [{ ...(await exportJWK(privateKey)), alg: 'RS256', use: 'sig' }] },
    ttl: {
      AccessToken: minutes(5),
      AuthorizationCode: minutes(5),
      Grant: minutes(5),
      IdToken: minutes(5),
      Interaction: minutes(5),
      Session: minutes(5),
    },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
  };
  const provider = new Provider(issuer, configuration);
  const callback = provider.callback();

  /** Where a real provider asks for a password and for consent. */
  async function interact(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { prompt, params, session } = await provider.interactionDetails(request, response);
    if (prompt.name === 'login') {
      const result = { login: { accountId: running.visitor } };
      return provider.interactionFinished(request, response, result);
    }
    const grant = new provider.Grant({
      accountId: session?.accountId ?? '',
      clientId: String(params.client_id),
    });
    grant.addOIDCScope(String(params.scope));
    const result = { consent: { grantId: await grant.save() } };
    return provider.interactionFinished(request, response, result, {
      mergeWithLastSubmission: true,
    });
  }

  const server = createServer((request, response) => {
    const isInteraction = request.url?.startsWith('/interaction/') === true;
    void (isInteraction ? interact(request, response) : callback(request, response));
  });
  await listen(server, { host: '127.0.0.1', port });
  const running: TestIdentityProvider = {
    issuer,
    client,
    verified: true,
    visitor: '',
    async signIn(address, email) {
      running.visitor = email;
      const cookies = new Map<string, string>();
      let next = address;
      for (let step = 0; step < 12; step += 1) {
        const held = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(next, { redirect: 'manual', headers: { Cookie: held } });
        for (const cookie of response.headers.getSetCookie()) {
          const [pair = ''] = cookie.split(';', 1);
          const at = pair.indexOf('=');
          cookies.set(pair.slice(0, at), pair.slice(at + 1));
        }
        const text = await response.text();
        const location = response.headers.get('Location');
        if (location === null) throw new Error(`the provider said ${response.status}: ${text}`);
        next = new URL(location, next).href;
        if (next.startsWith(redirectUri)) return next;
      }
      throw new Error('the provider never sent the browser back');
    },
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return running;
}

/** What the provider keeps, for as long as it runs. */
function memory(): AdapterFactory {
  const kept = new Map<string, AdapterPayload>();
  return (model) => {
    const key = (id: string) => `${model} ${id}`;
    const byUid = (uid: string) =>
      [...kept].find(([name, { uid: own }]) => name.startsWith(`${model} `) && own === uid)?.[1];
    return {
      upsert: async (id, payload) => void kept.set(key(id), payload),
      find: async (id) => kept.get(key(id)),
      findByUid: async (uid) => byUid(uid),
      findByUserCode: async () => undefined,
      consume: async (id) => {
        const payload = kept.get(key(id));
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      destroy: async (id) => void kept.delete(key(id)),
      revokeByGrantId: async (grantId) => {
        for (const [name, payload] of kept) if (payload.grantId === grantId) kept.delete(name);
      },
    };
  };
}
