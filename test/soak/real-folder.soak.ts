/**
 * The whole way, as its users go it: `npm start`, `npm run import`, a share, the page in Chromium, and
 * curl that is killed and goes on.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '../../dev/servers/ports.ts';
import { startBrowser } from '../support/browser.ts';
import { eventually } from '../support/eventually.ts';
import { writeEvidenceFolder } from '../support/evidence-folder.ts';
import { makeTestFolder } from '../support/test-folder.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const MIB = 1024 ** 2;

let folder: string;
let stack: ChildProcess;
let origin: string;
let administrator: string;
beforeAll(async () => {
  folder = await makeTestFolder();
  const port = String(await freePort());
  stack = spawn(
    'npm',
    ['start', '--silent', '--', '--data', join(folder, 'data'), '--port', port, '--json'],
    {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    stack.once('exit', (status) => reject(new Error(`npm start ended with ${status}`)));
    let text = '';
    stack.stdout?.on('data', (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes('\n')) resolve(text);
    });
  });
  const ready = JSON.parse(line);
  origin = ready.api;
  administrator = ready.users[0].email;
});
afterAll(async () => {
  const ended = once(stack, 'exit');
  stack.kill('SIGTERM');
  await ended;
  await rm(folder, { recursive: true, force: true });
});

async function api(method: string, path: string, body?: unknown) {
  const headers = { 'Content-Type': 'application/json' };
  const issued = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ email: administrator }),
  });
  const { accessToken } = (await issued.json()) as { accessToken: string };
  const answer = await fetch(`${origin}/api/v1${path}`, {
    method,
    headers: { ...headers, Authorization: `Bearer ${accessToken}` },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // oxlint-disable-next-line typescript/no-explicit-any -- tests state what they expect of it
  return (await answer.json()) as any;
}

async function hashOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk);
  return hash.digest('hex');
}

let link: string;

test('a real folder is imported whole, and importing it again finds everything there', async () => {
  const written = await writeEvidenceFolder(join(folder, 'evidence'), {
    files: 520,
    largest: 1_000 * MIB,
  });
  const args = [
    'run',
    'import',
    '--silent',
    '--',
    join(folder, 'evidence'),
    '--case',
    '2026-7000',
    '--title',
    'A real folder',
  ];
  const environment = { ...process.env, CASEBRIDGE_API: origin };
  const imported = async () =>
    run('npm', [...args, '--api', origin, '--as', administrator], {
      cwd: ROOT,
      env: environment,
      maxBuffer: 64 * MIB,
    });
  const begun = performance.now();
  await imported();
  const seconds = (performance.now() - begun) / 1000;
  const { data } = await api('GET', '/cases?query=2026-7000');
  const [inCase] = data;
  expect(inCase.evidenceCount).toBe(written.size);
  const hashes = new Set<string>();
  for (let cursor = ''; ; ) {
    const answer = await api('GET', `/cases/${inCase.id}/evidence?limit=500${cursor}`);
    for (const evidence of answer.data) {
      expect(evidence.state).toBe('active');
      hashes.add(evidence.file.sha256);
    }
    if (answer.page.next === null) break;
    cursor = `&cursor=${answer.page.next}`;
  }
  expect(hashes).toEqual(new Set(written.values()));
  console.log(`imported ${written.size} files in ${seconds.toFixed(1)} s`);
  await imported();
  expect((await api('GET', '/cases?query=2026-7000')).data[0].evidenceCount).toBe(written.size);
  const share = await api('POST', `/cases/${inCase.id}/shares`, {
    method: 'download_link',
    format: 'zip',
    scope: { type: 'entire_case' },
    notifyOnFirstDownload: true,
  });
  link = share.link;
});

test('Chromium downloads it through the page; unzip and sha256sum find every byte right', async () => {
  const browser = await startBrowser();
  const page = await browser.newPage();
  await page.goto(link);
  await page.getByRole('button').first().click();
  await page.waitForURL(/\/shared\//);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByRole('link', { name: /download/i })
      .first()
      .click(),
  ]);
  const file = join(folder, 'chromium.zip');
  await download.saveAs(file);
  await browser.close();
  await run('unzip', ['-tqq', file], { maxBuffer: 64 * MIB });
  await run('unzip', ['-q', file, '-d', join(folder, 'unpacked')], { maxBuffer: 64 * MIB });
  const [top = ''] = await readdir(join(folder, 'unpacked'));
  await run('sha256sum', ['-c', '--quiet', 'manifest-sha256.txt'], {
    cwd: join(folder, 'unpacked', top),
  });
});

test('curl that is killed three times goes on and ends with the same bytes', async () => {
  const jar = join(folder, 'jar');
  const { stdout } = await run('curl', [
    '-sS',
    '-c',
    jar,
    '-X',
    'POST',
    link,
    '-o',
    '/dev/null',
    '-w',
    '%{redirect_url}',
  ]);
  const file = join(folder, 'curl.zip');
  const { size } = await stat(join(folder, 'chromium.zip'));
  const fetching = (limit: readonly string[]) =>
    spawn('curl', ['-sSf', '-b', jar, '-C', '-', ...limit, '-o', file, `${stdout}/package`], {
      stdio: 'inherit',
    });
  for (const share of [0.2, 0.4, 0.7]) {
    const curl = fetching(['--limit-rate', '200M']);
    await eventually(
      'enough bytes',
      async () => {
        const has = await stat(file).catch(() => null);
        return has !== null && has.size > size * share;
      },
      120,
    );
    const ended = once(curl, 'exit');
    curl.kill('SIGKILL');
    await ended;
  }
  expect((await stat(file)).size).toBeLessThan(size);
  const [code] = await once(fetching([]), 'exit');
  expect(code).toBe(0);
  expect(await hashOf(file)).toBe(await hashOf(join(folder, 'chromium.zip')));
});
