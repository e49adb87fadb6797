/**
 * What an archive of format version 2 says beside its files: of the act of sharing, of the case, of
 * each piece of evidence. Which facts these are, and which stay with the organization, is decided in
 * `docs/decisions/0007-what-a-recipient-is-told.md`.
 */

/** The sharing itself, and the case as it was then. */
export interface SharingFacts {
  readonly sharedBy: { readonly name: string };
  readonly scope: 'entire_case' | 'selected';
  readonly caseDescription: string | null;
  readonly caseTags: readonly string[];
  /** The last event of the organization's audit chain before the manifest was frozen. */
  readonly audit: {
    /** 0 where the chain was empty. */
    readonly sequence: number;
    /** 64 lower-case hexadecimal digits. */
    readonly hash: string;
  };
}

/** A piece of evidence beside its bytes, in the words of the evidence API. */
export interface EvidenceFacts {
  readonly evidenceNumber: string;
  readonly title: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly contentType: string;
  /** ISO 8601 instants. */
  readonly recordedAt: string | null;
  readonly uploadedAt: string;
  readonly sensitiveContentWarning: boolean;
  readonly source: { readonly model: string | null; readonly serialNumber: string | null };
  /** Degrees in WGS 84. */
  readonly location: {
    readonly latitude: number;
    readonly longitude: number;
    readonly address: string | null;
  } | null;
  /** Recordings of one scene have the same. */
  readonly multicamGroup: string | null;
  readonly fleet: {
    readonly generation: number;
    readonly vehicleId: string | null;
    readonly serialNumber: string | null;
    readonly model: string | null;
    readonly cameraMountPosition: string | null;
  } | null;
}

/** The same facts with the same keys in the same order, whatever order they came in. */
export function orderedSharing(facts: SharingFacts): SharingFacts {
  const { sharedBy, scope, caseDescription, caseTags, audit } = facts;
  return {
    sharedBy: { name: sharedBy.name },
    scope,
    caseDescription,
    caseTags,
    audit: { sequence: audit.sequence, hash: audit.hash },
  };
}

/** The same facts with the same keys in the same order, whatever order they came in. */
export function orderedEvidence(facts: EvidenceFacts): EvidenceFacts {
  const { evidenceNumber, title, description, tags, contentType, recordedAt, uploadedAt } = facts;
  const { sensitiveContentWarning, source, location, multicamGroup, fleet } = facts;
  return {
    evidenceNumber,
    title,
    description,
    tags,
    contentType,
    recordedAt,
    uploadedAt,
    sensitiveContentWarning,
    source: { model: source.model, serialNumber: source.serialNumber },
    location: location && {
      latitude: location.latitude,
      longitude: location.longitude,
      address: location.address,
    },
    multicamGroup,
    fleet: fleet && {
      generation: fleet.generation,
      vehicleId: fleet.vehicleId,
      serialNumber: fleet.serialNumber,
      model: fleet.model,
      cameraMountPosition: fleet.cameraMountPosition,
    },
  };
}
