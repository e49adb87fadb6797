import { startApi, type TestApi } from '../../../test/support/api.ts';
import { tagBytes } from '../../../test/support/archives.ts';
import { buildCase, buildEvidence, buildUser, staffOf } from '../../../test/support/factories.ts';
import { act, OPERATOR } from '../../act.ts';
import { layoutArchive } from '../../archive/archive.ts';
import { bagTagFiles } from '../../archive/bag.ts';
import { manifestEtag } from '../../archive/manifest.ts';
import type { Case } from '../../cases/case.entity.ts';
import type { Evidence } from '../../evidence/evidence.entity.ts';
import type { User } from '../../identity/user.entity.ts';
import type { ShareId } from '../../ids.ts';
import { createDownloadLink } from './create-download-link.ts';
import { DownloadLink } from './download-link.entity.ts';
import { readFrozenManifest } from './frozen-manifest.ts';
import { settleDuplicateItems, settleVerifiedItems } from './settle-items.ts';

const PRIVATE = 'nobody outside is told this';

let api: TestApi;
let owner: User;
beforeAll(async () => {
  api = await startApi();
  owner = await buildUser(api, { name: 'Given Family' });
});
afterAll(() => api.stop());

const sql = <T>(text: string, ...params: unknown[]) =>
  api.database.em.fork().execute<T[]>(text, params);

async function share(inCase: Case): Promise<DownloadLink> {
  const staff = await staffOf(api, owner);
  const made = await act(api, { actor: staff.actor }, async (acting) =>
    createDownloadLink(acting, staff, api.config.LINK_KEYS, inCase.id, {
      format: 'zip',
      scope: { type: 'entire_case' },
      passphraseHash: null,
      downloadLimit: null,
      notifyOnFirstDownload: false,
    }),
  );
  return made.share;
}

async function manifestOf(id: ShareId) {
  const em = api.database.em.fork();
  return readFrozenManifest(em, await em.findOneOrFail(DownloadLink, id));
}

/** A case with one piece of evidence about which everything is known that can be. */
async function fullCase(): Promise<{ inCase: Case; evidence: Evidence }> {
  const inCase = await buildCase(api, {
    owner,
    description: 'What happened',
    tags: ['harbour'],
    accused: PRIVATE,
    policeNumber: PRIVATE,
    courtNumber: PRIVATE,
  });
  const assignee = await buildUser(api, {
    organization: { id: owner.organizationId },
    name: PRIVATE,
  });
  const evidence = await buildEvidence(api, {
    owner: { ...owner, name: PRIVATE },
    inCase,
    fields: {
      description: 'The north side',
      recordedAt: new Date('2026-01-02T03:04:05.678Z'),
      uploadedAt: new Date('2026-01-03T00:00:00Z'),
      assigneeId: assignee.id,
      tags: ['night'],
      customMetadata: { badge: PRIVATE },
      sensitiveContentWarning: true,
      classification: 'confidential',
      source: { model: 'Model 4' },
      location: { latitude: 54.3, longitude: 10.1, address: null },
      gpsTrack: [{ atSeconds: 0, latitude: 1.234567, longitude: 2 }],
      hold: { reason: PRIVATE, by: PRIVATE, at: PRIVATE },
    },
  });
  await sql(
    `insert into evidence_notes (id, evidence_id, text, author_name, created_at) values (gen_random_uuid(), ?, ?, ?, now())`,
    evidence.id,
    PRIVATE,
    PRIVATE,
  );
  await sql(
    `insert into evidence_markers (id, evidence_id, kind, at_seconds, text, created_at) values (gen_random_uuid(), ?, 'manual', 1, ?, now())`,
    evidence.id,
    PRIVATE,
  );
  return { inCase, evidence };
}

function toldIn(manifest: Awaited<ReturnType<typeof manifestOf>>): string {
  return bagTagFiles(manifest)
    .map((tag) => tagBytes(tag).toString())
    .join('\n');
}

test('a new link freezes who shared, the case, and what is known of its evidence', async () => {
  const { inCase, evidence } = await fullCase();
  const [head] = await sql<{ sequence: string; hash: string }>(
    `select sequence, encode(hash, 'hex') as hash from audit_events where organization_id = ?
     order by sequence desc limit 1`,
    owner.organizationId,
  );
  const link = await share(inCase);
  const manifest = await manifestOf(link.id);
  expect(manifest).toMatchObject({
    formatVersion: 2,
    sharing: {
      sharedBy: { name: 'Given Family' },
      scope: 'entire_case',
      caseDescription: 'What happened',
      caseTags: ['harbour'],
      audit: { sequence: Number(head?.sequence), hash: head?.hash },
    },
    files: [
      {
        evidenceId: evidence.id,
        evidence: {
          evidenceNumber: evidence.evidenceNumber,
          title: 'Camera 3',
          description: 'The north side',
          tags: ['night'],
          contentType: 'video/mp4',
          recordedAt: '2026-01-02T03:04:05.678Z',
          uploadedAt: '2026-01-03T00:00:00.000Z',
          sensitiveContentWarning: true,
          source: { model: 'Model 4', serialNumber: null },
          location: { latitude: 54.3, longitude: 10.1, address: null },
          multicamGroup: null,
          fleet: null,
        },
      },
    ],
  });
  expect(link.packageEtag).toBe(manifestEtag(manifest));
  expect(link.packageSize).toBe(layoutArchive(manifest).size);
});

