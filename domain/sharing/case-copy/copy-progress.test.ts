import { copyProgress } from './copy-progress.ts';

test.each([
  ['nothing is copied', [30, 3e9, 0, 0], 0, '0 of 30 files, 0.0 of 3000.0 MB'],
  ['some is copied', [30, 3e9, 12, 1.2e9], 40, '12 of 30 files, 1200.0 of 3000.0 MB'],
  ['a large file is left', [1_000, 3e9, 999, 1e9], 33, '999 of 1000 files, 1000.0 of 3000.0 MB'],
  ['an empty file is left', [2, 5, 1, 5], 99, '1 of 2 files, 0.0 of 0.0 MB'],
  ['the files are empty', [4, 0, 1, 0], 25, '1 of 4 files, 0.0 of 0.0 MB'],
  ['all is copied', [30, 3e9, 30, 3e9], 100, '30 of 30 files, 3000.0 of 3000.0 MB'],
  ['there is nothing to copy', [0, 0, 0, 0], 100, '0 of 0 files, 0.0 of 0.0 MB'],
] as const)('%s', (_, [files, bytes, settledFiles, settledBytes], percent, text) => {
  expect(copyProgress({ files, bytes, settledFiles, settledBytes })).toEqual({ percent, text });
});
