import { z } from 'zod';
import type { ZodOpenApiPathsObject } from 'zod-openapi';
import { guestPaths } from '../guest/guest-paths.ts';
import { clientPaths } from '../integration/client-paths.ts';

/** What the OpenAPI document says of addresses that need no staff token. */
export const PUBLIC_PATHS: ZodOpenApiPathsObject = {
  ...guestPaths(),
  ...clientPaths(),
  '/health/live': {
    get: {
      tags: ['Health'],
      summary: 'Whether the process runs',
      operationId: 'getHealthLive',
      responses: {
        200: {
          description: 'It does',
          content: { 'application/json': { schema: z.object({ live: z.literal(true) }) } },
        },
      },
    },
  },
  '/health/ready': {
    get: {
      tags: ['Health'],
      summary: 'Whether requests can be served',
      description:
        'PostgreSQL answers, the object store can be reached, and the process is not stopping.',
      operationId: 'getHealthReady',
      responses: {
        200: {
          description: 'They can',
          content: { 'application/json': { schema: z.object({ ready: z.boolean() }) } },
        },
        503: {
          description: 'They cannot',
          content: { 'application/json': { schema: z.object({ ready: z.boolean() }) } },
        },
      },
    },
  },
};
