import { text } from 'node:stream/consumers';
import { csvStream } from './csv.ts';

const COLUMNS = [
  { key: 'name', header: 'Name' },
  { key: 'size', header: 'Size' },
];

async function* each(rows: readonly unknown[]) {
  yield* rows;
}

async function csv(...rows: { name: string; size: number }[]): Promise<string> {
  return text(csvStream(COLUMNS, each(rows)));
}

describe('a list as CSV', () => {
  it('has its header and CRLF also when it is empty', async () => {
    expect(await csv()).toBe('Name,Size\r\n');
  });

  it('begins with the mark that tells spreadsheets of UTF-8', async () => {
    const [first] = await csvStream(COLUMNS, each([])).toArray();
    expect(Buffer.from(first).subarray(0, 3).toString('hex')).toBe('efbbbf');
  });

  it.each([
    '=HYPERLINK("http://x")',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '＝1',
    '＋1',
    '－1',
    '＠1',
  ])('makes text that begins like a formula inert: %j', async (name) => {
    const body = (await csv({ name, size: 1 })).slice('Name,Size\r\n'.length);
    expect(body.replace(/^"/, '')).toMatch(/^'/);
  });

  it('keeps numbers, quotes, line breaks and every script as they are', async () => {
    const name = 'A "b", ä 案 \n end';
    expect(await csv({ name, size: -5 })).toBe(`Name,Size\r\n"A ""b"", ä 案 \n end",-5\r\n`);
  });

  async function* breaking() {
    yield { name: 'a', size: 1 };
    throw new Error('the database went away');
  }

  it('breaks where its rows break, and does not end as if it were whole', async () => {
    await expect(text(csvStream(COLUMNS, breaking()))).rejects.toThrow('the database went away');
  });

  it('whose rows fail before anybody listens does not end the process', async () => {
    const stream = csvStream(COLUMNS, breaking());
    const { promise, resolve } = Promise.withResolvers<void>();
    stream.once('close', resolve);
    await promise;
    await expect(text(stream)).rejects.toThrow('the database went away');
  });
});
