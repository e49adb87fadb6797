import fc from 'fast-check';
import { decideDownload, parseRange } from './ranges.ts';

describe('a Range header', () => {
  it.each([
    ['bytes=0-499', { start: 0, end: 500 }],
    ['bytes=500-', { start: 500, end: 1000 }],
    ['bytes=-200', { start: 800, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    ['bytes=0-', { start: 0, end: 1000 }],
    ['bytes=999-999', { start: 999, end: 1000 }],
    ['bytes=900-99999999999999999999999999', { start: 900, end: 1000 }],
    ['Bytes=1-2', { start: 1, end: 3 }],
    ['bytes = 1-2 ', { start: 1, end: 3 }],
    ['bytes=1000-', 'unsatisfiable'],
    ['bytes=99999999999999999999999999-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=5-2', 'whole'],
    ['bytes=18014398509481985-18014398509481984', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=', 'whole'],
    ['bytes', 'whole'],
    ['bytes=a-b', 'whole'],
    ['bytes=-1-2', 'whole'],
    ['bytes=1.5-2', 'whole'],
    ['bytes=0x1-2', 'whole'],
    ['items=0-1', 'whole'],
    ['', 'whole'],
    [`bytes=${'1'.repeat(500)}-`, 'whole'],
    [undefined, 'whole'],
  ])('%j of 1,000 bytes asks for %j', (header, decision) => {
    expect(parseRange(header, 1000)).toEqual(decision);
  });

  it('never leads outside, whatever it says', () => {
    const number = fc.oneof(fc.bigInt({ min: 0n, max: 2n ** 70n }), fc.constant(''));
    const header = fc.oneof(
      fc.tuple(number, number).map(([first, last]) => `bytes=${first}-${last}`),
      fc.string(),
    );
    fc.assert(
      fc.property(header, fc.integer({ min: 1, max: 2 ** 45 }), (text, size) => {
        const range = parseRange(text, size);
        if (typeof range === 'string') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThan(range.start);
        expect(range.end).toBeLessThanOrEqual(size);
      }),
    );
  });
});

describe('a download', () => {
  const etag = '"current"';
  const decide = (headers: Record<string, string>, method: 'GET' | 'HEAD' = 'GET') =>
    decideDownload(method, headers, etag, 1000);

  it.each<[string, Record<string, string>, unknown]>([
    ['without conditions is whole', {}, { status: 200, start: 0, end: 1000 }],
    ['of a range is part', { range: 'bytes=1-2' }, { status: 206, start: 1, end: 3 }],
    ['beyond the end is refused', { range: 'bytes=1000-' }, { status: 416 }],
    [
      'resumed on the same archive is part',
      { range: 'bytes=5-', 'if-range': etag },
      { status: 206, start: 5, end: 1000 },
    ],
    [
      'resumed on another archive is whole',
      { range: 'bytes=5-', 'if-range': '"older"' },
      { status: 200, start: 0, end: 1000 },
    ],
    [
      'resumed with a weak tag is whole',
      { range: 'bytes=5-', 'if-range': 'W/"current"' },
      { status: 200, start: 0, end: 1000 },
    ],
    [
      'resumed by date is whole',
      { range: 'bytes=5-', 'if-range': 'Sat, 14 Mar 2026 09:26:53 GMT' },
      { status: 200, start: 0, end: 1000 },
    ],
    [
      'resumed beyond the end of another archive is whole',
      { range: 'bytes=5000-', 'if-range': '"older"' },
      { status: 200, start: 0, end: 1000 },
    ],
    ['that must match and does not is refused', { 'if-match': '"older"' }, { status: 412 }],
    [
      'that must match is not content with a weak tag',
      { 'if-match': 'W/"current"' },
      { status: 412 },
    ],
    [
      'that must match one of a list is given',
      { 'if-match': '"a,b", "current"' },
      { status: 200, start: 0, end: 1000 },
    ],
    ['that must exist is given', { 'if-match': '*' }, { status: 200, start: 0, end: 1000 }],
    ['that is there already is not given', { 'if-none-match': 'W/"current"' }, { status: 304 }],
    [
      'that is there in another form is given',
      { 'if-none-match': '"older"' },
      { status: 200, start: 0, end: 1000 },
    ],
    [
      'with both conditions obeys If-Match first',
      { 'if-match': '"x"', 'if-none-match': etag },
      { status: 412 },
    ],
  ])('%s', (_, headers, decision) => {
    expect(decide(headers)).toEqual(decision);
  });

  it('by HEAD has no ranges', () => {
    expect(decide({ range: 'bytes=1-2' }, 'HEAD')).toEqual({ status: 200, start: 0, end: 1000 });
  });
});
