import fc from 'fast-check';
import { API_SCOPES } from '../../domain/integration/api-client.entity.ts';
import { OAuthError, type OAuthErrorCode } from './oauth-error.ts';
import { readTokenRequest } from './token-request.ts';

const ALL = 'grant_type=client_credentials&client_id=me&client_secret=it';

function basic(id: string, secret: string): string {
  const encode = (text: string) => new URLSearchParams({ x: text }).toString().slice(2);
  return `Basic ${Buffer.from(`${encode(id)}:${encode(secret)}`).toString('base64')}`;
}

interface Sent {
  readonly query?: string;
  readonly authorization?: string;
}

function refusal(form: string, sent: Sent = {}) {
  try {
    readTokenRequest({ form, query: '', authorization: '', ...sent });
    return null;
  } catch (error) {
    if (error instanceof OAuthError) return error.code;
    throw error;
  }
}

describe('a request for a token', () => {
  test('is read from the body, with every scope where none is named', () => {
    expect(readTokenRequest({ form: ALL, query: '', authorization: '' })).toEqual({
      clientId: 'me',
      clientSecret: 'it',
      partnerId: null,
      scopes: API_SCOPES,
    });
  });

  test('may name scopes, and the partner', () => {
    const form = `${ALL}&scope=incident-report%3Ainvite+incident-report:create&partner_id=p`;
    expect(readTokenRequest({ form, query: '', authorization: '' })).toMatchObject({
      partnerId: 'p',
      scopes: ['incident-report:create', 'incident-report:invite'],
    });
  });

  test('has any credentials by HTTP Basic, encoded as a form’s', () => {
    const text = fc.string({ minLength: 1, unit: 'grapheme' }).filter((one) => one.isWellFormed());
    fc.assert(
      fc.property(text, text, (clientId, clientSecret) => {
        const sent = {
          form: 'grant_type=client_credentials',
          query: '',
          authorization: basic(clientId, clientSecret),
        };
        expect(readTokenRequest(sent)).toMatchObject({ clientId, clientSecret });
      }),
    );
  });

  test('leaves out what is not known, and takes a parameter without a value for omitted', () => {
    expect(refusal(`${ALL}&audience=x&scope=&partner_id=`)).toBeNull();
    expect(refusal(ALL.replace('me', ''))).toBe('invalid_client');
  });

  test.each<readonly [string, OAuthErrorCode, string, Sent]>([
    ['nothing', 'invalid_client', '', {}],
    ['no credentials', 'invalid_client', 'grant_type=client_credentials', {}],
    ['no grant type', 'invalid_request', 'client_id=me&client_secret=it', {}],
    [
      'another grant type',
      'unsupported_grant_type',
      ALL.replace('client_credentials', 'password'),
      {},
    ],
    ['a scope that is none', 'invalid_scope', `${ALL}&scope=incident-report:create%20admin`, {}],
    [
      'two spaces between scopes',
      'invalid_scope',
      `${ALL}&scope=incident-report:create++admin`,
      {},
    ],
    ['a parameter twice', 'invalid_request', `${ALL}&client_id=me`, {}],
    ['an empty parameter twice', 'invalid_request', `${ALL}&scope=&scope=`, {}],
    ['both ways', 'invalid_request', ALL, { authorization: basic('me', 'it') }],
    [
      'two clients',
      'invalid_request',
      'grant_type=client_credentials&client_id=me',
      { authorization: basic('you', 'it') },
    ],
    ['credentials in the address', 'invalid_request', ALL, { query: 'client_secret=it' }],
    [
      'another scheme',
      'invalid_client',
      'grant_type=client_credentials',
      { authorization: 'Bearer x' },
    ],
    [
      'Basic without a colon',
      'invalid_client',
      'grant_type=client_credentials',
      { authorization: `Basic ${Buffer.from('me').toString('base64')}` },
    ],
    [
      'Basic with half an escape',
      'invalid_client',
      'grant_type=client_credentials',
      { authorization: `Basic ${Buffer.from('me:%e').toString('base64')}` },
    ],
  ])('with %s is refused: %s', (_, code, form, sent) => {
    expect(refusal(form, sent)).toBe(code);
  });

  test('is read or refused, whatever is sent', () => {
    const part = fc.oneof(
      fc.string(),
      fc.constantFrom('grant_type', 'client_credentials', '=', '&', '%'),
    );
    const text = fc.array(part).map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, text, text, (form, query, authorization) => {
        expect(() => refusal(form, { query, authorization })).not.toThrow();
      }),
    );
  });
});
