/** Evidence that has every field of the table of copied fields, and what must be true of each in its copy. */

import type { User } from '../../domain/identity/user.entity.ts';
import { newId } from '../../domain/ids.ts';
import type { CopiedField } from '../../domain/sharing/case-copy/copied-fields.ts';
import { evidenceColumns } from '../../domain/sharing/case-copy/copy-sql.ts';
import type { TestApi } from './api.ts';
import { buildCategory, buildGroup } from './factories.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the API answers is looked at field by field
// oxlint-disable-next-line typescript/no-explicit-any -- what the API answers is looked at field by field
type View = any;

/** A case with two pieces of evidence, one filled by `fillEvidence`, one by `fillFleet2`, as the API shows them. */
export interface FilledCase {
  readonly case: View;
  readonly evidence: View;
  readonly fleet2: View;
}

/** A case and its copy, each as its own organization reads it. */
export interface CopiedCase {
  readonly source: FilledCase;
  readonly target: FilledCase;
  /** The ids of the recipients of the copy. */
  readonly recipients: { readonly assignee: string; readonly all: readonly string[] };
}

function fleet(generation: 2 | 3, name: string) {
  return {
    generation,
    vehicleId: `${name}-vehicle`,
    serialNumber: `${name}-serial`,
    model: `${name}-model`,
    cameraMountPosition: `${name}-front`,
  };
}

async function must(answer: ReturnType<TestApi['post']>): Promise<View> {
  const { status, body } = await answer;
  if (status >= 300) throw new Error(`${status}: ${JSON.stringify(body)}`);
  return body;
}

/** Sets, by the API, all of the table's fields that it lets its staff set. */
export async function fillEvidence(api: TestApi, owner: User, id: string): Promise<void> {
  const organization = { id: owner.organizationId };
  const group = await buildGroup(api, organization);
  const category = await buildCategory(api, organization, { name: 'Felony', retentionDays: 30 });
  const path = `/evidence/${id}`;
  await must(
    api.patch(path, owner, {
      title: 'Door camera',
      description: 'From the back door',
      classification: 'confidential',
      recordedAt: '2026-01-02T03:04:05.678Z',
      evidenceGroupId: group.id,
      categoryIds: [category.id],
      tags: ['door', 'category: Felony'],
      customMetadata: { weather: 'rain\nand  wind', badge: '77' },
      sensitiveContentWarning: true,
      source: { model: 'Body 3', serialNumber: 'X-1' },
      location: { latitude: 41.5, longitude: -93.5, address: 'Mill Road 1' },
      gpsTrack: [{ atSeconds: 0, latitude: 41.5, longitude: -93.5 }],
      multicamGroup: newId(),
      fleet: fleet(3, 'F3'),
    }),
  );
  await must(api.post(`${path}/notes`, owner, { text: 'Seen at 3.' }));
  for (const kind of ['manual', 'chapter', 'transcription', 'axon_signal']) {
    await must(api.post(`${path}/markers`, owner, { kind, atSeconds: 1, text: kind }));
  }
}

/** The same for a second camera of the scene, in a vehicle of the older generation. */
export async function fillFleet2(
  api: TestApi,
  owner: User,
  { id, besides }: { readonly id: string; readonly besides: string },
): Promise<void> {
  const { multicamGroup } = await must(api.get(`/evidence/${besides}`, owner));
  const fields = { title: 'Car camera', fleet: fleet(2, 'F2'), multicamGroup };
  await must(api.patch(`/evidence/${id}`, owner, fields));
}

/** Reads a case that was filled, or its copy, by the titles of its evidence. */
export async function readFilled(api: TestApi, as: User, caseId: string): Promise<FilledCase> {
  const { data } = await must(api.get(`/cases/${caseId}/evidence`, as));
  const read = async (title: string) =>
    must(api.get(`/evidence/${data.find((one: View) => one.title === title)?.id}`, as));
  return {
    case: await must(api.get(`/cases/${caseId}`, as)),
    evidence: await read('Door camera'),
    fleet2: await read('Car camera'),
  };
}

/** A row of the table, by its section and its field. */
export type CopiedRow = `${CopiedField['section']} · ${CopiedField['field']}`;

/** The name of a row, for tests. */
export function rowName({ section, field }: CopiedField): CopiedRow {
  return `${section} · ${field}`;
}

/**
 * Looks at a row of the table.
 * @throws Error where nobody has said what must be true of it, and what `expect` throws
 */
export function lookAt(copied: CopiedCase, row: CopiedRow): void {
  const look = looksAt(copied)[row];
  if (look === undefined) throw new Error(`no look at ${row}`);
  look();
}

