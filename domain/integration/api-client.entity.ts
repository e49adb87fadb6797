import { defineEntity, p } from '@mikro-orm/core';
import type { ApiClientId, OrganizationId, UserId } from '../ids.ts';

/** All that an API client may do, and every client may do it. */
export const API_SCOPES = [
  'incident-report:create',
  'incident-report:update',
  'incident-report:invite',
] as const;
export type ApiScope = (typeof API_SCOPES)[number];

/** What administrators are told of, each by one mail. */
const API_CLIENT_CHANGES = ['created', 'secret_added', 'secret_removed', 'deleted'] as const;
export type ApiClientChange = (typeof API_CLIENT_CHANGES)[number];

const ApiClientSchema = defineEntity({
  name: 'ApiClient',
  tableName: 'api_clients',
  properties: {
    /** The Client ID that the external system shows. */
    id: p.uuid().$type<ApiClientId>().primary(),
    /** The Partner ID. */
    organizationId: p.uuid().$type<OrganizationId>(),
    name: p.text(),
    createdBy: p.uuid().$type<UserId>(),
    deletedAt: p.datetime().nullable(),
    deletedBy: p.uuid().$type<UserId>().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** An external system that makes incident-report portals. */
export class ApiClient extends ApiClientSchema.class {}
ApiClientSchema.setClass(ApiClient);
