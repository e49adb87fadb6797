import { execFileSync } from 'node:child_process';
import { describedManifest, tagBytes } from '../../test/support/archives.ts';
import { caseFiles } from './case-files.ts';
import type { DescribedManifest } from './manifest.ts';

const manifest = describedManifest(
  [
    { name: 'cam 3.mp4', content: Buffer.from('first') },
    { name: 'фото/a:b.jpg', content: Buffer.alloc(0) },
  ],
  { case: { number: '2026/17', title: '=HYPERLINK("http://x")' } },
);

function textOf(path: string, of: DescribedManifest = manifest): string {
  const found = caseFiles(of).find((file) => file.path === path);
  if (found === undefined) throw new Error(`there is no ${path}`);
  return tagBytes(found).toString();
}

/** Rows as Python's CSV reader, which is not ours, reads them. */
function rowsOf(text: string): string[][] {
  const script = `import csv, io, json, sys
data = sys.stdin.buffer.read().decode('utf-8-sig')
print(json.dumps(list(csv.reader(io.StringIO(data, newline='')))))`;
  return JSON.parse(execFileSync('python3', ['-c', script], { input: text, encoding: 'utf8' }));
}

describe('case.json', () => {
  it('has the case and its evidence, with both names of each file', () => {
    const found = JSON.parse(textOf('case.json'));
    expect(found).toMatchObject({
      caseNumber: '2026/17',
      title: '=HYPERLINK("http://x")',
      description: 'Two lines\nabout the quay.',
      tags: ['harbour'],
      organization: { name: 'Harbour Police' },
      asOf: '2026-03-14T09:26:53.000Z',
    });
    expect(found.evidence).toHaveLength(2);
    expect(found.evidence[1]).toEqual({
      id: 'evidence-1',
      evidenceNumber: 'E-2',
      title: 'Camera 3',
      description: null,
      file: {
        path: 'data/фото/a_b.jpg',
        name: 'фото/a:b.jpg',
        contentType: 'video/mp4',
        size: 0,
        sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
      recordedAt: '2025-11-02T23:59:59.500Z',
      uploadedAt: '2025-11-03T08:00:00.000Z',
      tags: ['quay', 'night'],
      sensitiveContentWarning: false,
      source: { model: 'Model 4', serialNumber: 'X-1' },
      location: { latitude: 54.3233, longitude: -10.1228, address: 'Quay 7, "north"' },
      multicamGroup: null,
      fleet: null,
    });
  });

  it('is whole also where there is no evidence', () => {
    expect(JSON.parse(textOf('case.json', describedManifest([]))).evidence).toEqual([]);
  });
});

describe('evidence.csv', () => {
  it('has a row for each file, quoted as RFC 4180 says', () => {
    const [head = [], first = [], second = [], ...more] = rowsOf(textOf('evidence.csv'));
    expect(more).toEqual([]);
    const named = (row: string[]) => Object.fromEntries(head.map((name, at) => [name, row[at]]));
    expect(named(first)).toMatchObject({ 'Evidence number': 'E-1', File: 'data/cam 3.mp4' });
    expect(named(second)).toMatchObject({
      'Original file name': 'фото/a:b.jpg',
      Bytes: '0',
      Tags: 'quay; night',
      'Sensitive content': 'no',
      Longitude: '-10.1228',
      Address: 'Quay 7, "north"',
      Vehicle: '',
    });
    expect(first).toHaveLength(head.length);
  });

  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1', '＋1', '－1', '＠1'])(
    'makes text that begins like a formula inert: %j',
    (title) => {
      const facts = { title };
      const of = describedManifest([{ name: 'a', content: 1 }], { facts });
      expect(rowsOf(textOf('evidence.csv', of))[1]?.[1]).toBe(`'${title}`);
    },
  );
});

describe('case.csv', () => {
  it('has the case, a field on each row', () => {
    expect(rowsOf(textOf('case.csv'))).toEqual([
      ['Field', 'Value'],
      ['Case number', '2026/17'],
      ['Title', `'=HYPERLINK("http://x")`],
      ['Description', 'Two lines\nabout the quay.'],
      ['Tags', 'harbour'],
      ['Organization', 'Harbour Police'],
      ['As of', '2026-03-14T09:26:53.000Z'],
    ]);
  });

  it('begins with the mark that tells spreadsheets of UTF-8', () => {
    expect(textOf('case.csv').codePointAt(0)).toBe(0xfeff);
    expect(textOf('evidence.csv').codePointAt(0)).toBe(0xfeff);
  });
});
