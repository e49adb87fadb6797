import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import { DomainError } from '../../domain/errors.ts';

/** Gives the e-mail address that a token speaks for. */
export type TokenVerifier = (token: string) => Promise<string>;

/** Seconds by which the clocks of issuer and API may differ. */
const CLOCK_TOLERANCE = 5;

/** What jose says where it got no keys: no answer in time, or one that is not the keys. */
const ISSUER_AWAY = new Set([errors.JWKSTimeout.code, errors.JOSEError.code]);

/** Verifies JSON Web Tokens of one OIDC issuer: signature, `iss`, `aud` and `exp`. */
export function oidcVerifier(options: {
  issuer: string;
  audience: string;
  keys: JWTVerifyGetKey;
}): TokenVerifier {
  return async (token) => {
    try {
      const { payload } = await jwtVerify(token, options.keys, {
        issuer: options.issuer,
        audience: options.audience,
        clockTolerance: CLOCK_TOLERANCE,
        requiredClaims: ['exp'],
        algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'],
      });
      if (typeof payload.email === 'string' && payload.email_verified !== false) {
        return payload.email;
      }
    } catch (error) {
      if (!(error instanceof errors.JOSEError) || ISSUER_AWAY.has(error.code)) {
        throw new DomainError('unavailable', 'The token issuer does not answer.', { cause: error });
      }
      throw new DomainError('not-signed-in', 'The token is not valid or has expired.', {
        cause: error,
      });
    }
    throw new DomainError('not-signed-in', 'The token has no verified e-mail address.');
  };
}

const discoveryDocument = z.object({ issuer: z.string(), jwks_uri: z.url() });

/**
 * The keys of an issuer, by its discovery document (OpenID Connect Discovery 1.0, sections 4.1 to 4.3).
 * @throws Error where the document is not there, or is of another issuer
 */
export async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) });
  if (!response.ok) throw new Error(`${address} answered ${response.status}`);
  const document = discoveryDocument.parse(await response.json());
  if (document.issuer !== issuer) throw new Error(`${address} is of the issuer ${document.issuer}`);
  return createRemoteJWKSet(new URL(document.jwks_uri));
}
