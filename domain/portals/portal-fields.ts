/** What is said of a portal, checked against the settings and the organization (product rules, section 5). */
import type { EntityManager } from '@mikro-orm/postgresql';
import type { Fault } from '../errors.ts';
import { gatherFaults } from '../gather-faults.ts';
import { requirePrincipals } from '../identity/principals.ts';
import type { CategoryId, OrganizationId, UserId } from '../ids.ts';
import { requireKnown } from '../require-known.ts';
import { uuids } from '../sql.ts';
import type { FieldRule, IncidentInfo } from './invite-settings.ts';
import type { PortalKind } from './portal.entity.ts';

/** Where in a request each field of a portal stands. */
export type FieldPointers = Readonly<
  Record<'id' | 'categories' | 'description' | 'owner' | 'evidenceOwner', string>
>;

/** External systems call the fields by other names than staff do. */
export function pointersOf(kind: PortalKind): FieldPointers {
  const named =
    kind === 'incident_report'
      ? {
          id: 'id',
          categories: 'categories',
          owner: 'requestOwner',
          evidenceOwner: 'evidenceOwner',
        }
      : {
          id: 'reportId',
          categories: 'categoryIds',
          owner: 'ownerId',
          evidenceOwner: 'evidenceOwnerId',
        };
  const pointers = Object.entries({ ...named, description: 'description' });
  return Object.fromEntries(
    pointers.map(([field, name]) => [field, `/${name}`]),
  ) as unknown as FieldPointers;
}

/** What is filled in of an incident; a field that is undefined is not spoken of, null or none empties it. */
export interface FilledIn {
  readonly id?: string | null | undefined;
  readonly description?: string | null | undefined;
  /** How many. */
  readonly categories?: number | undefined;
}

/**
 * The faults of what is filled in of an incident: a required field that is empty, a hidden one that is
 * not. What is not spoken of has none.
 */
export function incidentFaults(
  rules: IncidentInfo,
  filled: FilledIn,
  pointers: FieldPointers,
): Fault[] {
  const fault = (rule: FieldRule, isFilled: boolean | undefined): string | null => {
    if (isFilled === undefined) return null;
    if (rule === 'required' && !isFilled) return 'It is required.';
    if (rule === 'hidden' && isFilled) return 'This field is not taken here. Leave it out.';
    return null;
  };
  const isFilled = (text: string | null | undefined) =>
    text === undefined ? undefined : text !== null && text !== '';
  const found = {
    id: fault(rules.id, isFilled(filled.id)),
    description: fault(rules.description, isFilled(filled.description)),
    categories: fault(
      rules.categories,
      filled.categories === undefined ? undefined : filled.categories > 0,
    ),
  };
  return (['id', 'categories', 'description'] as const).flatMap((field) => {
    const detail = found[field];
    return detail === null ? [] : [{ pointer: pointers[field], detail }];
  });
}

/** Whom and what a portal names of its organization. */
export interface NamedByPortal {
  readonly ownerId?: UserId | undefined;
  readonly evidenceOwnerId?: UserId | undefined;
  readonly categoryIds?: readonly CategoryId[] | undefined;
}

/** The faults of what a portal names and the organization does not have. */
export async function namedFaults(
  em: EntityManager,
  organizationId: OrganizationId,
  named: NamedByPortal,
  pointers: FieldPointers,
): Promise<Fault[]> {
  const faults: Fault[] = [];
  const user = (id: UserId | undefined, pointer: string) =>
    id === undefined ? [] : [{ type: 'user' as const, id, pointer }];
  await gatherFaults(faults, async () =>
    requirePrincipals(em, organizationId, [
      ...user(named.ownerId, pointers.owner),
      ...user(named.evidenceOwnerId, pointers.evidenceOwner),
    ]),
  );
  const { categoryIds = [] } = named;
  if (categoryIds.length === 0) return faults;
  const rows = await em.execute<{ id: CategoryId }[]>(
    'select id from categories where organization_id = ? and id = any(?::uuid[]) for key share',
    [organizationId, uuids(categoryIds)],
  );
  const known = new Set(rows.map(({ id }) => id));
  await gatherFaults(faults, async () =>
    requireKnown(
      categoryIds.map((id, index) => ({
        id,
        type: 'category',
        pointer: `${pointers.categories}/${index}`,
      })),
      ({ id }) => known.has(id),
    ),
  );
  return faults;
}
