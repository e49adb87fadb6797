import { createHash } from 'node:crypto';
import { describedManifest, tagBytes, testManifest } from '../../test/support/archives.ts';
import { bagFolder, bagTagFiles } from './bag.ts';

const manifest = testManifest(
  [
    { name: 'interview.mp4', content: Buffer.from('first') },
    { name: 'фото/снимок.jpg', content: Buffer.alloc(0) },
  ],
  { case: { number: '2026/17', title: 'Line\r\nBagging-Date: 1999-01-01' } },
);

function texts(tags = bagTagFiles(manifest)): Record<string, string> {
  return Object.fromEntries(tags.map((tag) => [tag.path, tagBytes(tag).toString()]));
}

describe('the tag files of a bag', () => {
  it('declare BagIt 1.0 in exactly two lines without a byte order mark', () => {
    expect(texts()['bagit.txt']).toBe('BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n');
  });

  it('say in bag-info.txt what is in the bag, one line for each label', () => {
    expect(texts()['bag-info.txt']).toBe(
      [
        'Source-Organization: Harbour Police',
        'External-Description: Case 2026/17: Line Bagging-Date: 1999-01-01',
        'Bagging-Date: 2026-03-14',
        'External-Identifier: 0193a4c2-0000-7000-8000-000000000001',
        'Internal-Sender-Identifier: 2026/17',
        'Payload-Oxum: 5.2',
        '',
      ].join('\n'),
    );
  });

  it('list every payload file with its hash', () => {
    expect(texts()['manifest-sha256.txt']).toBe(
      [
        'a7937b64b8caa58f03721bb6bacf5c78cb235febe0e70b1b84cd99541461a08e  data/interview.mp4',
        'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  data/фото/снимок.jpg',
        '',
      ].join('\n'),
    );
  });

  it.each([
    [1, manifest, 4],
    [2, describedManifest([{ name: 'a.mp4', content: Buffer.from('a') }]), 9],
  ])('of format version %d list every other tag file, and not the list itself', (_, of, count) => {
    const tags = bagTagFiles(of);
    const listed = tags
      .filter(({ path }) => path !== 'tagmanifest-sha256.txt')
      .map((tag) => `${createHash('sha256').update(tagBytes(tag)).digest('hex')}  ${tag.path}\n`);
    expect(listed).toHaveLength(count);
    expect(texts(tags)['tagmanifest-sha256.txt']).toBe(listed.join(''));
  });

  it('explain in plain words how to check, and quote names on one line', () => {
    const readme = texts()['README.txt'] ?? '';
    expect(readme).toContain('Evidence of case 2026/17: Line Bagging-Date: 1999-01-01\n');
    expect(readme).toContain('sha256sum --check --quiet manifest-sha256.txt');
    expect(readme).toContain('2 files');
  });

  it('name the certificate and the metadata in README.txt where they are there', () => {
    const paths = ['certificate.html', 'certificate.json', 'evidence.csv', 'case.csv', 'case.json'];
    const tags = texts(bagTagFiles(describedManifest([])));
    for (const path of paths) {
      expect(Object.keys(tags)).toContain(path);
      expect(tags['README.txt']).toContain(path);
      expect(texts()['README.txt']).not.toContain(path);
    }
    expect(tags['bag-info.txt']).toContain('Contact-Name: A. Member of Staff\n');
  });

  it('stand in a folder named after the case', () => {
    expect(bagFolder(manifest)).toBe('2026-17');
  });
});