/** What must be true of each row: one look for every row. */
export function looksAt({
  source,
  target,
  recipients,
}: CopiedCase): Readonly<Record<CopiedRow, () => void>> {
  const { evidence, fleet2 } = target;
  const isSame = (of: (view: View) => unknown) => () => {
    expect(of(source.evidence) ?? null).not.toBeNull();
    expect(of(evidence)).toEqual(of(source.evidence));
  };
  const isTagged = (tag: string) => expect(evidence.tags).toContain(tag);
  const hasNothingOfMount = () => {
    expect(fleet2.fleet).toEqual({ ...fleet(2, 'F2'), vehicleId: null, cameraMountPosition: null });
    expect(JSON.stringify(fleet2.tags)).not.toContain('Mount');
  };
  return {
    'Evidence · Access List (Users/Groups)': () =>
      expect(evidence.accessList.map(({ id }: View) => id).toSorted()).toEqual(
        recipients.all.toSorted(),
      ),
    'Evidence · Assignee': () => expect(evidence.assignee.id).toBe(recipients.assignee),
    'Evidence · Recorded On': isSame(({ recordedAt }) => recordedAt),
    'Evidence · Uploaded On': isSame(({ uploadedAt }) => uploadedAt),
    'Evidence · Uploaded By': () =>
      expect(evidence.uploadedBy).toEqual({ ...source.evidence.uploadedBy, id: null }),
    'Evidence · Queued for Deletion On': () => expect(evidence.queuedForDeletionOn).toBeNull(),
    'Evidence · File Format': isSame(({ file }) => file.contentType),
    'Evidence · File Name': isSame(({ file }) => file.name),
    'Evidence · File Size': isSame(({ file }) => file.size),
    'Evidence · Document Checksum': isSame(({ file }) => file.sha256),
    // The API tells neither: archives are made of the one, and what the scanner left out has the other.
    'Evidence · Document Checksum (CRC-32)': () =>
      expect(evidenceColumns().get('crc32')).toBe('s.crc32'),
    'Evidence · Malware scan': () => expect(evidenceColumns().get('scan')).toBe('s.scan'),
    'Evidence · Evidence Group': () => {
      expect(evidence.evidenceGroup).toBeNull();
      expect(evidence.originalEvidenceGroup).toBe(source.evidence.evidenceGroup.name);
    },
    'Evidence · Cases': () => expect(evidence.cases).toEqual([target.case.id]),
    'Evidence · Categories/auto-categories': () => {
      expect(evidence.categories).toEqual([]);
      isTagged('category: Felony');
    },
    // Each tag once, in the order of the table.
    'Evidence · Tags': () =>
      expect(evidence.tags).toEqual([
        'category: Felony',
        'door',
        'badge: 77',
        'weather: rain and wind',
        'vehicleId: F3-vehicle',
        'cameraMountPosition: F3-front',
      ]),
    'Evidence · Title': isSame(({ title }) => title),
    'Evidence · Description': isSame(({ description }) => description),
    'Evidence · Classification': isSame(({ classification }) => classification),
    'Evidence · Notes': isSame(({ notes }) =>
      notes.map(({ text, author }: View) => [text, author.name]),
    ),
    'Evidence · Custom Metadata': () => {
      expect(evidence.customMetadata).toEqual({});
      isTagged('badge: 77');
    },
    'Evidence · Sensitive content warning': () =>
      expect(evidence.sensitiveContentWarning).toBe(true),
    'Source · Model': isSame((view) => view.source.model),
    'Source · Serial Number': isSame((view) => view.source.serialNumber),
    'Location Map · Location': isSame(({ location }) => location),
    'Location Map · Dynamic GPS': isSame(({ gpsTrack }) => gpsTrack),
    'Multicam · View': () => {
      expect(evidence.multicamGroup).toBe(fleet2.multicamGroup);
      expect(evidence.multicamGroup).not.toBeNull();
      expect(evidence.multicamGroup).not.toBe(source.evidence.multicamGroup);
    },
    'Watermark on Video · Recording date/time': () =>
      expect(evidence.copiedFrom.watermark.recordedAt).toBe('2026-01-02T03:04:05.678Z'),
    'Watermark on Video · Model': () => expect(evidence.copiedFrom.watermark.model).toBe('Body 3'),
    'Watermark on Video · Serial Number': () =>
      expect(evidence.copiedFrom.watermark.serialNumber).toBe('X-1'),
    'Fleet 3 · VehicleID': () => {
      expect(evidence.fleet.vehicleId).toBeNull();
      isTagged('vehicleId: F3-vehicle');
    },
    'Fleet 3 · Generation': isSame((view) => view.fleet.generation),
    'Fleet 3 · Serial': isSame((view) => view.fleet.serialNumber),
    'Fleet 3 · Model': isSame((view) => view.fleet.model),
    'Fleet 3 · Vehicle': () => expect(evidence.fleet).not.toHaveProperty('vehicle'),
    'Fleet 3 · Mount Position': () => {
      expect(evidence.fleet.cameraMountPosition).toBeNull();
      isTagged('cameraMountPosition: F3-front');
    },
    'Fleet 2 · MountOrientation': hasNothingOfMount,
    'Fleet 2 · VehicleID': () => expect(fleet2.tags).toEqual(['vehicleId: F2-vehicle']),
    'Fleet 2 · MountID': hasNothingOfMount,
    'Fleet 2 · Vehicle': () => expect(fleet2.fleet).not.toHaveProperty('vehicle'),
    'Fleet 2 · Mount': hasNothingOfMount,
    'Attachments · Markers: manual, chapter, transcription': () =>
      expect(evidence.markers.map(({ kind, text }: View) => [kind, text]).toSorted()).toEqual([
        ['bookmark', 'chapter'],
        ['bookmark', 'manual'],
        ['bookmark', 'transcription'],
      ]),
    'Attachments · Audit trail': () =>
      expect(evidence.attachments).toMatchObject([
        { kind: 'audit_trail', contentType: 'application/pdf' },
      ]),
    'Attachments · Markers: Axon signal': () =>
      expect(JSON.stringify(evidence.markers)).not.toContain('axon'),
  };
}
