import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { ProblemCode } from '../../domain/errors.ts';
import { API_SCOPES } from '../../domain/integration/api-client.entity.ts';
import { answersOf, idempotencyKey, ifMatch, problemAnswers, WITH_BODY } from '../openapi.ts';
import type { ClientRoute } from './client-route.ts';
import { CLIENT_PREFIX } from './client-router.ts';
import { CLIENT_ROUTES } from './incident-reports.ts';
import { OAUTH_ERRORS, type OAuthErrorCode } from './oauth-error.ts';
import { TOKEN_PATH } from './token-endpoint.ts';

const TAG = 'External systems';

/** What every call of an external system may be refused with. */
const EVERYWHERE: readonly ProblemCode[] = [
  'not-signed-in',
  'permission-missing',
  'feature-missing',
  'validation-failed',
  'too-many-requests',
  'unavailable',
  ...WITH_BODY,
];
const WITH_KEY: readonly ProblemCode[] = ['idempotency-key-reused', 'idempotency-key-in-use'];

/** What the OpenAPI document says of external systems: their tokens, and their three calls. */
export function clientPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = { [TOKEN_PATH]: { post: tokenOperation } };
  for (const { spec } of CLIENT_ROUTES) {
    const path = `${CLIENT_PREFIX}${spec.path}`;
    paths[path] = { ...paths[path], [spec.method]: operationOf(spec) };
  }
  return paths;
}

/** What each call is named for generated clients. */
const OPERATIONS = {
  'incident-report:create': 'createIncidentReport',
  'incident-report:update': 'changeIncidentReport',
  'incident-report:invite': 'createIncidentReportInviteLink',
} as const;

function operationOf(spec: ClientRoute['spec']): ZodOpenApiOperationObject {
  const isPost = spec.method === 'post';
  const header = z.object(isPost ? { 'Idempotency-Key': idempotencyKey } : { 'If-Match': ifMatch });
  return {
    tags: [TAG],
    summary: spec.summary,
    operationId: OPERATIONS[spec.scope],
    ...(spec.description === undefined ? {} : { description: spec.description }),
    security: [{ client: [spec.scope] }],
    requestParams: { ...(spec.params === undefined ? {} : { path: spec.params }), header },
    requestBody: { required: true, content: { 'application/json': { schema: spec.body } } },
    responses: {
      ...answersOf(spec),
      ...problemAnswers([...EVERYWHERE, ...(isPost ? WITH_KEY : []), ...(spec.problems ?? [])]),
    },
  };
}

const refusal = z
  .object({
    error: z.enum(Object.keys(OAUTH_ERRORS) as [OAuthErrorCode, ...OAuthErrorCode[]]),
    error_description: z.string(),
  })
  .meta({ id: 'OAuthError', description: 'RFC 6749, section 5.2' });

const refused = (description: string) => ({
  description,
  content: { 'application/json': { schema: refusal } },
});

const tokenOperation: ZodOpenApiOperationObject = {
  tags: [TAG],
  summary: 'Ask for an access token',
  description:
    'OAuth 2 client credentials (RFC 6749, section 4.4). The client authenticates in the body, or by HTTP Basic, not both. The token lives an hour, and is cut off with its client or secret.',
  operationId: 'createAccessToken',
  security: [],
  requestBody: {
    required: true,
    content: {
      'application/x-www-form-urlencoded': {
        schema: z
          .object({
            grant_type: z.literal('client_credentials'),
            client_id: z.string().optional().describe('Client ID'),
            client_secret: z.string().optional(),
            partner_id: z.string().optional().describe('Partner ID; checked where it is sent'),
            scope: z.string().optional().describe('by spaces; all where none is named'),
          })
          .meta({ id: 'TokenRequest' }),
      },
    },
  },
  responses: {
    200: {
      description: 'The token, shown once',
      content: {
        'application/json': {
          schema: z
            .object({
              access_token: z.string(),
              token_type: z.literal('Bearer'),
              expires_in: z.int().describe('seconds'),
              scope: z.string().describe(API_SCOPES.join(' ')),
            })
            .meta({ id: 'AccessToken' }),
        },
      },
    },
    400: refused('The request is not one that can be answered'),
    401: refused('The credentials are not those of a client'),
    429: refused('Too many requests; try again after as many seconds as Retry-After says'),
    503: refused('Not available at the moment; try again as Retry-After says'),
  },
};
