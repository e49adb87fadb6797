import type { LifeRef } from '../lifecycle/wake.ts';
import type { RequestPlace } from './request-links.ts';

/** The life of a request. */
export function requestLife({ requestId, organizationId, caseId }: RequestPlace): LifeRef {
  return { kind: 'upload-request', entityId: requestId, organizationId, caseId };
}

/** The intake of a request's uploads: its own, so that they wait for nobody else's. */
export function requestIntake({ requestId, organizationId, caseId }: RequestPlace): LifeRef {
  return { kind: 'evidence-intake', entityId: requestId, organizationId, caseId };
}

/** What an event about a request says of it, and of what else the event is about. */
export function entryOfRequest(place: RequestPlace, ...others: readonly string[]) {
  return {
    organizationId: place.organizationId,
    objects: [place.requestId, place.caseId, ...others],
  };
}
