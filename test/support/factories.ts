import { createHash, randomUUID } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { type Act, type Acting, act, OPERATOR, unpoked } from '../../domain/act.ts';
import type { Case } from '../../domain/cases/case.entity.ts';
import { type CaseFields, createCase } from '../../domain/cases/commands.ts';
import { Evidence } from '../../domain/evidence/evidence.entity.ts';
import { FEATURES, type Organization } from '../../domain/identity/organization.entity.ts';
import { createOrganization, type NewOrganization } from '../../domain/identity/organizations.ts';
import type { Partner } from '../../domain/identity/partner.entity.ts';
import { acceptPartner, invitePartner } from '../../domain/identity/partners.ts';
import { BUILT_IN_ROLES, type Grants, PERMISSIONS } from '../../domain/identity/permissions.ts';
import { findStaff, type Staff } from '../../domain/identity/staff.ts';
import { Group, Role, type User } from '../../domain/identity/user.entity.ts';
import { addUser } from '../../domain/identity/users.ts';
import {
  type EvidenceId,
  type GroupId,
  newId,
  type RoleId,
  type UserId,
} from '../../domain/ids.ts';
import { Category } from '../../domain/retention/category.entity.ts';
import type { ObjectStore } from '../../platform/object-store/object-store.ts';

/** What factories build in: a running test API is one. */
export interface Building extends Acting {
  readonly store: ObjectStore;
}

function operate<T>(building: Acting, work: (act: Act) => Promise<T>): Promise<T> {
  return act(unpoked(building.database), OPERATOR, work);
}

/** Something that is nowhere else in the database, for names that have to be unique. */
export function unique(prefix: string): string {
  return `${prefix}-${randomUUID().slice(0, 8)}`;
}

/** An organization with every feature, unless it is told otherwise. */
export async function buildOrganization(
  building: Acting,
  fields: Partial<NewOrganization> = {},
): Promise<Organization> {
  return operate(building, (acting) =>
    createOrganization(acting, {
      slug: unique('org'),
      name: 'Northfield Police',
      kind: 'police',
      timeZone: 'America/Chicago',
      region: 'us',
      features: FEATURES,
      ...fields,
    }),
  );
}

/** A user; built-in roles by name, an administrator where none are named. */
export async function buildUser(
  building: Acting,
  options: {
    readonly organization?: Pick<Organization, 'id'>;
    readonly roles?: readonly string[];
    readonly email?: string;
    readonly name?: string;
    readonly language?: User['language'];
  } = {},
): Promise<User> {
  const organization = options.organization ?? (await buildOrganization(building));
  return operate(building, async (acting) => {
    const names = options.roles ?? [BUILT_IN_ROLES[0]?.name ?? ''];
    const roles = await acting.em.find(Role, {
      organizationId: organization.id,
      name: { $in: [...names] },
    });
    if (roles.length !== names.length) throw new Error(`roles not found among ${names.join(', ')}`);
    return addUser(acting, organization.id, {
      email: options.email ?? `${unique('user')}@example.test`,
      name: options.name ?? 'A member of staff',
      language: options.language ?? 'en',
      roles: roles.map(({ id }) => id),
    });
  });
}

/** A role with exactly these permissions. */
export async function buildRole(
  building: Acting,
  organization: Pick<Organization, 'id'>,
  permissions: Grants,
): Promise<Role> {
  const now = new Date();
  return operate(building, async ({ em }) =>
    em.create(Role, {
      id: newId<RoleId>(),
      organizationId: organization.id,
      name: unique('role'),
      builtIn: false,
      permissions,
      createdAt: now,
      updatedAt: now,
    }),
  );
}

/** A user who may do these things and nothing else. */
export async function buildUserWith(
  building: Acting,
  organization: Pick<Organization, 'id'>,
  permissions: Grants,
): Promise<User> {
  const { name } = await buildRole(building, organization, permissions);
  return buildUser(building, { organization, roles: [name] });
}

/** A user who may do everything but these things. */
export async function buildUserWithout(
  building: Acting,
  organization: Pick<Organization, 'id'>,
  ...missing: readonly (keyof Grants)[]
): Promise<User> {
  const granted = PERMISSIONS.filter((permission) => !missing.includes(permission));
  return buildUserWith(
    building,
    organization,
    Object.fromEntries(granted.map((permission) => [permission, 'any'])),
  );
}

/** A group of an organization with these members. */
export async function buildGroup(
  building: Acting,
  organization: Pick<Organization, 'id'>,
  members: readonly { readonly id: UserId }[] = [],
): Promise<Group> {
  const now = new Date();
  return operate(building, async ({ em }) => {
    const group = em.create(Group, {
      id: newId<GroupId>(),
      organizationId: organization.id,
      name: unique('group'),
      createdAt: now,
      updatedAt: now,
    });
    await em.flush();
    for (const { id } of members) {
      await em.execute(`insert into group_members (group_id, user_id) values (?, ?)`, [
        group.id,
        id,
      ]);
    }
    return group;
  });
}

