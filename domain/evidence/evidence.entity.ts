import { defineEntity, p } from '@mikro-orm/core';
import type {
  CaseId,
  EvidenceId,
  GroupId,
  InviteId,
  OrganizationId,
  UploadId,
  UploadRequestId,
  UserId,
} from '../ids.ts';

export const EVIDENCE_STATES = [
  'verifying',
  'active',
  'triage_pending',
  'declined',
  'quarantined',
  'queued_for_deletion',
  'destroyed',
] as const;
export type EvidenceState = (typeof EVIDENCE_STATES)[number];

export const CLASSIFICATIONS = ['unrestricted', 'restricted', 'confidential'] as const;

export const MARKER_KINDS = [
  'manual',
  'chapter',
  'transcription',
  'axon_signal',
  'bookmark',
] as const;

export interface SourceDevice {
  readonly model: string | null;
  readonly serialNumber: string | null;
}
/** Degrees in WGS 84. */
export interface Location {
  readonly latitude: number;
  readonly longitude: number;
  readonly address: string | null;
}
/** A moving position: seconds from the start of the recording, degrees in WGS 84. */
export type GpsTrack = readonly {
  readonly atSeconds: number;
  readonly latitude: number;
  readonly longitude: number;
}[];
export interface FleetDevice {
  readonly generation: 2 | 3;
  readonly vehicleId: string | null;
  readonly serialNumber: string | null;
  readonly model: string | null;
  readonly cameraMountPosition: string | null;
}
/** Who sent a file; the name is the one of that day. */
export interface Uploader {
  readonly type: 'user' | 'trusted_user' | 'community_member';
  /** Null for who is nobody of this organization: the uploader of copied evidence. */
  readonly id: string | null;
  readonly name: string;
}
/** What a malware scanner said of a file. */
export interface ScanVerdict {
  readonly verdict: 'clean' | 'infected' | 'not_scanned';
  /** What it found, or why it did not look. */
  readonly detail: string | null;
  readonly at: string;
  /** Who let the file out of quarantine all the same, and why. */
  readonly release?: { readonly by: UserId; readonly at: string; readonly reason: string };
}
/** Where copied evidence is from, and what its watermark says. */
export interface CopiedFrom {
  readonly organization: { readonly id: string; readonly name: string };
  readonly evidenceNumber: string;
  readonly copiedAt: string;
  readonly watermark: {
    readonly recordedAt: string | null;
    readonly model: string | null;
    readonly serialNumber: string | null;
  };
}
export interface Hold {
  readonly reason: string;
  readonly by: string;
  readonly at: string;
}

const EvidenceSchema = defineEntity({
  name: 'Evidence',
  tableName: 'evidence',
  properties: {
    id: p.uuid().$type<EvidenceId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    evidenceNumber: p.text(),
    title: p.text(),
    description: p.text().nullable(),
    state: p.enum(EVIDENCE_STATES),
    classification: p.enum(CLASSIFICATIONS),
    fileName: p.text(),
    contentType: p.text(),
    size: p.bigint('number'),
    sha256: p.text().nullable(),
    crc32: p.bigint('number').nullable(),
    objectKey: p.text(),
    objectVersion: p.text().nullable(),
    objectEtag: p.text().nullable(),
    recordedAt: p.datetime().nullable(),
    uploadedAt: p.datetime(),
    uploadedBy: p.json().$type<Uploader>(),
    ownerId: p.uuid().$type<UserId>(),
    assigneeId: p.uuid().$type<UserId>(),
    evidenceGroupId: p.uuid().$type<GroupId>().nullable(),
    originalEvidenceGroup: p.text().nullable(),
    tags: p.array().$type<string[]>(),
    customMetadata: p.json().$type<Readonly<Record<string, string>>>(),
    sensitiveContentWarning: p.boolean(),
    source: p.json().$type<Partial<SourceDevice>>(),
    location: p.json().$type<Location>().nullable(),
    gpsTrack: p.json().$type<GpsTrack>().nullable(),
    multicamGroup: p.uuid().nullable(),
    fleet: p.json().$type<FleetDevice>().nullable(),
    hold: p.json().$type<Hold>().nullable(),
    queuedForDeletionOn: p.datetime().nullable(),
    copiedFrom: p.json().$type<CopiedFrom>().nullable(),
    /** What the malware scanner said; null where none looked. */
    scan: p.json().$type<ScanVerdict>().nullable(),
    version: p.integer().version(),
    createdAt: p.datetime(),
    updatedAt: p.datetime(),
  },
});

/** One file with what is known about it. Its bytes never change. */
export class Evidence extends EvidenceSchema.class {}
EvidenceSchema.setClass(Evidence);

export const UPLOAD_STATES = [
  'uploading',
  'verifying',
  'verified',
  'duplicate',
  'failed',
  'aborted',
] as const;

/** Why an upload did not become evidence; the code is stable, the detail says what to do. */
export interface UploadFailure {
  readonly code:
    | 'object-missing'
    | 'wrong-size'
    | 'wrong-sha256'
    | 'parts-refused'
    | 'content-not-supported'
    | 'quarantined';
  readonly detail: string;
}
export interface UploadPart {
  readonly partNumber: number;
  readonly etag: string;
}

const UploadSchema = defineEntity({
  name: 'Upload',
  tableName: 'uploads',
  properties: {
    id: p.uuid().$type<UploadId>().primary(),
    organizationId: p.uuid().$type<OrganizationId>(),
    workflowId: p.text(),
    caseId: p.uuid().$type<CaseId>().nullable(),
    /** The member of staff who sends it; null for one that a request's link lets in. */
    createdBy: p.uuid().$type<UserId>().nullable(),
    uploadRequestId: p.uuid().$type<UploadRequestId>().nullable(),
    /** The invite whose community member sends it. */
    inviteId: p.uuid().$type<InviteId>().nullable(),
    /** What the community member says of it. */
    caption: p.text().nullable(),
    fileName: p.text(),
    contentType: p.text(),
    size: p.bigint('number'),
    title: p.text().nullable(),
    recordedAt: p.datetime().nullable(),
    declaredSha256: p.text().nullable(),
    partSize: p.bigint('number'),
    partCount: p.integer(),
    objectKey: p.text(),
    storeUploadId: p.text(),
    state: p.enum(UPLOAD_STATES),
    parts: p.json().$type<readonly UploadPart[]>().nullable(),
    evidenceId: p.uuid().$type<EvidenceId>().nullable(),
    sha256: p.text().nullable(),
    failure: p.json().$type<UploadFailure>().nullable(),
    hashState: p.text().nullable(),
    hashOffset: p.bigint('number'),
    begunAt: p.datetime(),
    lastActiveAt: p.datetime(),
    completedAt: p.datetime().nullable(),
    settledAt: p.datetime().nullable(),
    /** When what the store holds of a refused upload is removed next; null where nothing is left. */
    tidyAt: p.datetime().nullable(),
  },
});

/** One file on its way into the store: begun, sent in parts, completed, read back, settled. */
export class Upload extends UploadSchema.class {}
UploadSchema.setClass(Upload);