test('the audit position is that of an event before the link was made, in the same chain', async () => {
  const { inCase } = await fullCase();
  const manifest = await manifestOf((await share(inCase)).id);
  if (manifest.formatVersion !== 2) throw new Error('new links have format version 2');
  const [created] = await sql<{ previous: string; sequence: string }>(
    `select encode(previous_hash, 'hex') as previous, sequence from audit_events
     where action = 'share.created' and objects @> array[?::uuid]`,
    manifest.shareId,
  );
  expect(created).toEqual({
    previous: manifest.sharing.audit.hash,
    sequence: String(manifest.sharing.audit.sequence + 1),
  });
});

test('notes, markers, people, holds, classification, tracks and custom fields stay here', async () => {
  const { inCase } = await fullCase();
  const told = toldIn(await manifestOf((await share(inCase)).id));
  expect(told).toContain('The north side');
  for (const secret of [PRIVATE, owner.id, owner.email, 'confidential', 'gpsTrack', '1.234567']) {
    expect(told).not.toContain(secret);
  }
});

test('later changes of case and evidence change nothing of the archive', async () => {
  const { inCase, evidence } = await fullCase();
  const link = await share(inCase);
  const before = toldIn(await manifestOf(link.id));
  await sql(`update evidence set title = 'Changed', tags = '{changed}' where id = ?`, evidence.id);
  await sql(`update cases set title = 'Changed', description = null where id = ?`, inCase.id);
  await sql(`update users set name = 'Changed' where id = ?`, owner.id);
  const manifest = await manifestOf(link.id);
  expect(toldIn(manifest)).toBe(before);
  expect(manifestEtag(manifest)).toBe(link.packageEtag);
});

test('evidence that is still being verified is described as it was when the link was made', async () => {
  const inCase = await buildCase(api, { owner });
  const fields = { state: 'verifying', title: 'As uploaded' } as const;
  const evidence = await buildEvidence(api, { owner, inCase, fields });
  const link = await share(inCase);
  await sql(`update evidence set title = 'Changed meanwhile' where id = ?`, evidence.id);
  await act(api, OPERATOR, async (acting) =>
    settleVerifiedItems(acting, evidence.id, {
      sha256: '0'.repeat(64),
      crc32: 1,
      objectVersion: null,
      objectEtag: '"x"',
    }),
  );
  const manifest = await manifestOf(link.id);
  expect(manifest.files).toMatchObject([
    { sha256: '0'.repeat(64), evidence: { title: 'As uploaded' } },
  ]);
});

test('evidence that turns out to be a duplicate is described as the original that it stands for', async () => {
  const inCase = await buildCase(api, { owner });
  const fields = { state: 'verifying', fileName: 'again.mp4' } as const;
  const duplicate = await buildEvidence(api, { owner, inCase, fields });
  const link = await share(inCase);
  const original = await buildEvidence(api, { owner, inCase, fields: { title: 'The original' } });
  await act(api, OPERATOR, async (acting) =>
    settleDuplicateItems(acting, duplicate.id, original.id),
  );
  const manifest = await manifestOf(link.id);
  expect(manifest.files).toMatchObject([
    {
      evidenceId: original.id,
      originalName: 'again.mp4',
      evidence: { title: 'The original', evidenceNumber: original.evidenceNumber },
    },
  ]);
});

test('a link from before archives had metadata stays one of format version 1', async () => {
  const { inCase } = await fullCase();
  const link = await share(inCase);
  await sql(`update shares set archive = archive - 'sharing' where id = ?`, link.id);
  await sql(`update share_items set metadata = null where share_id = ?`, link.id);
  const manifest = await manifestOf(link.id);
  expect(manifest.formatVersion).toBe(1);
  expect(bagTagFiles(manifest).map(({ path }) => path)).toEqual([
    'bagit.txt',
    'README.txt',
    'bag-info.txt',
    'manifest-sha256.txt',
    'tagmanifest-sha256.txt',
  ]);
});
