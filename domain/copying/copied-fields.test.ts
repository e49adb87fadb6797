/** Every row of the table of copied fields, by a copy that is made of evidence that has them all. */

import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  liveCopy,
  shareCopy,
  targetOf,
} from '../../test/support/copies.ts';
import {
  buildCase,
  buildCategory,
  buildEvidence,
  buildGroup,
  buildUser,
} from '../../test/support/factories.ts';
import type { Case } from '../cases/case.entity.ts';
import type { Evidence } from '../evidence/evidence.entity.ts';
import { newId } from '../ids.ts';
import { COPIED_FIELDS, type CopiedField } from './copied-fields.ts';
import { evidenceColumns } from './copy-sql.ts';

// biome-ignore lint/suspicious/noExplicitAny: what the API answers is looked at field by field
// oxlint-disable-next-line typescript/no-explicit-any -- what the API answers is looked at field by field
type View = any;

let api: TestApi;
let pair: CopyingPair;
let target: { case: View; evidence: View; fleet2: View };
let source: { case: View; evidence: View; fleet2: View };
let receivers: { group: string; second: string };

const RECORDED = new Date('2026-01-02T03:04:05.678Z');
const UPLOADED = new Date('2026-01-03T03:04:05.678Z');

beforeAll(async () => {
  api = await startApi();
  pair = await buildCopyingPair(api);
  const { sender: owner } = pair;
  const inCase = await buildCase(api, {
    owner,
    title: 'Burglary, Mill Road',
    description: 'At night',
    tags: ['burglary', 'night'],
    policeNumber: 'P-1',
    accused: 'A. Nonymous',
    courtNumber: 'C-1',
  });
  const evidence = await buildFull(inCase);
  const fleet2 = await buildEvidence(api, {
    owner,
    inCase,
    fields: {
      fleet: fleet(2, 'F2'),
      multicamGroup: evidence.multicamGroup ?? null,
    },
  });
  const second = await buildUser(api, { organization: pair.partner });
  const group = await buildGroup(api, pair.partner, [second]);
  receivers = { group: group.id, second: second.id };
  const { id } = await shareCopy(api, pair, inCase.id, {
    attachments: ['notes', 'markers', 'audit_trail'],
    recipients: [
      { type: 'group', id: group.id },
      { type: 'user', email: pair.receiver.email.toUpperCase() },
      { type: 'user', id: second.id },
    ],
  });
  await liveCopy(api, id);
  const targetCase = (await targetOf(api, id)) ?? '';
  source = {
    case: (await api.get(`/cases/${inCase.id}`, owner)).body,
    evidence: (await api.get(`/evidence/${evidence.id}`, owner)).body,
    fleet2: (await api.get(`/evidence/${fleet2.id}`, owner)).body,
  };
  const list = await api.get(`/cases/${targetCase}/evidence`, pair.receiver);
  const named = (title: string) => list.body.data.find((one: View) => one.title === title);
  target = {
    case: (await api.get(`/cases/${targetCase}`, pair.receiver)).body,
    evidence: (await api.get(`/evidence/${named('Door camera').id}`, pair.receiver)).body,
    fleet2: (await api.get(`/evidence/${named('Camera 3').id}`, pair.receiver)).body,
  };
});
afterAll(async () => api.stop());

function fleet(generation: 2 | 3, name: string) {
  return {
    generation,
    vehicleId: `${name}-vehicle`,
    serialNumber: `${name}-serial`,
    model: `${name}-model`,
    cameraMountPosition: `${name}-front`,
  };
}

/** Evidence that has every field, set by the API where the API sets it. */
async function buildFull(inCase: Case): Promise<Evidence> {
  const { sender: owner, source: organization } = pair;
  const evidence = await buildEvidence(api, {
    owner,
    inCase,
    fields: {
      title: 'Door camera',
      description: 'From the back door',
      classification: 'confidential',
      fileName: 'door.mp4',
      contentType: 'video/mp4',
      recordedAt: RECORDED,
      uploadedAt: UPLOADED,
    },
  });
  const group = await buildGroup(api, organization);
  const category = await buildCategory(api, organization, {
    name: 'Felony',
    retentionDays: 30,
  });
  const changed = await api.patch(`/evidence/${evidence.id}`, owner, {
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
  });
  expect(changed.status).toBe(200);
  const { body } = changed;
  await api.post(`/evidence/${evidence.id}/notes`, owner, { text: 'Seen at 3.' });
  for (const kind of ['manual', 'chapter', 'transcription', 'axon_signal']) {
    const marker = { kind, atSeconds: 1, text: kind };
    expect((await api.post(`/evidence/${evidence.id}/markers`, owner, marker)).status).toBe(201);
  }
  return Object.assign(evidence, { multicamGroup: body.multicamGroup });
}

