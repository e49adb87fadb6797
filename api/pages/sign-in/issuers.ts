/** The issuers at which recipients sign in: OpenID Connect, authorization code flow with PKCE. */
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  ResponseBodyError,
} from 'openid-client';
import type { IssuerRequest } from '../../../domain/identity/sign-in-attempt.ts';
import type { Config } from '../../../platform/config.ts';

/** Seconds that an issuer may take to answer. */
const TIMEOUT = 10;

/** An issuer that cannot be asked, or at which this installation has no client. */
export class IssuerUnavailableError extends Error {
  constructor(issuer: string, cause: unknown) {
    super(`no sign-in at ${issuer}`, { cause });
    this.name = 'IssuerUnavailableError';
  }
}

export interface Issuers {
  /**
   * The address at which somebody signs in.
   * @throws IssuerUnavailableError
   */
  signInAddress(issuer: string, request: IssuerRequest): Promise<string>;
  /**
   * The verified e-mail address of whoever the issuer sends back.
   * @param query what came with the redirect, `?` included
   * @returns null where the issuer or the user refused, or the answer is to another request
   * @throws IssuerUnavailableError
   */
  identify(issuer: string, request: IssuerRequest, query: string): Promise<string | null>;
}

/** Issuers as they are configured; each is asked for its metadata at the first sign-in. */
export function createIssuers(
  config: Pick<Config, 'CASEBRIDGE_PUBLIC_URL' | 'CASEBRIDGE_DEVELOPMENT' | 'SIGN_IN_CLIENTS'>,
): Issuers {
  const redirect = `${config.CASEBRIDGE_PUBLIC_URL}/sign-in/callback`;
  const found = new Map<string, Promise<Configuration>>();

  async function configurationOf(issuer: string): Promise<Configuration> {
    const known = found.get(issuer) ?? discover(issuer);
    found.set(issuer, known);
    try {
      return await known;
    } catch (error) {
      found.delete(issuer);
      throw new IssuerUnavailableError(issuer, error);
    }
  }

  async function discover(issuer: string): Promise<Configuration> {
    const client = config.SIGN_IN_CLIENTS[issuer];
    if (client === undefined) throw new Error('SIGN_IN_CLIENTS does not name this issuer');
    return discovery(new URL(issuer), client.clientId, client.clientSecret, undefined, {
      timeout: TIMEOUT,
      // Also what came straight from the issuer is taken for its own by its signature only.
      execute: [
        enableNonRepudiationChecks,
        ...(config.CASEBRIDGE_DEVELOPMENT ? [allowInsecureRequests] : []),
      ],
    });
  }

  return {
    async signInAddress(issuer, { state, nonce, codeVerifier }) {
      const configuration = await configurationOf(issuer);
      return buildAuthorizationUrl(configuration, {
        redirect_uri: redirect,
        scope: 'openid email',
        state,
        nonce,
        code_challenge: await calculatePKCECodeChallenge(codeVerifier),
        code_challenge_method: 'S256',
      }).href;
    },
    async identify(issuer, { state, nonce, codeVerifier }, query) {
      const configuration = await configurationOf(issuer);
      const answer = new URL(query, redirect);
      if (answer.searchParams.get('state') !== state || answer.searchParams.has('error'))
        return null;
      const tokens = await authorizationCodeGrant(configuration, answer, {
        pkceCodeVerifier: codeVerifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      }).catch((error: unknown) => {
        if (error instanceof ResponseBodyError) return null;
        throw new IssuerUnavailableError(issuer, error);
      });
      if (tokens === null) return null;
      const claims = tokens.claims();
      if (claims === undefined) return null;
      return (
        addressIn(claims) ??
        addressIn(await fetchUserInfo(configuration, tokens.access_token, claims.sub))
      );
    },
  };
}

/** An address that the issuer says is not verified is nobody's. */
function addressIn(claims: Readonly<Record<string, unknown>>): string | null {
  const { email, email_verified: verified } = claims;
  return typeof email === 'string' && verified !== false ? email : null;
}
