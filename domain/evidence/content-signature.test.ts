import fc from 'fast-check';
import { unsupportedContent } from './content-signature.ts';
import { DEFAULT_EXTENSIONS } from './supported-types.ts';

const look = (fileName: string, head: Buffer | string, supported = DEFAULT_EXTENSIONS) =>
  unsupportedContent(fileName, Buffer.from(head), supported);

const PROGRAM = Buffer.concat([Buffer.from('MZ\x90\0\x03', 'latin1'), Buffer.alloc(60)]);

test.each([
  ['a program for Windows', PROGRAM, 'exe'],
  ['a program for Linux', Buffer.from('\x7fELF\x02', 'latin1'), 'elf'],
  ['a script', '#!/bin/sh\nrm -rf /', 'sh'],
  ['a page', '\ufeff <!DOCTYPE html><p>', 'html'],
  ['a picture that is a page', '<?xml version="1.0"?><svg xmlns="x">', 'svg'],
])('%s under the name of a video is told', (_what, head, type) => {
  expect(look('cam3.mp4', head)).toBe(type);
});

test.each([
  ['a video', 'cam3.mp4', Buffer.from('\0\0\0\x20ftypisom', 'latin1')],
  ['a picture under the name of another', 'a.png', Buffer.from([0xff, 0xd8, 0xff, 0xe0])],
  ['a format that nobody knows', 'cam.g64', Buffer.from([1, 2, 3, 4, 5])],
  ['sound that begins like a script', 'call.amr', '#!AMR\n'],
  ['text about a page', 'notes.txt', '<html> was what it said'],
  ['text that begins with MZ', 'notes.txt', 'MZ said that nothing had happened'.padEnd(80)],
])('%s is taken', (_what, fileName, head) => {
  expect(look(fileName, head)).toBeNull();
});

test('what an organization takes decides, not what is usual', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
  expect(look('a.jpg', png, ['jpg'])).toBe('png');
  expect(look('a.exe', PROGRAM, ['exe'])).toBeNull();
});

test('it gives an answer to any bytes, and never refuses what it does not know', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 600 }), (bytes) => {
      const answer = look('cam3.mp4', Buffer.from(bytes));
      expect(answer === null || !DEFAULT_EXTENSIONS.includes(answer)).toBe(true);
    }),
  );
});
