import type { SourceFile } from '../engine/ports.ts';
import { admit } from './admission.ts';

const file = (path: string, size = 5, lastModified = 1): SourceFile => ({
  path,
  size,
  lastModified,
  slice: () => new Blob([]),
});
const limits = {
  limits: { fileSize: 1_000, files: 100, captionLength: null },
  extensions: ['mp4', 'pdf'],
};

test('files of supported types and sizes are taken, with their folders', () => {
  const chosen = [file('a.mp4'), file('DCIM/100/B.PDF', 1_000), file('empty.pdf', 0)];
  expect(admit(chosen, limits, []).taken).toEqual(chosen);
});

test('others are refused, each with its reason', () => {
  const chosen = [
    file('tool.exe'),
    file('README'),
    file('.mp4'),
    file('long.mp4', 1_001),
    file('fdp\u202egpj.mp4'),
    file(`${'x'.repeat(1_000)}.pdf`),
  ];
  const { taken, refused } = admit(chosen, limits, []);
  expect(taken).toEqual([]);
  expect(refused.map(({ refusal }) => refusal)).toEqual([
    { type: 'type', extension: 'exe' },
    { type: 'type', extension: '' },
    { type: 'type', extension: '' },
    { type: 'size', size: 1_001 },
    { type: 'name' },
    { type: 'name' },
  ]);
});

test('what is in the list already is not listed twice, nor what was chosen twice at once', () => {
  const again = [file('a.mp4'), file('a.mp4'), file('a.mp4', 6), file('a.mp4', 5, 2)];
  const { taken, listed } = admit(again, limits, [file('a.mp4')]);
  expect(taken).toEqual([again[2], again[3]]);
  expect(listed).toBe(2);
});

test('beyond the number of files that are taken, each is refused', () => {
  const few = { ...limits, limits: { ...limits.limits, files: 3 } };
  const chosen = [file('b.mp4'), file('c.mp4'), file('d.mp4'), file('e.mp4')];
  const { taken, refused } = admit(chosen, few, [file('a.mp4')]);
  expect(taken.map(({ path }) => path)).toEqual(['b.mp4', 'c.mp4']);
  expect(refused.map(({ path, refusal }) => [path, refusal.type])).toEqual([
    ['d.mp4', 'count'],
    ['e.mp4', 'count'],
  ]);
});

test('what systems put into every folder is left out without a word of each', () => {
  const chosen = ['x/.DS_Store', 'x/Thumbs.db', 'desktop.ini', 'x/._cam.mp4'].map((path) =>
    file(path),
  );
  expect(admit(chosen, limits, [])).toEqual({ taken: [], refused: [], listed: 0, leftOut: 4 });
});
