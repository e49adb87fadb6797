/** The lines that the download page prints, run as they stand; those of programs that are not there are skipped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestApi } from '../support/api.ts';
import { exists, run } from '../support/archive-readers.ts';
import { eventually } from '../support/eventually.ts';
import { buildLink, openLink, shareEvents, type TestLink } from '../support/links.ts';
import { startApiAtOwnAddress } from '../support/pages.ts';
import { verifiedFiles } from '../support/verified-files.ts';

let api: TestApi;
let folder: string;
beforeAll(async () => {
  api = await startApiAtOwnAddress();
  folder = mkdtempSync(join(tmpdir(), 'casebridge-lines-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await api.stop();
});

type Program = 'curl' | 'wget' | 'aria2c';

/** A program's lines as they stand on the page, with the reader's link pasted in. */
async function printedLines(link: TestLink, program: string, passphrase = ''): Promise<string[]> {
  const response = await fetch(`${api.origin}/shared/${link.shareId}`, {
    headers: { Cookie: await openLink(api, link, passphrase) },
  });
  const page = await response.text();
  const pattern = new RegExp(`<h3>${program}</h3>[^]*?<code>([^<]+)</code>`);
  const [, code = ''] = pattern.exec(page) ?? [];
  return code
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&gt;', '>')
    .replace('paste your link here', `${api.origin}${link.path}`)
    .replace('the passphrase', passphrase)
    .split('\n');
}

function shell(place: string, lines: readonly string[]): ChildProcess {
  return spawn('sh', ['-c', `exec 2>log\n${lines.join('\n')}`], {
    cwd: place,
    env: { ...process.env, CURL_HOME: place, HOME: place },
    stdio: 'ignore',
    detached: true,
  });
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  return (await once(child, 'exit'))[0];
}

/** How each program is told to take 8 MB a second, by a file of its own. */
const SLOWLY: Readonly<Record<Program, { readonly file: string; readonly text: string }>> = {
  curl: { file: '.curlrc', text: 'limit-rate = 8M\n' },
  wget: { file: '.wgetrc', text: 'limit_rate = 8m\n' },
  aria2c: {
    file: '.aria2/aria2.conf',
    text: 'max-overall-download-limit=8M\nauto-save-interval=1\n',
  },
};

describe.each(['curl', 'wget', 'aria2c'] as const)('%s', (program) => {
  const check = exists(program) && exists('curl') ? test : test.skip;
  const opens = (lines: readonly string[]) => lines.slice(0, -1);
  const downloads = (lines: readonly string[]) => lines.slice(-1);
  const clutter = /^(?:log|jar|cookies|\..*)$/;
  const left = (place: string) => readdirSync(place).filter((name) => !clutter.test(name));

  check('downloads a package that checks out, as a ZIP file and as an ISO image', async () => {
    for (const format of ['zip', 'iso'] as const) {
      const files = { 'cam3.mp4': randomBytes(3_000_000), 'протокол.pdf': randomBytes(5_000) };
      const caseFields = { caseNumber: '2026/0142 "Ö"' };
      const link = await buildLink(api, { files, caseFields, format });
      const place = mkdtempSync(join(folder, `${program}-`));
      expect(await exitOf(shell(place, await printedLines(link, program)))).toBe(0);
      expect(left(place)).toEqual([`2026-0142_O_.${format}`]);
      const saved = join(place, `2026-0142_O_.${format}`);
      expect(statSync(saved).size).toBe(link.size);
      if (format === 'zip' || exists('bsdtar')) expect(verifiedFiles(saved, folder)).toBe(2);
    }
  });

  check('goes on where it was killed, as one download of a limited link', async () => {
    const content = randomBytes(40 * 1024 ** 2);
    const link = await buildLink(api, {
      files: { 'long.mp4': content },
      caseFields: { caseNumber: '2026-0142' },
      downloadLimit: 1,
    });
    const place = mkdtempSync(join(folder, `${program}-`));
    const lines = await printedLines(link, program);
    expect(await exitOf(shell(place, opens(lines)))).toBe(0);

    const saved = join(place, '2026-0142.zip');
    // What a program that fetches in pieces has is not where the file ends.
    const size = () => (statSync(saved, { throwIfNoEntry: false })?.blocks ?? 0) * 512;
    const { file, text } = SLOWLY[program];
    run('mkdir', ['-p', join(place, '.aria2')]);
    writeFileSync(join(place, file), text);
    for (let kills = 0; kills < 3; kills += 1) {
      const before = size();
      const running = shell(place, downloads(lines));
      await eventually('some more bytes', () => size() > before + 1_000_000);
      const gone = once(running, 'exit');
      process.kill(-(running.pid ?? 0), program === 'aria2c' ? 'SIGINT' : 'SIGKILL');
      await gone;
      expect(size()).toBeLessThan(link.size);
    }
    rmSync(join(place, file));
    expect(await exitOf(shell(place, downloads(lines)))).toBe(0);
    expect(statSync(saved).size).toBe(link.size);
    expect(verifiedFiles(saved, folder)).toBe(1);
    const digest = () => createHash('sha256').update(readFileSync(saved)).digest('hex');
    const whole = digest();
    await exitOf(shell(place, downloads(lines)));
    expect(digest()).toBe(whole);
    expect(left(place)).toEqual(['2026-0142.zip']);
    await eventually('the download to be on record as complete', async () => {
      const events = await shareEvents(api, link.shareId);
      return events.some(({ reason }) => reason === 'complete');
    });
  });

  check('opens a link with a passphrase, and leaves no page behind for a dead one', async () => {
    const passphrase = 'it’s a (secret) & 100%';
    const written = program === 'wget' ? 'it’s a (secret) %26 100%25' : passphrase;
    const caseFields = { caseNumber: '7' };
    const link = await buildLink(api, { passphrase, caseFields });
    const place = mkdtempSync(join(folder, `${program}-`));
    const lines = (await printedLines(link, program, passphrase)).map((line) =>
      line.replace(passphrase, written),
    );
    expect(await exitOf(shell(place, opens(lines)))).toBe(0);
    await api.database.em
      .fork()
      .execute('update shares set revoked_at = clock_timestamp() where id = ?', [link.shareId]);
    expect(await exitOf(shell(place, downloads(lines)))).not.toBe(0);
    expect(left(place)).toEqual([]);
  });
});

(exists('sha256sum') ? test : test.skip)(
  'the lines that verify say nothing of a whole bag',
  async () => {
    const files = { 'cam3.mp4': randomBytes(1_000), 'протокол.pdf': randomBytes(5_000) };
    const link = await buildLink(api, { files, caseFields: { caseNumber: `O'Hara & Co` } });
    const lines = await printedLines(link, 'Linux');
    const response = await fetch(`${api.origin}/shared/${link.shareId}/package`, {
      headers: { Cookie: await openLink(api, link) },
    });
    const place = mkdtempSync(join(folder, 'verify-'));
    const archive = join(place, 'case.zip');
    writeFileSync(archive, Buffer.from(await response.arrayBuffer()));
    run('python3', ['-m', 'zipfile', '-e', archive, place]);
    const command = [
      '-c',
      lines.join('\n').replace('cd ', `cd ${place}/`).replaceAll('&amp;', '&'),
    ];
    expect(run('sh', command)).toBe('');
    writeFileSync(join(place, `O'Hara & Co`, 'data', 'cam3.mp4'), 'changed');
    expect(() => run('sh', command)).toThrow('1 computed checksum did NOT match');
  },
);
