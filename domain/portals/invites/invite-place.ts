import type { InviteId, OrganizationId, PortalId } from '../../ids.ts';
import type { LifeRef } from '../../lifecycle/wake.ts';

/** Where an invite belongs: what its audit events and its lives are about. */
export interface InvitePlace {
  readonly inviteId: InviteId;
  readonly portalId: PortalId;
  readonly organizationId: OrganizationId;
}

/** The life of an invite. */
export function inviteLife({ inviteId, organizationId }: InvitePlace): LifeRef {
  return { kind: 'portal-invite', entityId: inviteId, organizationId, caseId: null };
}

/** The life of a portal. */
export function portalLife({
  portalId,
  organizationId,
}: Pick<InvitePlace, 'portalId' | 'organizationId'>): LifeRef {
  return { kind: 'portal', entityId: portalId, organizationId, caseId: null };
}

/** The intake of an invite's uploads: its own, so that they wait for nobody else's. */
export function inviteIntake({ inviteId, organizationId }: InvitePlace): LifeRef {
  return { kind: 'evidence-intake', entityId: inviteId, organizationId, caseId: null };
}

/** What an event about an invite says of it, and of what else the event is about. */
export function entryOfInvite(place: InvitePlace, ...others: readonly string[]) {
  return {
    organizationId: place.organizationId,
    objects: [place.inviteId, place.portalId, ...others],
  };
}
