import { readPdf } from '../../test/support/pdf.ts';
import { fontWith } from './fonts.ts';
import { type Report, renderReport } from './report.ts';
import { drawable, visualRuns } from './runs.ts';

const CREATED = new Date('2026-03-01T12:00:00.000Z');

function report(names: readonly string[]): Report {
  return {
    title: 'Audit trail of E-000001',
    facts: [{ heading: 'Northfield Police', entries: [['Evidence number', 'E-000001']] }],
    table: {
      heading: 'Audit events',
      columns: [
        { label: '#', width: 40 },
        { label: 'User', width: 460 },
      ],
      rows: names.map((name, index) => [String(index + 1), name]),
      empty: 'Nothing happened yet.',
    },
    footer: 'Northfield Police',
    createdAt: CREATED,
  };
}

const NAMES = {
  Latin: 'Müller Łukasz Nguyễn Thị Ánh',
  Greek: 'Ελένη',
  Cyrillic: 'Жанна Ківіцка',
  Devanagari: 'अर्जुन',
  Chinese: '王小明警官',
  'traditional Chinese': '陳國強',
  Japanese: '山田太郎さんカメラ',
  Korean: '김철수',
  Thai: 'สมชาย',
  Hebrew: 'שרה',
  Arabic: 'محمد',
};

describe('a report', () => {
  test.each(Object.entries(NAMES))('has names in %s that a reader finds', async (_, name) => {
    const { pages } = await readPdf(await renderReport(report([name])));
    // A reader gives back letters, whose order and form are those of the page; marks are drawn on them.
    const letters = (text: string) =>
      [...text.normalize('NFKD').replaceAll(/[\s|\p{M}]/gu, '')].toSorted();
    const found = letters(pages[0] ?? '').join('');
    for (const letter of new Set(letters(name))) expect(found).toContain(letter);
  });

  test('is the same bytes for the same content', async () => {
    const names = Object.values(NAMES);
    const [one, other] = [await renderReport(report(names)), await renderReport(report(names))];
    expect(one.equals(other)).toBe(true);
  });

  test('goes on for as many pages as it takes, each with the head of the table and a number', async () => {
    const { pages, title } = await readPdf(
      await renderReport(report(Array.from({ length: 300 }, (_, index) => `User ${index + 1}`))),
    );
    expect(title).toBe('Audit trail of E-000001');
    expect(pages.length).toBeGreaterThan(4);
    pages.forEach((page, index) => {
      expect(page).toContain('#');
      expect(page).toContain(`Northfield Police · ${index + 1}`);
    });
    const numbers = pages.flatMap((page) => page.match(/User \d+/g) ?? []);
    expect(numbers).toEqual(Array.from({ length: 300 }, (_, index) => `User ${index + 1}`));
  });

  test('holds a row that is longer than a page, and loses none of it', async () => {
    const words = Array.from({ length: 3_000 }, (_, index) => `word${index}`);
    const { pages } = await readPdf(await renderReport(report([words.join(' ')])));
    expect(pages.length).toBeGreaterThan(1);
    const found = pages.flatMap((page) => page.match(/word\d+/g) ?? []);
    expect(found).toEqual(words);
  });

  test('is as readable after others were made by the same process', async () => {
    await renderReport(report(['Ịị:;…·']));
    const { pages } = await readPdf(await renderReport(report(['One. Two: three;'])));
    expect(pages[0]?.replaceAll('|', '')).toContain('One. Two: three;');
  });

  test('says so where nothing is in its table', async () => {
    const { pages } = await readPdf(await renderReport(report([])));
    expect(pages[0]).toContain('Nothing happened yet.');
  });
});

describe('text', () => {
  test('that no font can draw is named by its number', () => {
    expect(drawable('a😀b\u0000c\u202Ed')).toBe('a‹U+1F600›b cd');
    expect(fontWith(0x1f600)).toBeNull();
  });

  test('is cut into runs of one font, digits and brackets with the words around them', () => {
    expect(visualRuns('Kamera 3 王 ok', 'latin')).toEqual([
      { text: 'Kamera 3 ', font: 'latin' },
      { text: '王', font: 'chinese' },
      { text: ' ok', font: 'latin' },
    ]);
  });

  test('from right to left is seen from its end, numbers in it from left to right', () => {
    const runs = visualRuns('שרה לוי 123', 'latin');
    expect(runs.map(({ text }) => text)).toEqual(['123', 'שרה לוי ']);
    const mixed = visualRuns('by שרה לוי today', 'latin');
    expect(mixed.map(({ text }) => text).join('|')).toBe('by |שרה לוי| |today');
  });
});
