import { describedManifest, testManifest } from '../../test/support/archives.ts';
import type { EvidenceFacts, SharingFacts } from './description.ts';
import {
  type ArchiveFile,
  ArchiveManifestError,
  assertManifest,
  canonicalManifest,
  manifestEtag,
  parseManifest,
} from './manifest.ts';

const manifest = testManifest([
  { name: 'interview.mp4', content: Buffer.from('first') },
  { name: 'фото/снимок.jpg', content: Buffer.from('second') },
]);

const FLEET = {
  generation: 3,
  vehicleId: '12',
  serialNumber: null,
  model: null,
  cameraMountPosition: 'front',
};

function withFile(change: Partial<ArchiveFile>) {
  const [first, ...rest] = manifest.files;
  if (first === undefined) throw new Error('the manifest has files');
  return { ...manifest, files: [{ ...first, ...change }, ...rest] };
}

describe('the canonical manifest', () => {
  it('keeps its entity tag forever', () => {
    expect(manifestEtag(manifest)).toBe('"5x6IcKXU3TAITQw_jNtSQYSy02X-2N0Jq_dtFeA4mGg"');
  });

  it('does not depend on the order of keys or on unknown ones', () => {
    const shuffled = { note: 1, ...Object.fromEntries(Object.entries(manifest).reverse()) };
    expect(manifestEtag(shuffled as unknown as typeof manifest)).toBe(manifestEtag(manifest));
  });

  it('is read back as it was', () => {
    expect(parseManifest(canonicalManifest(manifest))).toEqual(manifest);
  });

  it('of format version 2 keeps its tag forever too, and is read back as it was', () => {
    const described = describedManifest([{ name: 'a.mp4', content: Buffer.from('first') }]);
    expect(manifestEtag(described)).toBe('"MGCIkNHMWqhgKps-L_Gfnl45FrA5O8rrlQ8nG-URPYM"');
    expect(parseManifest(canonicalManifest(described))).toEqual(described);
    const shuffled = {
      ...described,
      sharing: Object.fromEntries(Object.entries(described.sharing).reverse()),
      files: described.files.map((file) => ({
        ...file,
        evidence: Object.fromEntries(Object.entries(file.evidence).reverse()),
      })),
    };
    expect(manifestEtag(shuffled as unknown as typeof described)).toBe(manifestEtag(described));
  });

  it('refuses a text that is none', () => {
    expect(() => parseManifest('')).toThrow(ArchiveManifestError);
    expect(() => parseManifest('{}\n{"a":1}\n')).toThrow(ArchiveManifestError);
  });
});

describe('the entity tag', () => {
  it.each<[string, Partial<ArchiveFile>]>([
    ['path', { path: 'other.mp4' }],
    ['size', { size: 6 }],
    ['hash', { sha256: '0'.repeat(64) }],
    ['checksum', { crc32: 1 }],
    ['time', { modifiedAt: '2025-11-02T23:59:59.501Z' }],
    ['object', { object: { key: 'objects/0', versionId: 'v1', etag: '"etag-0"' } }],
    ['missing version', { object: { key: 'objects/0', versionId: null, etag: '"etag-0"' } }],
  ])('changes with the %s of a file', (_, change) => {
    expect(manifestEtag(withFile(change))).not.toBe(manifestEtag(manifest));
  });

  it.each<[string, Partial<EvidenceFacts>]>([
    ['number', { evidenceNumber: 'E-9' }],
    ['title', { title: 'Camera 4' }],
    ['description', { description: 'On the roof' }],
    ['tags', { tags: [] }],
    ['type', { contentType: 'image/png' }],
    ['recording time', { recordedAt: null }],
    ['time of upload', { uploadedAt: '2025-11-03T08:00:00.001Z' }],
    ['warning', { sensitiveContentWarning: true }],
    ['source', { source: { model: null, serialNumber: 'X-1' } }],
    ['place', { location: null }],
    ['scene', { multicamGroup: '0193a4c2-0000-7000-8000-000000000002' }],
    ['vehicle', { fleet: FLEET }],
  ])('changes with the %s of evidence', (_, facts) => {
    const files = [{ name: 'a.mp4', content: Buffer.from('first') }];
    expect(manifestEtag(describedManifest(files, { facts }))).not.toBe(
      manifestEtag(describedManifest(files)),
    );
  });

  it.each<[string, Partial<SharingFacts>]>([
    ['who shared', { sharedBy: { name: 'Another' } }],
    ['the scope', { scope: 'selected' }],
    ['the description', { caseDescription: null }],
    ['the tags', { caseTags: ['other'] }],
    ['the audit position', { audit: { sequence: 4712, hash: '0'.repeat(64) } }],
  ])('changes with %s of the case', (_, facts) => {
    const described = describedManifest([]);
    const changed = { ...described, sharing: { ...described.sharing, ...facts } };
    expect(manifestEtag(changed)).not.toBe(manifestEtag(described));
  });

  it('changes with the order of files and with the time of freezing', () => {
    const turned = { ...manifest, files: manifest.files.toReversed() };
    const later = { ...manifest, createdAt: '2026-03-14T09:26:54.000Z' };
    expect(new Set([manifest, turned, later].map(manifestEtag)).size).toBe(3);
  });
});

describe('an unsound manifest', () => {
  it.each<[string, Partial<ArchiveFile>]>([
    ['a traversing path', { path: '../interview.mp4' }],
    ['an absolute path', { path: '/interview.mp4' }],
    ['an empty path', { path: '' }],
    ['a path used twice', { path: 'фото/снимок.jpg' }],
    ['a negative size', { size: -1 }],
    ['a fractional size', { size: 1.5 }],
    ['an inexact size', { size: 2 ** 53 }],
    ['a short hash', { sha256: 'abc' }],
    ['an upper-case hash', { sha256: 'A'.repeat(64) }],
    ['a negative checksum', { crc32: -1 }],
    ['no time', { modifiedAt: 'yesterday' }],
  ])('is refused for %s', (_, change) => {
    expect(() => assertManifest(withFile(change))).toThrow(ArchiveManifestError);
  });

  it('is refused for an audit position that is none', () => {
    const described = describedManifest([]);
    for (const audit of [
      { sequence: -1, hash: '0'.repeat(64) },
      { sequence: 1, hash: '' },
    ]) {
      const sharing = { ...described.sharing, audit };
      expect(() => assertManifest({ ...described, sharing })).toThrow('audit position');
    }
  });

  it('is refused for a version or format from the future', () => {
    expect(() => assertManifest({ ...manifest, formatVersion: 3 as 1 })).toThrow('version');
    expect(() => assertManifest({ ...manifest, format: 'tar' as 'zip' })).toThrow('format');
  });
});
