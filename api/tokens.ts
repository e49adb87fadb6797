import { createRemoteJWKSet, decodeJwt, type JWTVerifyGetKey } from 'jose';
import { DomainError } from '../domain/errors.ts';
import type { Config } from '../platform/config.ts';
import { DEVELOPMENT_ISSUER, type DevelopmentIssuer } from './development-issuer.ts';
import { discoverKeys, oidcVerifier, type TokenVerifier } from './middleware/authenticate.ts';

/**
 * Verifies the tokens of every issuer that is trusted: the configured one, and in development the
 * built-in one. A token's `iss` says which verifier it goes to; that verifier checks it again.
 */
export function tokenVerifier(
  config: Config,
  developmentIssuer: DevelopmentIssuer | null,
): TokenVerifier {
  const verifiers = new Map<string, TokenVerifier>();
  if (config.OIDC_ISSUER !== undefined) {
    verifiers.set(
      config.OIDC_ISSUER,
      oidcVerifier({
        issuer: config.OIDC_ISSUER,
        audience: config.OIDC_AUDIENCE,
        keys: issuerKeys(config.OIDC_ISSUER, config.OIDC_JWKS_URL),
      }),
    );
  }
  if (developmentIssuer !== null) verifiers.set(DEVELOPMENT_ISSUER, developmentIssuer.verify);
  return async (token) => {
    const verify = verifiers.get(issuerOf(token) ?? '');
    if (verify === undefined) {
      throw new DomainError('not-signed-in', 'The token is not of an issuer that is trusted here.');
    }
    return verify(token);
  };
}

function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

/** Looked for at the first token, so that the API starts while the issuer is away. */
function issuerKeys(issuer: string, jwksUrl: string | undefined): JWTVerifyGetKey {
  if (jwksUrl !== undefined) return createRemoteJWKSet(new URL(jwksUrl));
  let discovery: Promise<JWTVerifyGetKey> | null = null;
  return async (header, token) => {
    discovery ??= discoverKeys(issuer);
    try {
      const keys = await discovery;
      return await keys(header, token);
    } catch (error) {
      discovery = null;
      throw error;
    }
  };
}
