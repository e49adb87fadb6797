import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { ProblemCode } from '../../domain/errors.ts';
import { answersOf, problemAnswers, WITH_BODY } from '../openapi.ts';
import type { GuestKind } from './guest-kind.ts';
import type { GuestRoute } from './guest-route.ts';
import {
  INVITE_GUEST,
  INVITE_GUEST_ROUTES,
  SUBMITTING_GUEST,
  SUBMITTING_GUEST_ROUTES,
} from './invite-guest.ts';
import { REQUEST_GUEST, REQUEST_GUEST_ROUTES } from './request-guest.ts';
import { activityLogPage, logQuery, requestParams } from './schema.ts';

const { prefix: PREFIX, tag: TAG } = REQUEST_GUEST;

/** What every call of a guest may be refused with. */
const EVERYWHERE: readonly ProblemCode[] = [
  'not-signed-in',
  'link-dead',
  'not-found',
  'validation-failed',
  'unavailable',
];

/** What the OpenAPI document says of the calls of guests. */
export function guestPaths(): ZodOpenApiPathsObject {
  const paths = pathsOf(REQUEST_GUEST, REQUEST_GUEST_ROUTES);
  const log = { tags: [TAG], requestParams: { path: requestParams }, security: [] };
  const problems = problemAnswers(EVERYWHERE);
  return {
    ...paths,
    ...pathsOf(INVITE_GUEST, INVITE_GUEST_ROUTES),
    ...pathsOf(SUBMITTING_GUEST, SUBMITTING_GUEST_ROUTES),
    [`${PREFIX}/activity-log`]: {
      get: {
        ...log,
        operationId: 'getGuestRequestActivityLog',
        summary: 'Read what happened to the request, oldest first',
        description: 'Also with the session of a link to the activity log, which opens only this.',
        requestParams: { ...log.requestParams, query: logQuery },
        responses: {
          200: {
            description: 'A page of the log',
            content: { 'application/json': { schema: activityLogPage } },
          },
          ...problems,
        },
      },
    },
    [`${PREFIX}/activity-log.csv`]: exported('Csv', 'text/csv', 'The same as a table'),
    [`${PREFIX}/activity-log.pdf`]: exported('Pdf', 'application/pdf', 'The same as a document'),
  };
}

function exported(format: string, contentType: string, summary: string) {
  return {
    get: {
      tags: [TAG],
      requestParams: { path: requestParams },
      security: [],
      operationId: `getGuestRequestActivityLog${format}`,
      summary,
      responses: {
        200: {
          description: 'All events',
          content: { [contentType]: { schema: { type: 'string' as const } } },
        },
        ...problemAnswers(EVERYWHERE),
      },
    },
  };
}

/** The calls of one kind of guest. */
function pathsOf<Grant>(
  kind: GuestKind<Grant>,
  routes: readonly GuestRoute[],
): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const { spec } of routes) {
    const path = `${kind.prefix}${spec.path}`;
    paths[path] = { ...paths[path], [spec.method]: operationOf(kind, spec) };
  }
  return paths;
}

function operationOf<Grant>(
  kind: GuestKind<Grant>,
  spec: GuestRoute['spec'],
): ZodOpenApiOperationObject {
  const codes = [
    ...EVERYWHERE,
    ...(spec.method === 'get' ? [] : (['cross-site-request', ...WITH_BODY] as const)),
    ...(spec.problems ?? []),
  ];
  return {
    tags: [kind.tag],
    summary: spec.summary,
    operationId: operationId(kind, spec),
    description: [spec.description, `With the cookie that ${kind.cookie}.`]
      .filter((sentence) => sentence !== undefined)
      .join(' '),
    security: [],
    requestParams: {
      path: kind.params.extend(spec.params.shape),
      ...(spec.query === undefined ? {} : { query: spec.query }),
    },
    ...(spec.body === undefined
      ? {}
      : {
          requestBody: { required: true, content: { 'application/json': { schema: spec.body } } },
        }),
    responses: { ...answersOf(spec), ...problemAnswers(codes) },
  };
}

function operationId<Grant>(
  { operation }: GuestKind<Grant>,
  { method, path }: GuestRoute['spec'],
): string {
  const words = path
    .replaceAll(/\{(\w+)\}/g, 'one')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method}${operation}${name}`;
}
