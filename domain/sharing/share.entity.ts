import { defineEntity, p } from '@mikro-orm/core';
import type { CaseId, OrganizationId, ShareId, UserId } from '../ids.ts';

/** The three ways to share a case (`product/case-sharing`, "Sharing methods"). */
const SHARE_METHODS = ['partner_access', 'copy', 'download_link'] as const;
export type ShareMethod = (typeof SHARE_METHODS)[number];

const SHARE_SCOPES = ['entire_case', 'selected'] as const;
export type ShareScope = (typeof SHARE_SCOPES)[number];

/** Why a share could not be made; the code is stable, the detail says what to do. */
export interface ShareFailure {
  readonly code: string;
  readonly detail: string;
}

const ShareSchema = defineEntity({
  name: 'Share',
  tableName: 'shares',
  discriminatorColumn: 'method',
  properties: {
    id: p.uuid().$type<ShareId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    caseId: p.uuid().$type<CaseId>(),
    method: p.enum(SHARE_METHODS),
    scope: p.enum(SHARE_SCOPES),
    createdBy: p.uuid().$type<UserId>(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
    version: p.integer().version(),
  },
});

/**
 * One act of sharing a case: what all methods have. Whether it is open is computed from its instants,
 * never stored.
 */
export class Share extends ShareSchema.class {}
ShareSchema.setClass(Share);