type Row = `${CopiedField['section']} · ${CopiedField['field']}`;

/** What must be true of each row of the table: one look for every row. */
const LOOKS: Readonly<Record<Row, () => void>> = {
  'Evidence · Access List (Users/Groups)': () =>
    expect(new Set(target.evidence.accessList.map(({ id }: View) => id))).toEqual(
      new Set([receivers.group, receivers.second, pair.receiver.id]),
    ),
  'Evidence · Assignee': () => expect(target.evidence.assignee.id).toBe(pair.receiver.id),
  'Evidence · Recorded On': () => expect(target.evidence.recordedAt).toBe(RECORDED.toISOString()),
  'Evidence · Uploaded On': () => expect(target.evidence.uploadedAt).toBe(UPLOADED.toISOString()),
  'Evidence · Uploaded By': () =>
    expect(target.evidence.uploadedBy).toEqual({ type: 'user', id: null, name: 'Sam Sender' }),
  'Evidence · Queued for Deletion On': () => expect(target.evidence.queuedForDeletionOn).toBeNull(),
  'Evidence · File Format': () => expect(target.evidence.file.contentType).toBe('video/mp4'),
  'Evidence · File Name': () => expect(target.evidence.file.name).toBe('door.mp4'),
  'Evidence · File Size': () => expect(target.evidence.file.size).toBe(source.evidence.file.size),
  'Evidence · Document Checksum': () =>
    expect(target.evidence.file.sha256).toBe(source.evidence.file.sha256),
  'Evidence · Document Checksum (CRC-32)': () =>
    expect(evidenceColumns().get('crc32')).toBe('s.crc32'),
  'Evidence · Malware scan': () => expect(evidenceColumns().get('scan')).toBe('s.scan'),
  'Evidence · Evidence Group': () => {
    expect(target.evidence.evidenceGroup).toBeNull();
    expect(target.evidence.originalEvidenceGroup).toBe(source.evidence.evidenceGroup.name);
  },
  'Evidence · Cases': () => expect(target.evidence.cases).toEqual([target.case.id]),
  'Evidence · Categories/auto-categories': () => {
    expect(target.evidence.categories).toEqual([]);
    expect(target.evidence.tags).toContain('category: Felony');
  },
  // Each tag once, in the order of the table.
  'Evidence · Tags': () =>
    expect(target.evidence.tags).toEqual([
      'category: Felony',
      'door',
      'badge: 77',
      'weather: rain and wind',
      'vehicleId: F3-vehicle',
      'cameraMountPosition: F3-front',
    ]),
  'Evidence · Title': () => expect(target.evidence.title).toBe('Door camera'),
  'Evidence · Description': () => expect(target.evidence.description).toBe('From the back door'),
  'Evidence · Classification': () => expect(target.evidence.classification).toBe('confidential'),
  'Evidence · Notes': () =>
    expect(target.evidence.notes).toMatchObject([
      { text: 'Seen at 3.', author: { name: 'Sam Sender' } },
    ]),
  'Evidence · Custom Metadata': () => {
    expect(target.evidence.customMetadata).toEqual({});
    expect(target.evidence.tags).toContain('badge: 77');
  },
  'Evidence · Sensitive content warning': () =>
    expect(target.evidence.sensitiveContentWarning).toBe(true),
  'Source · Model': () => expect(target.evidence.source.model).toBe('Body 3'),
  'Source · Serial Number': () => expect(target.evidence.source.serialNumber).toBe('X-1'),
  'Location Map · Location': () =>
    expect(target.evidence.location).toEqual(source.evidence.location),
  'Location Map · Dynamic GPS': () =>
    expect(target.evidence.gpsTrack).toEqual(source.evidence.gpsTrack),
  'Multicam · View': () => {
    expect(target.evidence.multicamGroup).toBe(target.fleet2.multicamGroup);
    expect(target.evidence.multicamGroup).not.toBeNull();
    expect(target.evidence.multicamGroup).not.toBe(source.evidence.multicamGroup);
  },
  'Watermark on Video · Recording date/time': () =>
    expect(target.evidence.copiedFrom.watermark.recordedAt).toBe(RECORDED.toISOString()),
  'Watermark on Video · Model': () =>
    expect(target.evidence.copiedFrom.watermark.model).toBe('Body 3'),
  'Watermark on Video · Serial Number': () =>
    expect(target.evidence.copiedFrom.watermark.serialNumber).toBe('X-1'),
  'Fleet 3 · VehicleID': () => {
    expect(target.evidence.fleet.vehicleId).toBeNull();
    expect(target.evidence.tags).toContain('vehicleId: F3-vehicle');
  },
  'Fleet 3 · Generation': () => expect(target.evidence.fleet.generation).toBe(3),
  'Fleet 3 · Serial': () => expect(target.evidence.fleet.serialNumber).toBe('F3-serial'),
  'Fleet 3 · Model': () => expect(target.evidence.fleet.model).toBe('F3-model'),
  'Fleet 3 · Vehicle': () => expect(target.evidence.fleet).not.toHaveProperty('vehicle'),
  'Fleet 3 · Mount Position': () => {
    expect(target.evidence.fleet.cameraMountPosition).toBeNull();
    expect(target.evidence.tags).toContain('cameraMountPosition: F3-front');
  },
  'Fleet 2 · MountOrientation': () => expectNothingOfMount(),
  'Fleet 2 · VehicleID': () => expect(target.fleet2.tags).toEqual(['vehicleId: F2-vehicle']),
  'Fleet 2 · MountID': () => expectNothingOfMount(),
  'Fleet 2 · Vehicle': () => expect(target.fleet2.fleet).not.toHaveProperty('vehicle'),
  'Fleet 2 · Mount': () => expectNothingOfMount(),
  'Attachments · Markers: manual, chapter, transcription': () =>
    expect(target.evidence.markers.map(({ kind, text }: View) => [kind, text]).toSorted()).toEqual([
      ['bookmark', 'chapter'],
      ['bookmark', 'manual'],
      ['bookmark', 'transcription'],
    ]),
  'Attachments · Audit trail': () =>
    expect(target.evidence.attachments).toMatchObject([
      { kind: 'audit_trail', contentType: 'application/pdf' },
    ]),
  'Attachments · Markers: Axon signal': () =>
    expect(JSON.stringify(target.evidence.markers)).not.toContain('axon'),
};

