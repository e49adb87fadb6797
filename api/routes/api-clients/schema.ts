import { z } from 'zod';
import type { ApiClientId, ApiClientSecretId } from '../../../domain/ids.ts';
import { API_SCOPES } from '../../../domain/integration/api-client.entity.ts';
import { paging } from '../../paging.ts';
import { id, line } from '../../validation.ts';

export const apiClientParams = z.object({ apiClientId: id<ApiClientId>() });
export const secretParams = apiClientParams.extend({ secretId: id<ApiClientSecretId>() });

export const apiClientQuery = z.strictObject(paging);

const name = line(200).describe('usually that of the application that it connects');

export const newApiClient = z.strictObject({ name }).meta({ id: 'NewApiClient' });

export const apiClientChange = z.strictObject({ name }).partial().meta({ id: 'ApiClientChange' });

const clientSecret = z
  .string()
  .optional()
  .describe('shown in the answer that made it and nowhere else, not even under an Idempotency-Key');

export const apiClientView = z
  .object({
    id: z.uuid(),
    name: z.string(),
    clientId: z.uuid().describe('Client ID, the same as id'),
    partnerId: z.uuid().describe('Partner ID: the organization'),
    scopes: z.array(z.enum(API_SCOPES)),
    secrets: z
      .array(
        z.object({
          id: z.uuid(),
          createdAt: z.iso.datetime(),
          lastUsedAt: z.iso.datetime().nullable(),
        }),
      )
      .describe('oldest first; two at most'),
    createdBy: z.object({ id: z.uuid(), name: z.string() }),
    createdAt: z.iso.datetime(),
    updatedAt: z.iso.datetime(),
  })
  .meta({ id: 'ApiClient' });

export const newApiClientView = apiClientView
  .extend({ clientSecret })
  .meta({ id: 'CreatedApiClient' });

export const newSecretView = z
  .object({ id: z.uuid(), clientSecret })
  .meta({ id: 'CreatedClientSecret' });
