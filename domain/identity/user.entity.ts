import { defineEntity, p } from '@mikro-orm/core';
import type { GroupId, OrganizationId, RoleId, UserId } from '../ids.ts';
import type { Grants } from './permissions.ts';

export const LANGUAGES = ['en', 'es', 'fr'] as const;
export type Language = (typeof LANGUAGES)[number];

const UserSchema = defineEntity({
  name: 'User',
  tableName: 'users',
  properties: {
    id: p.uuid().$type<UserId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    email: p.text(),
    name: p.text(),
    language: p.enum(LANGUAGES),
    disabledAt: p.datetime().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** Somebody of an organization's staff; found by e-mail address, unique in the installation. */
export class User extends UserSchema.class {}
UserSchema.setClass(User);

const GroupSchema = defineEntity({
  name: 'Group',
  tableName: 'groups',
  properties: {
    id: p.uuid().$type<GroupId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    name: p.text(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A named set of users; membership is looked up at each access. */
export class Group extends GroupSchema.class {}
GroupSchema.setClass(Group);

const RoleSchema = defineEntity({
  name: 'Role',
  tableName: 'roles',
  properties: {
    id: p.uuid().$type<RoleId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    name: p.text(),
    builtIn: p.boolean(),
    permissions: p.json().$type<Grants>(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** A named set of permissions that an administrator edits. */
export class Role extends RoleSchema.class {}
RoleSchema.setClass(Role);