function expectNothingOfMount(): void {
  expect(target.fleet2.fleet).toEqual({
    generation: 2,
    vehicleId: null,
    serialNumber: 'F2-serial',
    model: 'F2-model',
    cameraMountPosition: null,
  });
  expect(JSON.stringify(target.fleet2.tags)).not.toContain('Mount');
}

test.each(COPIED_FIELDS.map((field): [Row] => [`${field.section} · ${field.field}`]))(
  '%s',
  (row) => {
    const look = LOOKS[row];
    if (look === undefined) throw new Error('no look at this row');
    look();
  },
);

test('every look is at a row of the table, and every row is there once', () => {
  const rows = COPIED_FIELDS.map(({ section, field }) => `${section} · ${field}`);
  expect(new Set(rows).size).toBe(rows.length);
  expect(Object.keys(LOOKS).toSorted()).toEqual(rows.toSorted());
});

test('every column of evidence is decided about', async () => {
  const columns = await api.database.em
    .fork()
    .execute<{ name: string }[]>(
      `select column_name as name from information_schema.columns where table_name = 'evidence'`,
    );
  const decided = new Set(evidenceColumns().keys());
  expect(columns.map(({ name }) => name).filter((name) => !decided.has(name))).toEqual([]);
});

test('of the case number, title, description and tags are the same, and nothing else', () => {
  const { caseNumber, title, description, tags } = source.case;
  expect(target.case).toMatchObject({
    ...{ caseNumber, title, description, tags },
    ...{ policeNumber: null, accused: null, courtNumber: null, status: 'open' },
    owner: { id: pair.receiver.id },
    receivedFrom: pair.source.id,
    evidenceCount: 2,
  });
  expect(new Set(target.case.members.map(({ id }: View) => id))).toEqual(
    new Set([receivers.group, receivers.second, pair.receiver.id]),
  );
});

test('evidence says where it is from, and whose it is now', () => {
  const { evidence } = target;
  expect(evidence.copiedFrom).toMatchObject({
    organization: { id: pair.source.id, name: pair.source.name },
    evidenceNumber: source.evidence.evidenceNumber,
  });
  expect(evidence).toMatchObject({ owner: { id: pair.receiver.id }, state: 'active', isNew: true });
  expect(evidence.hold).toBeNull();
  expect(evidence.id).not.toBe(source.evidence.id);
  expect(evidence.evidenceNumber).toMatch(/^E-\d{6}$/);
});
