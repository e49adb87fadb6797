/** What sharing with a partner organization needs (product rules, section 2): checked here only. */
import type { EntityManager } from '@mikro-orm/postgresql';
import { DomainError, invalid } from '../errors.ts';
import type { Feature } from '../identity/organization.entity.ts';
import type { Partner } from '../identity/partner.entity.ts';
import {
  isOwnCase,
  level,
  ownEvidence,
  requirePermissions,
  type Staff,
} from '../identity/staff.ts';
import type { CaseId, EvidenceId, OrganizationId, PartnerId } from '../ids.ts';

/** The methods that need a partner. */
export type PartnerMethod = 'partner_access' | 'copy';

/** The partner that a case is shared with. */
export interface PartnerOrganization {
  readonly id: OrganizationId;
  /** Under which the case is shared. */
  readonly partnershipId: PartnerId;
  readonly name: string;
  readonly slug: string;
  readonly features: readonly Feature[];
}

interface PartnerRow {
  id: OrganizationId;
  partnershipId: PartnerId;
  name: string;
  slug: string;
  kind: string;
  own_kind: string;
  features: Feature[];
  may_send: boolean;
  may_receive: boolean;
}

/** Features that both sides need for a method. */
const FEATURES: Readonly<Record<PartnerMethod, readonly Feature[]>> = {
  partner_access: ['caseShare', 'caseShareByReference'],
  copy: ['caseShare'],
};

/**
 * The partner with this id, if a case of the user's organization may be shared with it by this method.
 * The row of the partnership is locked, so that it does not end in the middle of the act.
 * @throws DomainError naming what is missing and whose it is: `validation-failed` where there is no
 *   active partnership, `partner-access-not-for-justice`, `feature-missing`, `partner-direction-missing`
 */
export async function requirePartner(
  em: EntityManager,
  staff: Staff,
  method: PartnerMethod,
  partnerOrganizationId: OrganizationId,
): Promise<PartnerOrganization> {
  const [partner] = await em.execute<PartnerRow[]>(
    `select o.id, p.id as "partnershipId", o.name, o.slug, o.kind, own.kind as own_kind, to_json(o.features) as features,
       case when p.inviter_id = own.id then p.inviter_may_send else p.invitee_may_send end as may_send,
       case when p.inviter_id = own.id then p.invitee_may_receive else p.inviter_may_receive end as may_receive
     from partners p
     join organizations own on own.id = ?
     join organizations o on o.id = case when p.inviter_id = own.id then p.invitee_id else p.inviter_id end
     where p.state = 'active' and own.id in (p.inviter_id, p.invitee_id) and o.id = ?
     for share of p`,
    [staff.organization.id, partnerOrganizationId],
  );
  if (partner === undefined) {
    throw invalid({
      pointer: '/partnerOrganizationId',
      detail: 'This organization is not an active partner of yours.',
    });
  }
  if (method === 'partner_access' && [partner.kind, partner.own_kind].includes('justice')) {
    throw new DomainError(
      'partner-access-not-for-justice',
      'Partner access is not given to or by justice organizations. Share a copy of the case instead.',
    );
  }
  requireFeatures(staff, partner, FEATURES[method]);
  requireDirections(staff, partner);
  return partner;
}

function requireFeatures(staff: Staff, partner: PartnerRow, features: readonly Feature[]): void {
  const sides = [staff.organization, partner].map((side) => ({
    side,
    missing: features.filter((feature) => !side.features.includes(feature)),
  }));
  const lacking = sides.filter(({ missing }) => missing.length > 0);
  if (lacking.length === 0) return;
  const sentences = lacking.map(
    ({ side, missing }) => `${missing.join(' and ')} not switched on for ${side.name}`,
  );
  throw new DomainError(
    'feature-missing',
    `Sharing needs features: ${sentences.join('; ')}. The operator of this installation can switch them on.`,
    {
      members: {
        lacking: lacking.map(({ side, missing }) => ({ organization: side.slug, missing })),
      },
    },
  );
}

/** A partnership as one side sees it. */
export interface PartnershipView {
  readonly organization: { readonly name: string; readonly slug: string };
  readonly state: Partner['state'];
  readonly invitedByUs: boolean;
  readonly maySendTo: boolean;
  readonly theyMayReceiveFromUs: boolean;
}

/**
 * Refuses a partner that nothing can be sent to now, whatever the method.
 * @throws DomainError naming what is missing and whose it is: `permission-missing`, `wrong-state` where
 *   the partnership is not active, `partner-direction-missing`
 */
export function requireReceiver(staff: Staff, partner: PartnershipView): void {
  requirePermissions(staff, ['case.share', 'case.shareExternally'], true);
  const { name, slug } = partner.organization;
  if (partner.state !== 'active') {
    const invited = partner.invitedByUs
      ? `${name} has not accepted the invitation yet.`
      : `The invitation of ${name} waits for an administrator of ${staff.organization.name}.`;
    throw new DomainError(
      'wrong-state',
      partner.state === 'invited' ? invited : `The partnership with ${name} has ended.`,
      { members: { state: partner.state } },
    );
  }
  const { maySendTo, theyMayReceiveFromUs } = partner;
  requireDirections(staff, { name, slug, may_send: maySendTo, may_receive: theyMayReceiveFromUs });
}

function requireDirections(
  staff: Staff,
  partner: Pick<PartnerRow, 'name' | 'slug' | 'may_send' | 'may_receive'>,
): void {
  const missing = [
    ...(partner.may_send ? [] : [`${staff.organization.name} may not send to ${partner.name}`]),
    ...(partner.may_receive
      ? []
      : [`${partner.name} does not receive from ${staff.organization.name}`]),
  ];
  if (missing.length === 0) return;
  throw new DomainError(
    'partner-direction-missing',
    `${missing.join('; ')}. Each side's administrators set their own directions of the partnership.`,
    {
      members: {
        lacking: [
          ...(partner.may_send
            ? []
            : [{ organization: staff.organization.slug, missing: 'maySendTo' }]),
          ...(partner.may_receive
            ? []
            : [{ organization: partner.slug, missing: 'mayReceiveFrom' }]),
        ],
      },
    },
  );
}

/** @throws DomainError `permission-missing` where the case may not be shared with partners */
export async function requireCaseShareable(
  em: EntityManager,
  staff: Staff,
  caseId: CaseId,
): Promise<void> {
  const own = await isOwnCase(em, staff, caseId);
  requirePermissions(staff, ['case.share', 'case.shareExternally'], own);
}

/** @throws DomainError `permission-missing` where any of the evidence may not be shared with partners */
export async function requireEvidenceShareable(
  em: EntityManager,
  staff: Staff,
  evidenceIds: readonly EvidenceId[],
): Promise<void> {
  const needed = ['evidence.share', 'evidence.shareExternally'] as const;
  if (needed.every((permission) => level(staff, permission) === 'any')) return;
  const own = await ownEvidence(em, staff, evidenceIds);
  requirePermissions(staff, needed, own.size === evidenceIds.length);
}
