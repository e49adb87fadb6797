import fc from 'fast-check';
import { safeNames } from '../../archive/names.ts';
import { baseName, extensionOf, fileNameFaults } from './file-name.ts';

describe('names of files', () => {
  it.each([
    'cam3.mp4',
    'Überwachung Tür 2.mp4',
    'فيديو ١.mp4',
    '監視カメラ/三号.mp4',
    'a/b/c/d.txt',
    '..hidden',
    'trailing dot.',
    'CON',
    'a:b*c?.txt',
    '👩‍👧 family.jpg',
    `${'n'.repeat(296)}.mp4`,
  ])('takes %j as it is', (name) => {
    expect(fileNameFaults(name)).toEqual([]);
  });

  it.each([
    ['empty', ''],
    ['with a folder above', '../etc/passwd'],
    ['with a folder above in the middle', 'a/../b'],
    ['with a folder above in Windows style', 'a\\..\\b'],
    ['that is a folder itself', 'a/.'],
    ['with an absolute path', '/etc/passwd'],
    ['that ends with a folder', 'a/'],
    ['with NUL', 'a\u0000.mp4'],
    ['with CR and LF', 'a\r\nSet-Cookie: x.mp4'],
    ['with DEL', 'a\u007f'],
    ['with a C1 control', 'a\u0085b'],
    ['with a line separator', 'a\u2028b'],
    ['with a right-to-left override', 'photo\u202egpj.exe'],
    ['with a right-to-left mark', 'a\u200fb'],
    ['with an isolate', 'a\u2067b'],
    ['with half a character', 'a\ud800b'],
    ['too long', 'n'.repeat(1_001)],
  ])('refuses one %s, and says why', (_, name) => {
    expect(fileNameFaults(name).join(' ')).toMatch(/^(Must|At most) /);
  });

  it('gives every fault at once', () => {
    expect(fileNameFaults('/../\u0000')).toHaveLength(3);
  });

  it('takes no name that an archive could not keep apart from its folders', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (name) => {
        fc.pre(fileNameFaults(name).length === 0);
        expect(safeNames([name])[0]?.split('/')).not.toContain('..');
      }),
    );
  });

  it.each([
    ['a/b/Clip.MP4', 'Clip.MP4', 'mp4'],
    ['.profile', '.profile', ''],
    ['archive.tar.gz', 'archive.tar.gz', 'gz'],
    ['a.b/c', 'c', ''],
  ])('reads the last part and the extension of %j', (name, base, extension) => {
    expect(baseName(name)).toBe(base);
    expect(extensionOf(name)).toBe(extension);
  });
});
