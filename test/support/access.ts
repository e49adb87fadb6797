/** Partner access and those who use it, as tests of their bytes need them. */
import { act } from '../../domain/act.ts';
import type { Case } from '../../domain/cases/case.entity.ts';
import type { Organization } from '../../domain/identity/organization.entity.ts';
import type { Partner } from '../../domain/identity/partner.entity.ts';
import type { User } from '../../domain/identity/user.entity.ts';
import {
  createPartnerAccess,
  type PartnerAccessChoice,
} from '../../domain/sharing/partner-access/create-partner-access.ts';
import type { PartnerAccess } from '../../domain/sharing/partner-access/partner-access.entity.ts';
import type { TestApi } from './api.ts';
import { buildOrganization, buildPartner, buildUser, staffOf } from './factories.ts';

/** A partner of an organization, with users. */
export interface TestPartner {
  readonly organization: Organization;
  readonly partnership: Partner;
  readonly users: readonly User[];
}

/** A partner that may receive, with so many administrators. */
export async function buildPartnerWithUsers(
  api: TestApi,
  of: Organization,
  count: number,
): Promise<TestPartner> {
  const organization = await buildOrganization(api, { name: 'Westbrook Police' });
  const partnership = await buildPartner(api, of, organization);
  const users: User[] = [];
  for (let user = 0; user < count; user += 1) users.push(await buildUser(api, { organization }));
  return { organization, partnership, users };
}

/** Access to a case for all users of a partner, by name: to view and download unless told otherwise. */
export async function buildAccess(
  api: TestApi,
  owner: User,
  inCase: Pick<Case, 'id'>,
  partner: TestPartner,
  choice: Partial<PartnerAccessChoice> = {},
): Promise<PartnerAccess> {
  const staff = await staffOf(api, owner);
  return act(api, { actor: staff.actor }, async (acting) =>
    createPartnerAccess(acting, staff, inCase.id, {
      partnerOrganizationId: partner.organization.id,
      recipients: partner.users.map(({ id }) => ({ type: 'user', id })),
      scope: { type: 'entire_case' },
      access: 'view_and_download',
      durationDays: 90,
      message: null,
      ...choice,
    }),
  );
}
