import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { oidcVerifier, type TokenVerifier } from './middleware/authenticate.ts';

/** Names tokens of the built-in issuer; it is no address that anything could be fetched from. */
export const DEVELOPMENT_ISSUER = 'urn:casebridge:development';

/** Hours that a development token is valid. */
const VALID_HOURS = 12;

/** Issues staff tokens without a password, for development and tests. */
export interface DevelopmentIssuer {
  /** A token that speaks for this e-mail address, whoever asks for it. */
  issue(email: string): Promise<string>;
  readonly verify: TokenVerifier;
}

/** Makes an issuer with a key of its own: its tokens end with the process. */
export async function createDevelopmentIssuer(audience: string): Promise<DevelopmentIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256');
  const keys = createLocalJWKSet({ keys: [{ ...(await exportJWK(publicKey)), alg: 'ES256' }] });
  return {
    issue: async (email) =>
      new SignJWT({ email })
        .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
        .setIssuer(DEVELOPMENT_ISSUER)
        .setAudience(audience)
        .setSubject(email)
        .setIssuedAt()
        .setExpirationTime(`${VALID_HOURS}h`)
        .sign(privateKey),
    verify: oidcVerifier({ issuer: DEVELOPMENT_ISSUER, audience, keys }),
  };
}
