/** External systems: their clients, tokens and calls. */
import type { User } from '../../domain/identity/user.entity.ts';
import type { TestAnswer, TestApi } from './api.ts';
import { buildOrganization, buildUser, unique } from './factories.ts';

/** An API client as an external system has it. */
export interface TestApiClient {
  readonly id: string;
  readonly secretId: string;
  readonly secret: string;
  /** An administrator of its organization. */
  readonly administrator: User;
  readonly partnerId: string;
}

/** A client of an administrator's organization, made as the administrator would. */
export async function buildApiClient(
  api: TestApi,
  administrator: User,
  fields: { readonly name?: string } = {},
): Promise<TestApiClient> {
  const { status, body } = await api.post('/api-clients', administrator, {
    name: fields.name ?? unique('client'),
  });
  if (status !== 201) throw new Error(`no client was made: ${JSON.stringify(body)}`);
  return {
    id: body.id,
    secretId: body.secrets[0].id,
    secret: body.clientSecret,
    administrator,
    partnerId: body.partnerId,
  };
}

/** A client of an organization whose integration is set up, both owners being its administrator. */
export async function buildIntegration(
  api: TestApi,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<TestApiClient> {
  const administrator = await buildUser(api, { organization: await buildOrganization(api) });
  const set = await api.put('/settings/incident-report-integration', administrator, {
    requestOwnerId: administrator.id,
    evidenceOwnerId: administrator.id,
    ...settings,
  });
  if (set.status !== 200) throw new Error(`not set up: ${JSON.stringify(set.body)}`);
  return buildApiClient(api, administrator);
}

/** What the token endpoint answers to a form. */
export async function askForToken(
  api: TestApi,
  form: Readonly<Record<string, string>> | string,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  const response = await fetch(`${api.origin}/api/oauth2/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    body: typeof form === 'string' ? form : new URLSearchParams(form).toString(),
  });
  return { status: response.status, headers: response.headers, body: await response.json() };
}

/** An access token of a client. */
export async function accessTokenOf(api: TestApi, client: TestApiClient): Promise<string> {
  const { status, body } = await askForToken(api, {
    grant_type: 'client_credentials',
    client_id: client.id,
    client_secret: client.secret,
  });
  if (status !== 200) throw new Error(`no token: ${JSON.stringify(body)}`);
  return body.access_token;
}

/** Sends one of the calls of external systems, below `/api/pes-portals/incident-report`. */
export async function callAs(
  api: TestApi,
  token: string,
  verb: 'post' | 'patch',
  path: string,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<TestAnswer> {
  return api[verb](`!/api/pes-portals/incident-report${path}`, null, body, {
    Authorization: `Bearer ${token}`,
    ...headers,
  });
}
