import { z } from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { PROBLEMS, type ProblemCode } from '../domain/errors.ts';
import type { ApiScope } from '../domain/integration/api-client.entity.ts';
import type { Route } from './route.ts';

const problem = z
  .looseObject({
    type: z.string().describe('address of the explanation, relative to the API'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('what happened here, and what to do'),
    code: z.enum(Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]]).describe('stable'),
    requestId: z.string().describe('to be quoted to the operator'),
    errors: z
      .array(
        z.object({
          pointer: z
            .string()
            .describe(
              'JSON pointer into the body, `?name` of a query parameter, `!name` of a header',
            ),
          detail: z.string(),
        }),
      )
      .optional()
      .describe('with 422: every fault'),
  })
  .meta({ id: 'Problem', description: 'RFC 9457; further members depend on the code' });

/** The header that makes a POST safe to send again. */
export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/)
  .optional()
  .describe(
    'Kept for 24 hours for the caller and address: the same key and body gives the first answer again, with `Idempotency-Replayed: true`.',
  );
/** The header that keeps a change from being made on top of another. */
export const ifMatch = z
  .string()
  .optional()
  .describe('The ETag that was read. Where it has changed since, nothing happens: 412.');

const ETAG = {
  description: 'Version of the resource, for If-Match',
  schema: { type: 'string' },
} as const;

/** The OpenAPI 3.1 document of the staff API, and of what other parts describe of themselves. */
export function openApiDocument(routes: readonly Route[], publicPaths: ZodOpenApiPathsObject) {
  const paths: ZodOpenApiPathsObject = {};
  for (const { spec } of routes) {
    const path = `/api/v1${spec.path}`;
    paths[path] = { ...paths[path], [spec.method]: operationOf(spec) };
  }
  return createDocument({
    openapi: '3.1.1',
    info: {
      title: 'Casebridge',
      version: '1',
      description: [
        'Share evidence cases with partners, and collect evidence from others.',
        'Ids are UUIDs, times ISO 8601 in UTC, sizes bytes, hashes lower-case hex.',
        'Unknown fields are refused. Long work answers 202; `state` and `progress` tell how far it is.',
        'In development `POST /dev/token` gives a token.',
      ].join('\n\n'),
    },
    tags: [...new Set(routes.map(({ spec }) => spec.tag))].map((name) => ({ name })),
    paths: { ...paths, ...publicPaths },
    components: {
      schemas: { Problem: problem },
      securitySchemes: {
        staff: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'A token of the configured OIDC issuer',
        },
        client: {
          type: 'oauth2',
          description: 'An access token of an API client',
          flows: {
            clientCredentials: {
              tokenUrl: '/api/oauth2/token',
              scopes: {
                'incident-report:create': 'create incident-report portals',
                'incident-report:update': 'change and close them',
                'incident-report:invite': 'invite to them',
              } satisfies Record<ApiScope, string>,
            },
          },
        },
      },
    },
  });
}

function operationOf(spec: Route['spec']): ZodOpenApiOperationObject {
  const headers = {
    ...(spec.method === 'post' ? { 'Idempotency-Key': idempotencyKey } : {}),
    ...(spec.problems?.includes('precondition-failed') ? { 'If-Match': ifMatch } : {}),
  };
  return {
    tags: [spec.tag],
    summary: spec.summary,
    operationId: operationId(spec.method, spec.path),
    ...(spec.description === undefined ? {} : { description: spec.description }),
    security: [{ staff: [] }],
    requestParams: {
      ...(spec.params === undefined ? {} : { path: spec.params }),
      ...(spec.query === undefined ? {} : { query: spec.query }),
      ...(Object.keys(headers).length === 0 ? {} : { header: z.object(headers) }),
    },
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: spec.body } } },
        }),
    responses: { ...answersOf(spec), ...problemsOf(spec) },
  };
}

/** What the document says of the answers that a route gives. */
export function answersOf(
  spec: Pick<Route['spec'], 'answers' | 'problems'>,
): ZodOpenApiResponsesObject {
  const editable = spec.problems?.includes('precondition-failed') === true;
  return Object.fromEntries(
    Object.entries(spec.answers).map(([status, answer]) => [
      status,
      {
        description: answer.description,
        ...(editable && status !== '204' ? { headers: { ETag: ETAG } } : {}),
        ...(answer.body === undefined && answer.contentType === undefined
          ? {}
          : {
              content: {
                [answer.contentType ?? 'application/json']:
                  answer.body === undefined
                    ? { schema: { type: 'string' as const } }
                    : { schema: answer.body },
              },
            }),
      },
    ]),
  );
}

/** The problems that every staff route may answer with. */
const EVERYWHERE: readonly ProblemCode[] = [
  'not-signed-in',
  // To whoever has the token of an API client, at least.
  'permission-missing',
  'validation-failed',
  'unavailable',
];
/** What any request that may have a body may be answered with. */
export const WITH_BODY: readonly ProblemCode[] = [
  'malformed-request',
  'body-too-large',
  'unsupported-media-type',
];
const WITH_KEY: readonly ProblemCode[] = ['idempotency-key-reused', 'idempotency-key-in-use'];

function problemsOf(spec: Route['spec']): ZodOpenApiResponsesObject {
  const codes = new Set<ProblemCode>([
    ...EVERYWHERE,
    ...(spec.method === 'get' ? [] : WITH_BODY),
    ...(spec.method === 'post' ? WITH_KEY : []),
    ...(spec.problems ?? []),
  ]);
  return problemAnswers(codes);
}

/** What the document says of problems, by their status. */
export function problemAnswers(codes: Iterable<ProblemCode>): ZodOpenApiResponsesObject {
  const byStatus = Map.groupBy(new Set(codes), (code) => PROBLEMS[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, group]) => [
      String(status),
      {
        description: group.map((code) => `\`${code}\`: ${PROBLEMS[code].title}`).join('; '),
        content: { 'application/problem+json': { schema: problem } },
      },
    ]),
  );
}

/** `get /cases/{caseId}/audit.csv` becomes `getCasesByCaseIdAuditCsv`: stable, for generated clients. */
function operationId(method: string, path: string): string {
  const words = path
    .replaceAll(/\{(\w+)\}/g, (_, name: string) => `by-${name}`)
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  return method + words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
