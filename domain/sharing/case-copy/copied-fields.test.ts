/** Every row of the table of copied fields, by a copy that is made of evidence that has them all. */

import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  type CopiedCase,
  fillEvidence,
  fillFleet2,
  lookAt,
  looksAt,
  readFilled,
  rowName,
} from '../../../test/support/copied-fields.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  liveCopy,
  shareCopy,
  targetOf,
} from '../../../test/support/copies.ts';
import {
  buildCase,
  buildEvidence,
  buildGroup,
  buildUser,
} from '../../../test/support/factories.ts';
import { COPIED_FIELDS } from './copied-fields.ts';
import { evidenceColumns } from './copy-sql.ts';

let api: TestApi;
let pair: CopyingPair;
let copied: CopiedCase;

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
  const uploadedAt = new Date('2026-01-03T03:04:05.678Z');
  const evidence = await buildEvidence(api, {
    owner,
    inCase,
    fields: { fileName: 'door.mp4', contentType: 'video/mp4', uploadedAt },
  });
  await fillEvidence(api, owner, evidence.id);
  const fleet2 = await buildEvidence(api, { owner, inCase });
  await fillFleet2(api, owner, { id: fleet2.id, besides: evidence.id });
  const second = await buildUser(api, { organization: pair.partner });
  const group = await buildGroup(api, pair.partner, [second]);
  const { id } = await shareCopy(api, pair, inCase.id, {
    attachments: ['notes', 'markers', 'audit_trail'],
    recipients: [
      { type: 'group', id: group.id },
      { type: 'user', email: pair.receiver.email.toUpperCase() },
      { type: 'user', id: second.id },
    ],
  });
  await liveCopy(api, id);
  copied = {
    source: await readFilled(api, owner, inCase.id),
    target: await readFilled(api, pair.receiver, (await targetOf(api, id)) ?? ''),
    recipients: { assignee: pair.receiver.id, all: [group.id, second.id, pair.receiver.id] },
  };
});
afterAll(async () => api.stop());

test.each(COPIED_FIELDS.map((field) => [rowName(field)]))('%s', (row) => lookAt(copied, row));

test('every look is at a row of the table, and every row is there once', () => {
  const rows = COPIED_FIELDS.map(rowName);
  expect(new Set(rows).size).toBe(rows.length);
  expect(Object.keys(looksAt(copied)).toSorted()).toEqual(rows.toSorted());
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
  const { source, target, recipients } = copied;
  const { caseNumber, title, description, tags } = source.case;
  expect(target.case).toMatchObject({
    ...{ caseNumber, title, description, tags },
    ...{ policeNumber: null, accused: null, courtNumber: null, status: 'open' },
    owner: { id: pair.receiver.id },
    receivedFrom: pair.source.id,
    evidenceCount: 2,
  });
  const members = target.case.members.map(({ id }: { id: string }) => id);
  expect(members.toSorted()).toEqual(recipients.all.toSorted());
});

test('evidence says where it is from, and whose it is now', () => {
  const { source, target } = copied;
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
