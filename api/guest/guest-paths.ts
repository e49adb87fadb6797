import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from 'zod-openapi';
import type { ProblemCode } from '../../domain/errors.ts';
import { answersOf, problemAnswers } from '../openapi.ts';
import type { GuestRoute } from './guest-route.ts';
import { activityLogPage, logQuery, requestParams } from './schema.ts';
import { guestUploadRoutes } from './upload-routes.ts';

const PREFIX = '/guest/v1/requests/{requestId}';
const TAG = 'Guests of an upload request';

/** What every call of a guest may be refused with. */
const EVERYWHERE: readonly ProblemCode[] = ['not-signed-in', 'link-dead', 'unavailable'];

/** What the OpenAPI document says of the calls of whoever holds a session of an upload request. */
export function guestPaths(): ZodOpenApiPathsObject {
  const paths: ZodOpenApiPathsObject = {};
  for (const { spec } of guestUploadRoutes) {
    const path = `${PREFIX}${spec.path}`;
    paths[path] = { ...paths[path], [spec.method]: operationOf(spec) };
  }
  const log = { tags: [TAG], requestParams: { path: requestParams }, security: [] };
  const problems = problemAnswers(EVERYWHERE);
  return {
    ...paths,
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

function operationOf(spec: GuestRoute['spec']): ZodOpenApiOperationObject {
  const codes = [
    ...EVERYWHERE,
    ...(spec.method === 'get' ? [] : (['cross-site-request', 'validation-failed'] as const)),
    ...(spec.problems ?? []),
  ];
  return {
    tags: [TAG],
    summary: spec.summary,
    operationId: operationId(spec.method, spec.path),
    description: [
      spec.description,
      'With the cookie that the link of the request was exchanged for (`POST /u/{token}`).',
    ]
      .filter((sentence) => sentence !== undefined)
      .join(' '),
    security: [],
    requestParams: {
      path: spec.params,
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

function operationId(method: string, path: string): string {
  const words = path
    .replaceAll(/\{(\w+)\}/g, 'one')
    .split(/[^A-Za-z0-9]+/)
    .filter((word) => word !== '');
  const name = words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
  return `${method}GuestRequest${name}`;
}
