import { defineEntity, p } from '@mikro-orm/core';
import { LANGUAGES } from '../identity/user.entity.ts';
import type { OrganizationId, TrustedUserId, UserId } from '../ids.ts';

const TrustedUserSchema = defineEntity({
  name: 'TrustedUser',
  tableName: 'trusted_users',
  properties: {
    id: p.uuid().$type<TrustedUserId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    /** In lower case. */
    email: p.text(),
    name: p.text().nullable(),
    language: p.enum(LANGUAGES),
    addedBy: p.uuid().$type<UserId>(),
    addedAt: p.datetime(),
    removedAt: p.datetime().nullable(),
    version: p.integer().version(),
  },
});

/** An e-mail address that an organization may ask for evidence; it has no account. */
export class TrustedUser extends TrustedUserSchema.class {}
TrustedUserSchema.setClass(TrustedUser);
