/** The audit trail that goes along with a copy, and the same as an export. */
import { createHash } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import {
  buildCopyingPair,
  type CopyingPair,
  liveCopy,
  shareCopy,
  targetOf,
} from '../../test/support/copies.ts';
import { buildCase, buildEvidence } from '../../test/support/factories.ts';
import { readPdf } from '../../test/support/pdf.ts';

let api: TestApi;
let pair: CopyingPair;
beforeAll(async () => {
  api = await startApi();
  pair = await buildCopyingPair(api);
});
afterAll(async () => api.stop());

async function fetched(path: string, as: typeof pair.sender) {
  const answer = await fetch(`${api.origin}/api/v1${path}`, {
    headers: { Authorization: `Bearer ${await api.token(as)}` },
  });
  return {
    status: answer.status,
    headers: answer.headers,
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

/** Confidential evidence that was changed and downloaded. */
async function watched() {
  const inCase = await buildCase(api, { owner: pair.sender });
  const evidence = await buildEvidence(api, {
    owner: pair.sender,
    inCase,
    fields: {
      classification: 'confidential',
      source: { model: 'Body 3', serialNumber: 'X-4711' },
    },
  });
  await api.patch(`/evidence/${evidence.id}`, pair.sender, { title: 'Gefängnis — 監獄' });
  await fetched(`/evidence/${evidence.id}/content`, pair.sender);
  return { inCase, evidence };
}

test('comes with a copied file where that was chosen, with confidential events', async () => {
  const { inCase, evidence } = await watched();
  const { id } = await shareCopy(api, pair, inCase.id, { attachments: ['audit_trail'] });
  await liveCopy(api, id);
  const list = await api.get(`/cases/${await targetOf(api, id)}/evidence`, pair.receiver);
  const [copy] = list.body.data;
  const [attachment] = copy.attachments;
  expect(attachment).toMatchObject({
    kind: 'audit_trail',
    fileName: `audit-trail-${evidence.evidenceNumber}.pdf`,
  });
  const path = `/evidence/${copy.id}/attachments/${attachment.id}`;
  const { status, headers, body } = await fetched(path, pair.receiver);
  expect([status, headers.get('Content-Type')]).toEqual([200, 'application/pdf']);
  expect(headers.get('Content-Disposition')).toContain(attachment.fileName);
  expect([body.length, createHash('sha256').update(body).digest('hex')]).toEqual([
    attachment.size,
    attachment.sha256,
  ]);
  const text = (await readPdf(body)).pages.join(' ').replaceAll(/[|\s]/g, '');
  for (const expected of [
    evidence.evidenceNumber,
    'X-4711',
    'Page views',
    'File downloads1',
    'Video playbacks0',
    'Last viewed or downloaded on',
    'Sam Sender',
    'Evidence: changed',
    'Evidence: download began · confidential',
    '監獄',
  ]) {
    expect(text).toContain(expected.replaceAll(' ', ''));
  }
  expect((await fetched(path, pair.sender)).status).toBe(404);
  const events = await api.get(`/evidence/${copy.id}/audit`, pair.receiver);
  expect(events.body.data.at(-1).action).toBe('evidence.attachment_opened');
});

test('does not come where it was not chosen', async () => {
  const { inCase } = await watched();
  const { id } = await shareCopy(api, pair, inCase.id, { attachments: ['markers'] });
  await liveCopy(api, id);
  const list = await api.get(`/cases/${await targetOf(api, id)}/evidence`, pair.receiver);
  expect(list.body.data[0].attachments).toEqual([]);
});

test('is exported of evidence and of a case, which is recorded and not in it', async () => {
  const { inCase, evidence } = await watched();
  for (const path of [`/evidence/${evidence.id}`, `/cases/${inCase.id}`]) {
    const { status, headers, body } = await fetched(`${path}/audit.pdf`, pair.sender);
    expect([status, headers.get('Content-Type')]).toEqual([200, 'application/pdf']);
    const text = (await readPdf(body)).pages.join(' ').replaceAll(/[|\s]/g, '');
    expect(text).toContain('Auditevents');
    expect(text).not.toContain('exported');
    const events = await api.get(`${path}/audit`, pair.sender);
    // The end of the download may be recorded after the export.
    expect(events.body.data).toContainEqual(
      expect.objectContaining({
        action: 'audit.exported',
        data: expect.objectContaining({ format: 'pdf' }),
      }),
    );
    expect((await fetched(`${path}/audit.pdf`, pair.receiver)).status).toBe(404);
  }
});
