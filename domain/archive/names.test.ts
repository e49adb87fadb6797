import fc from 'fast-check';
import { isSafePath, PATH_UNITS, ROOT_UNITS, safeFolderName, safeNames } from './names.ts';

/** What a careful reader checks, written without the code under test. */
function faults(path: string): string[] {
  const found: string[] = [];
  if (path.length > PATH_UNITS) found.push('long path');
  if (path.normalize('NFC') !== path) found.push('not NFC');
  if (!path.isWellFormed()) found.push('half a character');
  for (const part of path.split('/')) {
    if (part === '' || part === '.' || part === '..') found.push('traversal or empty');
    if (part.length > 127 || Buffer.byteLength(part) > 255) found.push('long component');
    if (/[<>:"|?*\\%\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u.test(part)) {
      found.push('refused character');
    }
    if (/^[ ]|[. ]$/.test(part)) found.push('space or dot at an end');
    const device = (part.split('.')[0] ?? '').trim();
    if (/^(con|prn|aux|nul|com\d|lpt\d)$/i.test(device)) found.push('device name');
  }
  return found;
}

const hostile = [
  '../../etc/passwd',
  '/etc/shadow',
  '..',
  '.',
  '',
  '/',
  'a//b',
  'a/./b/../c.txt',
  '..\\..\\windows\\system.ini',
  'C:\\evil.exe',
  'C:evil',
  '\\\\server\\share',
  'nul',
  'NUL.txt',
  'con .txt',
  'COM¹.log',
  'aux.tar.gz/x',
  `con${' '.repeat(200)}x.mp4`,
  'a\0b.mp4',
  'a\r\nSet-Cookie: x',
  'tab\there',
  'invoice\u202efdp.exe',
  '\u200eleft\u200f',
  'trailing. . ',
  ' leading',
  '...',
  '. .',
  '-rf',
  '~',
  'a'.repeat(300),
  `${'ж'.repeat(300)}.mp4`,
  `${'😀'.repeat(200)}.mp4`,
  `${'x'.repeat(126)}😀.mp4`,
  `name.${'e'.repeat(200)}`,
  `.${'h'.repeat(200)}`,
  `${'deep/'.repeat(300)}file.mp4`,
  `${'ü'.repeat(120)}/${'ü'.repeat(120)}/${'ü'.repeat(120)}`,
  '\ud800half',
  '._resource',
  '100%.jpg',
  'a:b*c?d"e<f>g|h',
  '\u0085\u009f',
  '\ufeff',
];

describe('safe names', () => {
  it('leaves alone what is safe everywhere', () => {
    const names = [
      'a.mp4',
      'Häfen/Kai 7 (2).jpg',
      '証拠/写真.png',
      'صور/صورة.jpg',
      'x.tar.gz',
      '.env',
    ];
    expect(safeNames(names)).toEqual(names);
  });

  it('are safe for every hostile name', () => {
    const names = safeNames(hostile);
    expect(names.flatMap((name) => faults(name).map((fault) => [name, fault]))).toEqual([]);
    expect(names.every(isSafePath)).toBe(true);
  });

  it('keep no way out of the folder', () => {
    expect(safeNames(['../../etc/passwd', 'a/./b/../c.txt', '/etc/shadow'])).toEqual([
      'etc/passwd',
      'a/b/c.txt',
      'etc/shadow',
    ]);
  });

  it('replace what Windows refuses and drop what hides', () => {
    expect(safeNames(['C:\\a|b.mp4', 'invoice\u202efdp.exe', 'NUL.txt', '100%.jpg'])).toEqual([
      'C__a_b.mp4',
      'invoicefdp.exe',
      '_NUL.txt',
      '100_.jpg',
    ]);
  });

  it('shorten the stem and keep the extension', () => {
    const [long = '', cyrillic = ''] = safeNames([
      `${'a'.repeat(300)}.mp4`,
      `${'ж'.repeat(300)}.jpeg`,
    ]);
    expect(long).toBe(`${'a'.repeat(123)}.mp4`);
    expect(cyrillic).toBe(`${'ж'.repeat(122)}.jpeg`);
  });

  it('number later names that some file system takes for the same', () => {
    expect(
      safeNames([
        'a.mp4',
        'A.MP4',
        'a.mp4',
        'Straße',
        'STRASSE',
        'e\u0301',
        '\u00e9',
        'a:b',
        'a?b',
      ]),
    ).toEqual([
      'a.mp4',
      'A (2).MP4',
      'a (3).mp4',
      'Straße',
      'STRASSE (2)',
      'é',
      'é (2)',
      'a_b',
      'a_b (2)',
    ]);
  });

  it('do not take a number that another file has', () => {
    expect(safeNames(['a (2).txt', 'a.txt', 'a.txt'])).toEqual(['a (2).txt', 'a.txt', 'a (3).txt']);
  });

  it('give no file the name of a folder', () => {
    expect(safeNames(['photos', 'Photos/1.jpg', 'PHOTOS/1.jpg'])).toEqual([
      'photos (2)',
      'Photos/1.jpg',
      'Photos/1 (2).jpg',
    ]);
  });

  it('keep files of one long folder together and of two apart', () => {
    const [one, two, other] = safeNames([
      `${'long folder name/'.repeat(12)}1.jpg`,
      `${'long folder name/'.repeat(12)}2.jpg`,
      `${'long folder name/'.repeat(13)}1.jpg`,
    ]).map((path) => path.slice(0, path.lastIndexOf('/')));
    expect(one).toBe(two);
    expect(one).not.toBe(other);
  });

  it('are unique, safe, stable and the same when made again from themselves', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('a', 'A', 'é', 'e\u0301', 'ß', '.', ' ', '\u202e', 'ΐ') }),
      fc.constantFrom(...hostile),
    );
    const name = fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('/'));
    fc.assert(
      fc.property(fc.array(name, { maxLength: 40 }), (originals) => {
        const names = safeNames(originals);
        expect(names.flatMap(faults)).toEqual([]);
        expect(names.every(isSafePath)).toBe(true);
        const folded = names.map((path) => path.toLowerCase().normalize('NFC'));
        expect(new Set(folded).size).toBe(originals.length);
        const folders = names.flatMap((path) =>
          path
            .split('/')
            .slice(0, -1)
            .map((_, depth, all) => all.slice(0, depth + 1).join('/')),
        );
        expect(folders.filter((folder) => folded.includes(folder.toLowerCase()))).toEqual([]);
        expect(safeNames(originals)).toEqual(names);
        expect(safeNames(names)).toEqual(names);
      }),
      { numRuns: 300 },
    );
  });

  it('are unique for 100,000 files, also of one name', () => {
    const mixed = Array.from({ length: 100_000 }, (_, index) =>
      index % 2 === 0 ? 'camera/clip.mp4' : `папка ${index % 500}/видео ${index}.mp4`,
    );
    const names = safeNames(mixed);
    expect(new Set(names).size).toBe(100_000);
  });
});

describe("an archive's top folder", () => {
  it.each([
    ['2026-00417', '2026-00417'],
    ['2026/417', '2026-417'],
    ['a very long case number indeed', 'a very long case num'],
    ['..', 'case'],
    ['NUL', '_NUL'],
    ['con                       x', 'case'],
    ['\u202e', 'case'],
  ])('is safe and short for %j', (number, folder) => {
    expect(safeFolderName(number, ROOT_UNITS)).toBe(folder);
    expect(isSafePath(folder)).toBe(true);
  });
});
