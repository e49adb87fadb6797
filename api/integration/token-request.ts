/** Requests for an access token by client credentials (RFC 6749, sections 2.3.1, 3.2 and 4.4.2). Pure. */
import { API_SCOPES, type ApiScope } from '../../domain/integration/api-client.entity.ts';
import { OAuthError } from './oauth-error.ts';

/** A request for a token that is well formed. */
export interface TokenRequest {
  readonly clientId: string;
  readonly clientSecret: string;
  /** The Partner ID, which is checked where it is sent. */
  readonly partnerId: string | null;
  readonly scopes: readonly ApiScope[];
}

/** Parameters that we know; others are ignored, as section 3.2 says. */
const PARAMETERS = ['grant_type', 'client_id', 'client_secret', 'scope', 'partner_id'] as const;
type Parameter = (typeof PARAMETERS)[number];

/**
 * Reads a request for a token.
 * @param sent.form the body of type `application/x-www-form-urlencoded`
 * @param sent.query of the address: it must have no such parameters
 * @param sent.authorization the header, empty where there is none
 * @throws OAuthError
 */
export function readTokenRequest(sent: {
  readonly form: string;
  readonly query: string;
  readonly authorization: string;
}): TokenRequest {
  const inAddress = new URLSearchParams(sent.query);
  if (PARAMETERS.some((name) => inAddress.has(name))) {
    throw new OAuthError('invalid_request', 'Send the parameters in the body, not in the address.');
  }
  const given = parameters(sent.form);
  const { id, secret } = credentials(sent.authorization, given);
  if (given.grant_type === undefined) {
    throw new OAuthError('invalid_request', 'The parameter grant_type is missing.');
  }
  if (given.grant_type !== 'client_credentials') {
    throw new OAuthError('unsupported_grant_type', 'The grant type is client_credentials.');
  }
  return {
    clientId: id,
    clientSecret: secret,
    partnerId: given.partner_id ?? null,
    scopes: scopesOf(given.scope),
  };
}

/** "Parameters sent without a value MUST be treated as if they were omitted", and none comes twice. */
function parameters(form: string): Partial<Record<Parameter, string>> {
  const sent = new URLSearchParams(form);
  const given: Partial<Record<Parameter, string>> = {};
  for (const name of PARAMETERS) {
    const [value, ...more] = sent.getAll(name);
    if (more.length > 0) {
      throw new OAuthError('invalid_request', `The parameter ${name} was sent more than once.`);
    }
    if (value !== undefined && value !== '') given[name] = value;
  }
  return given;
}

/** By one method only: `Authorization: Basic`, or in the body. */
function credentials(
  authorization: string,
  given: Partial<Record<Parameter, string>>,
): { readonly id: string; readonly secret: string } {
  const { client_id: id, client_secret: secret } = given;
  if (authorization === '') {
    if (id === undefined || secret === undefined) {
      throw new OAuthError('invalid_client', 'Send client_id and client_secret.');
    }
    return { id, secret };
  }
  if (secret !== undefined) {
    throw new OAuthError('invalid_request', 'Authenticate by the header or in the body, not both.');
  }
  const basic = basicCredentials(authorization);
  if (id !== undefined && id !== basic.id) {
    throw new OAuthError('invalid_request', 'client_id is another one than that of the header.');
  }
  return basic;
}

/** Both are encoded as a form's before they are joined (section 2.3.1). */
function basicCredentials(authorization: string): { readonly id: string; readonly secret: string } {
  const [, encoded = ''] = /^Basic +([A-Za-z0-9+/]+=*)$/i.exec(authorization) ?? [];
  const [, id, secret] =
    /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  const decoded = { id: formDecoded(id), secret: formDecoded(secret) };
  if (decoded.id === null || decoded.secret === null) {
    throw new OAuthError('invalid_client', 'The header Authorization is not that of a client.');
  }
  return { id: decoded.id, secret: decoded.secret };
}

function formDecoded(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
}

/** Those that are asked for, in our order; all where none is named (section 3.3). */
function scopesOf(scope: string | undefined): readonly ApiScope[] {
  if (scope === undefined) return API_SCOPES;
  const asked = scope.split(' ');
  const unknown = asked.filter((one) => !API_SCOPES.some((known) => known === one));
  if (unknown.length > 0) {
    throw new OAuthError('invalid_scope', `The scopes are ${API_SCOPES.join(' ')}.`);
  }
  return API_SCOPES.filter((known) => asked.includes(known));
}
