import { describedManifest, tagBytes } from '../../test/support/archives.ts';
import { certificateJson } from './certificate.ts';
import { certificatePage } from './certificate-page.ts';

const manifest = describedManifest(
  [
    { name: 'cam 3.mp4', content: Buffer.from('first') },
    { name: '<img src=x onerror=alert(1)>\u202egnp.jpg', content: Buffer.alloc(0) },
  ],
  { case: { number: '2026/17', title: '</title><script>alert("&")</script>' } },
);
const page = tagBytes(certificatePage(manifest)).toString();
const document = JSON.parse(tagBytes(certificateJson(manifest)).toString());

describe('certificate.json', () => {
  it('says who shared, when, and the position in the audit', () => {
    expect(document).toMatchObject({
      share: {
        id: '0193a4c2-0000-7000-8000-000000000001',
        sharedAt: '2026-03-14T09:26:53.000Z',
        scope: 'entire_case',
        format: 'zip',
      },
      sharedBy: { name: 'A. Member of Staff', organization: 'Harbour Police' },
      case: { caseNumber: '2026/17' },
      hashes: { algorithm: 'SHA-256' },
      audit: { sequence: 4711, hash: manifest.sharing.audit.hash },
      fileCount: 2,
      totalSize: 5,
    });
  });

  it('lists each file with its evidence, both names, size and hash', () => {
    expect(document.files[0]).toEqual({
      evidence: { id: 'evidence-0', evidenceNumber: 'E-1' },
      originalName: 'cam 3.mp4',
      path: 'data/cam 3.mp4',
      size: 5,
      sha256: 'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e',
    });
    expect(document.files).toHaveLength(2);
  });
});

describe('certificate.html', () => {
  it('says the same as the JSON', () => {
    const said = [
      ...[document.share.id, document.sharedBy.name, document.sharedBy.organization],
      ...[document.hashes.method, document.audit.method, document.audit.hash, '4,711'],
      ...['2026-03-14 09:26:53 UTC', 'All evidence that the case had', '5 bytes'],
    ];
    for (const text of said) expect(page).toContain(text);
    for (const { evidence, sha256 } of document.files) {
      expect(page).toContain(sha256);
      expect(page).toContain(evidence.evidenceNumber);
    }
  });

  it('escapes what comes from a case, and shows what would turn a name around', () => {
    expect(page).not.toMatch(/<script|<img|\u202e/);
    expect(page).toContain('&lt;/title&gt;&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;');
    expect(page).toContain('&lt;img src=x onerror=alert(1)&gt;[U+202E]gnp.jpg');
  });

  it('loads nothing and runs nothing', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<(?:link|script|iframe|object)|url\(|@import/);
  });
});
