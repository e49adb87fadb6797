import { z } from 'zod';
import { ATTACHMENT_KINDS } from '../../../domain/evidence/attachments.ts';
import {
  CLASSIFICATIONS,
  EVIDENCE_STATES,
  MARKER_KINDS,
} from '../../../domain/evidence/evidence.entity.ts';
import type { CategoryId, EvidenceId, GroupId, UserId } from '../../../domain/ids.ts';
import { id, instant, line, principal, principalView, tags, text } from '../../validation.ts';

export const evidenceParams = z.object({ evidenceId: id<EvidenceId>() });

const latitude = z.number().min(-90).max(90);
const longitude = z.number().min(-180).max(180);

const source = z.strictObject({
  model: line(200).nullable().default(null),
  serialNumber: line(200).nullable().default(null),
});

const location = z.strictObject({
  latitude,
  longitude,
  address: line(500).nullable().default(null),
});

const gpsTrack = z
  .array(z.strictObject({ atSeconds: z.number().min(0), latitude, longitude }))
  .max(10_000)
  .describe('seconds from the start of the recording, degrees in WGS 84');

const fleet = z.strictObject({
  generation: z.union([z.literal(2), z.literal(3)]),
  vehicleId: line(200).nullable().default(null),
  serialNumber: line(200).nullable().default(null),
  model: line(200).nullable().default(null),
  cameraMountPosition: line(200).nullable().default(null),
});

const customMetadata = z
  .record(line(100), text(1_000))
  .refine((fields) => Object.keys(fields).length <= 100, 'At most 100 fields.');

export const evidenceChange = z
  .strictObject({
    title: line(1_000),
    description: text(5_000).nullable(),
    classification: z.enum(CLASSIFICATIONS),
    recordedAt: instant.nullable(),
    ownerId: id<UserId>(),
    assigneeId: id<UserId>(),
    accessList: z.array(principal).max(1_000),
    evidenceGroupId: id<GroupId>()
      .nullable()
      .describe('setting one ends the display of the original group of copied evidence'),
    categoryIds: z.array(id<CategoryId>()).max(100),
    tags,
    customMetadata,
    sensitiveContentWarning: z.boolean(),
    source,
    location: location.nullable(),
    gpsTrack: gpsTrack.nullable(),
    multicamGroup: id<string>().nullable(),
    fleet: fleet.nullable(),
  })
  .partial()
  .meta({ id: 'EvidenceChange' });

export const evidenceRelease = z
  .strictObject({ reason: text(1_000).min(1).describe('why it may be opened all the same') })
  .meta({ id: 'EvidenceRelease' });

export const newHold = z
  .strictObject({ reason: text(1_000).trim().min(1, 'Must not be empty.') })
  .meta({ id: 'NewHold' });

export const newNote = z.strictObject({ text: text(5_000).min(1) }).meta({ id: 'NewNote' });
export const noteView = z
  .object({
    id: z.uuid(),
    text: z.string(),
    author: z.object({ name: z.string() }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Note' });

const marker = {
  kind: z.enum(MARKER_KINDS),
  atSeconds: z.number().min(0).max(31_536_000).describe('from the start of the recording'),
};
export const newMarker = z.strictObject({ ...marker, text: line(1_000) }).meta({ id: 'NewMarker' });
export const markerView = z.object({ ...marker, text: z.string() }).meta({ id: 'Marker' });

/** What is drawn over the video of a copy by whoever shows it; the file is as it was. */
export const watermarkView = z
  .object({
    recordedAt: z.iso.datetime().nullable(),
    model: z.string().nullable(),
    serialNumber: z.string().nullable(),
  })
  .meta({ id: 'Watermark', description: 'A player draws it over the video; the file has none.' });

/** Where copied evidence is from. */
const copiedFrom = z.object({
  organization: z.object({ id: z.uuid(), name: z.string() }),
  evidenceNumber: z.string().describe('the one that it has there'),
  copiedAt: z.iso.datetime(),
  watermark: watermarkView,
});

const attachmentView = z.object({
  id: z.uuid(),
  kind: z.enum(ATTACHMENT_KINDS),
  fileName: z.string(),
  contentType: z.string(),
  size: z.int(),
  sha256: z.string(),
  createdAt: z.iso.datetime(),
});

export const attachmentParams = evidenceParams.extend({ attachmentId: id<string>() });

const person = z.object({ id: z.uuid(), name: z.string() });

export const evidenceView = z
  .object({
    id: z.uuid(),
    evidenceNumber: z.string(),
    title: z.string(),
    description: z.string().nullable(),
    state: z.enum(EVIDENCE_STATES),
    classification: z.enum(CLASSIFICATIONS),
    isNew: z.boolean().describe('nobody marked it as seen yet in a case that it is in'),
    file: z.object({
      name: z.string(),
      contentType: z.string(),
      size: z.int(),
      sha256: z.string().nullable().describe('null while it is verified'),
    }),
    recordedAt: z.iso.datetime().nullable(),
    uploadedAt: z.iso.datetime(),
    uploadedBy: z.object({
      type: z.enum(['user', 'trusted_user', 'community_member']),
      id: z.string().nullable().describe('null for copied evidence: nobody of this organization'),
      name: z.string(),
    }),
    owner: person,
    assignee: person,
    accessList: z.array(principalView),
    evidenceGroup: person.nullable(),
    originalEvidenceGroup: z.string().nullable(),
    categories: z.array(z.object({ id: z.uuid(), name: z.string(), automatic: z.boolean() })),
    tags: z.array(z.string()),
    notes: z.array(noteView),
    customMetadata: z.record(z.string(), z.string()),
    sensitiveContentWarning: z.boolean(),
    source: z.object({ model: z.string().nullable(), serialNumber: z.string().nullable() }),
    location: z.object({ latitude, longitude, address: z.string().nullable() }).nullable(),
    gpsTrack: gpsTrack.nullable(),
    multicamGroup: z.uuid().nullable(),
    fleet: fleet.nullable(),
    markers: z.array(markerView),
    cases: z.array(z.uuid()),
    hold: z.object({ reason: z.string(), by: z.string(), at: z.string() }).nullable(),
    queuedForDeletionOn: z.iso
      .datetime()
      .nullable()
      .describe('when it is queued, or was; null: kept until somebody deletes it'),
    deletion: z
      .object({
        queuedBy: z.enum(['rule', 'hand']),
        queuedAt: z.iso.datetime(),
        destroyAfter: z.iso.datetime().describe('until then it can be restored'),
      })
      .nullable()
      .describe('while it is queued for deletion'),
    copiedFrom: copiedFrom.nullable(),
    attachments: z.array(attachmentView),
    scan: z
      .object({
        verdict: z.enum(['clean', 'infected', 'not_scanned']),
        detail: z.string().nullable().describe('what was found, or why it was not looked at'),
        at: z.iso.datetime(),
        release: z
          .object({ by: z.uuid(), at: z.iso.datetime(), reason: z.string() })
          .optional()
          .describe('who let it out of quarantine all the same, and why'),
      })
      .nullable()
      .describe('of the malware scanner; null where none looked'),
  })
  .meta({ id: 'Evidence' });
