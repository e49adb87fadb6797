import type { Staff } from '../identity/staff.ts';
import type { OrganizationId } from '../ids.ts';
import type { ApiClientGrant } from '../integration/client-grant.ts';

/** Who makes, changes and closes portals: staff, or an external system by its API client. */
export type PortalMaker =
  | { readonly type: 'staff'; readonly staff: Staff }
  | { readonly type: 'api_client'; readonly client: ApiClientGrant };

/** Who makes invites: those, or a visitor of a public portal. */
export type InviteMaker = PortalMaker | { readonly type: 'visitor' };

/** The organization that a maker acts in. */
export function organizationOf(by: PortalMaker): {
  readonly id: OrganizationId;
  readonly name: string;
} {
  return by.type === 'staff' ? by.staff.organization : by.client.organization;
}