export async function buildCategory(
  building: Acting,
  organization: Pick<Organization, 'id'>,
  fields: { readonly name?: string; readonly retentionDays?: number | null } = {},
): Promise<Category> {
  const now = new Date();
  return operate(building, async ({ em }) =>
    em.create(Category, {
      id: newId(),
      organizationId: organization.id,
      name: fields.name ?? unique('category'),
      retentionDays: fields.retentionDays ?? null,
      createdAt: now,
      updatedAt: now,
    }),
  );
}

/** An active partnership; both sides may send and receive unless it is told otherwise. */
export async function buildPartner(
  building: Acting,
  inviter: Organization,
  invitee: Organization,
  options: { readonly accepted?: boolean } = {},
): Promise<Partner> {
  const both = { maySendTo: true, mayReceiveFrom: true };
  const asStaff = async (organization: Organization) =>
    staffOf(building, await buildUser(building, { organization }));
  const [ours, theirs] = [await asStaff(inviter), await asStaff(invitee)];
  const invited = await operate(building, (acting) =>
    invitePartner(acting, ours, { organizationSlug: invitee.slug, ...both }),
  );
  if (options.accepted === false) return invited;
  return operate(building, (acting) => acceptPartner(acting, theirs, invited.id, both));
}

/** The user as commands take it, with the roles and groups that it has now. */
export async function staffOf(
  { database }: Pick<Acting, 'database'>,
  user: Pick<User, 'email'>,
): Promise<Staff> {
  const staff = await findStaff(database.em.fork(), user.email);
  if (staff === null) throw new Error('the user is disabled, or was never stored');
  return staff;
}

/** A case of its owner, who is a new administrator where none is given. */
export async function buildCase(
  building: Acting,
  options: { readonly owner?: Pick<User, 'email'> } & Partial<CaseFields> = {},
): Promise<Case> {
  const { owner = await buildUser(building), ...fields } = options;
  const staff = await staffOf(building, owner);
  return act(unpoked(building.database), { actor: staff.actor }, async (acting) =>
    createCase(acting, staff, {
      caseNumber: unique('2026'),
      title: 'Burglary, Mill Road',
      description: null,
      tags: [],
      policeNumber: null,
      accused: null,
      courtNumber: null,
      ...fields,
    }),
  );
}

/**
 * Evidence with its object in the store, under the right size, SHA-256 and CRC-32: active unless
 * told otherwise, and in the case where one is given.
 */
export async function buildEvidence(
  building: Building,
  options: {
    readonly owner?: Pick<User, 'id' | 'name' | 'organizationId'>;
    readonly inCase?: Pick<Case, 'id'>;
    readonly content?: Buffer;
    readonly fields?: Partial<Evidence>;
  } = {},
): Promise<Evidence> {
  const owner = options.owner ?? (await buildUser(building));
  const content = options.content ?? Buffer.from(`evidence ${randomUUID()}`);
  const objectKey = `evidence/${owner.organizationId}/${randomUUID()}`;
  await building.store.put(objectKey, content, 'application/octet-stream');
  const stored = await building.store.stat(objectKey);
  const now = new Date();
  return operate(building, async ({ em }) => {
    const evidence = em.create(Evidence, {
      id: newId<EvidenceId>(),
      organizationId: owner.organizationId,
      evidenceNumber: unique('E'),
      title: 'Camera 3',
      description: null,
      state: 'active',
      classification: 'unrestricted',
      fileName: 'cam3.mp4',
      contentType: 'video/mp4',
      size: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
      crc32: crc32(content),
      objectKey,
      objectVersion: stored.versionId,
      objectEtag: stored.etag,
      recordedAt: null,
      uploadedAt: now,
      uploadedBy: { type: 'user', id: owner.id, name: owner.name },
      ownerId: owner.id,
      assigneeId: owner.id,
      evidenceGroupId: null,
      originalEvidenceGroup: null,
      tags: [],
      customMetadata: {},
      sensitiveContentWarning: false,
      source: {},
      location: null,
      gpsTrack: null,
      multicamGroup: null,
      fleet: null,
      hold: null,
      queuedForDeletionOn: null,
      copiedFrom: null,
      createdAt: now,
      updatedAt: now,
      ...options.fields,
    });
    await em.flush();
    if (options.inCase !== undefined) {
      await em.execute(
        `insert into case_evidence (case_id, evidence_id, added_at) values (?, ?, clock_timestamp())`,
        [options.inCase.id, evidence.id],
      );
    }
    return evidence;
  });
}
