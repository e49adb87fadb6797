import fc from 'fast-check';
import { DEFAULT_EXTENSIONS } from '../uploads/supported-types.ts';
import { unsupportedContent } from './content-signature.ts';

const look = (fileName: string, head: Buffer | string, supported = DEFAULT_EXTENSIONS) =>
  unsupportedContent(fileName, Buffer.from(head), supported);

const PROGRAM = Buffer.concat([Buffer.from('MZ\x90\0\x03', 'latin1'), Buffer.alloc(60)]);

const PNG = Buffer.concat([
  Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'),
  Buffer.alloc(17),
  Buffer.from('\0\0\0\0IDAT', 'latin1'),
]);

/** An archive as far as its first entry. */
function zipOf(name: string): Buffer {
  const header = Buffer.alloc(30);
  header.write('PK\x03\x04', 'latin1');
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, Buffer.from(name), Buffer.alloc(100)]);
}

test.each([
  ['a program for Windows', PROGRAM, 'exe'],
  ['a program for Linux', Buffer.from('\x7fELF\x02', 'latin1'), 'elf'],
  ['a script', '#!/bin/sh\nrm -rf /', 'sh'],
  ['a program for a Java machine', zipOf('META-INF/MANIFEST.MF'), 'jar'],
  ['a page', '\ufeff <!DOCTYPE html><p>', 'html'],
  ['a picture that is a page', '<?xml version="1.0"?><svg xmlns="x">', 'svg'],
])('%s under the name of a video is told', async (_what, head, type) => {
  expect(await look('cam3.mp4', head)).toBe(type);
});

test.each([
  ['a video', 'cam3.mp4', Buffer.from('\0\0\0\x20ftypisom', 'latin1')],
  ['a picture under the name of another', 'a.png', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ['a format that nobody knows', 'cam.g64', Buffer.from([1, 2, 3, 4, 5])],
  ['sound that begins like a script', 'call.amr', '#!AMR\n'],
  ['a recorder’s file that begins like an icon', 'cam.avi', Buffer.from([0, 0, 1, 0, 1, 0, 9])],
  ['text about a page', 'notes.txt', '<html> was what it said'],
  ['text that begins with MZ', 'notes.txt', 'MZ said that nothing had happened'.padEnd(80)],
])('%s is taken', async (_what, fileName, head) => {
  expect(await look(fileName, head)).toBeNull();
});

test('what an organization takes decides, not what is usual', async () => {
  expect(await look('a.jpg', PNG, ['jpg'])).toBe('png');
  expect(await look('a.exe', PROGRAM, ['exe'])).toBeNull();
});

test('what is behind a name that nobody else uses is known to its system only, unless it is a program', async () => {
  const taken = ['ufdr', 'dav'];
  expect(await look('phone.ufdr', zipOf('files/report.bin'), taken)).toBeNull();
  expect(await look('gate.dav', PNG, taken)).toBeNull();
  expect(await look('gate.dav', PROGRAM, taken)).toBe('exe');
});

test.each([
  ['mov', 'gate.mov', Buffer.from('\0\0\0\x20ftypisom', 'latin1'), 'mp4'],
  ['docx', 'report.docx', zipOf('files/report.bin'), 'zip'],
  ['jpeg', 'a.jpeg', Buffer.from([0xff, 0xd8, 0xff, 0xe0]), 'jpg'],
])(
  'where %s is taken, the same kind of file under another name is',
  async (taken, name, head, other) => {
    expect(await look(name, head, [taken])).toBeNull();
    expect(await look(name, head, ['pdf'])).toBe(other);
  },
);

test('it gives an answer to any bytes, and never refuses what it does not know', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 600 }), async (bytes) => {
      const answer = await look('cam3.mp4', Buffer.from(bytes));
      expect(answer === null || !DEFAULT_EXTENSIONS.includes(answer)).toBe(true);
    }),
  );
});
