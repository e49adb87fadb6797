import { type ChildProcess, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { appendFile, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen } from '../platform/listen.ts';
import { startApi, type TestApi } from '../test/support/api.ts';
import { eventually } from '../test/support/eventually.ts';
import { buildUser, unique } from '../test/support/factories.ts';
import { verifyNow } from '../test/support/uploads.ts';

const MIB = 1024 ** 2;
const MAIN = new URL('./main.ts', import.meta.url).pathname;

let api: TestApi;
let folder: string;
let state: string;

beforeAll(async () => {
  api = await startApi({ variables: { UPLOAD_MINIMUM_PART_SIZE: String(5 * MIB) } });
});
afterAll(() => api.stop());
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'casebridge-import-'));
  state = await mkdtemp(join(tmpdir(), 'casebridge-state-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
  await rm(state, { recursive: true });
});

async function write(files: Readonly<Record<string, Buffer | string>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}

/** Starts the command as a user would. */
function start(caseNumber: string, email: string, ...more: string[]): ChildProcess {
  const args = [MAIN, folder, '--case', caseNumber, '--title', 'Burglary', ...more];
  const identity = ['--api', api.origin, '--as', email];
  return spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args, ...identity], {
    env: { PATH: process.env['PATH'], HOME: state, XDG_STATE_HOME: state },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Waits until it has ended; meanwhile its uploads are verified, as a worker would. */
async function ended(command: ChildProcess): Promise<{ status: number | null; output: string }> {
  const exit = Promise.withResolvers<number | null>();
  command.once('exit', exit.resolve);
  let running = true;
  const verifying = (async () => {
    while (running) {
      const cases = await api.database.em
        .fork()
        .execute<{ case_id: string }[]>(
          `select distinct case_id from uploads where state = 'verifying' and case_id is not null`,
        );
      for (const { case_id: caseId } of cases) await verifyNow(api, caseId);
      await Promise.race([exit.promise, new Promise((resolve) => setTimeout(resolve, 100))]);
    }
  })();
  const textOf = async (out: ChildProcess['stdout']) => (out === null ? '' : text(out));
  const output = Promise.all([textOf(command.stdout), textOf(command.stderr)]);
  const status = await exit.promise;
  running = false;
  await verifying;
  return { status, output: (await output).join('') };
}

async function namesIn(caseNumber: string, as: { email: string }): Promise<Map<string, string>> {
  const found = await api.get(`/cases?query=${caseNumber}`, as);
  const { body } = await api.get(`/cases/${found.body.data[0].id}/evidence?limit=500`, as);
  return new Map(
    body.data.map(({ file }: { file: { name: string; sha256: string } }) => [
      file.name,
      file.sha256,
    ]),
  );
}

function sha256(content: Buffer | string): string {
  return createHash('sha256').update(content).digest('hex');
}

describe('an import', () => {
  it('loads a folder with all below it, and a second run finds it all there', async () => {
    const user = await buildUser(api);
    const caseNumber = unique('2026');
    const files = {
      'cam/Überwachung 1.mp4': randomBytes(12 * MIB + 7),
      'cam/empty.log': '',
      '監視/فيديو.txt': 'three scripts',
      'notes.txt': 'plain',
    };
    await write({ ...files, 'copy of notes.txt': 'plain' });
    await symlink('/etc/hostname', join(folder, 'outside'));
    const first = await ended(start(caseNumber, user.email));
    expect(first.output).toContain(`Made case ${caseNumber}`);
    expect(first.output).toMatch(/uploaded, verified +4 /);
    expect(first.output).toMatch(/duplicates +1 /);
    expect(first.output).toContain('skipped: outside: a link');
    expect(first.status).toBe(0);
    const names = await namesIn(caseNumber, user);
    const { 'notes.txt': plain, ...others } = files;
    for (const [name, content] of Object.entries(others))
      expect(names.get(name)).toBe(sha256(content));
    expect([...names.values()]).toContain(sha256(plain));
    expect(names.size).toBe(4);

    const second = await ended(start(caseNumber, user.email));
    expect(second.output).toMatch(/Loading into case/);
    expect(second.output).toMatch(/already in the case +5 /);
    expect(second.status).toBe(0);
  });

  it('says which files were refused and why, loads the others, and ends with 1', async () => {
    const user = await buildUser(api);
    await write({ 'photo\u202egpj.exe': 'x', 'good.txt': 'y' });
    const { status, output } = await ended(start(unique('2026'), user.email));
    expect(output).toMatch(/failed: photo\\u202egpj\.exe: .*direction of text/);
    expect(output).toMatch(/uploaded, verified +1 /);
    expect(status).toBe(1);
  });

  it('goes on with the parts that arrived before it was killed', async () => {
    const user = await buildUser(api);
    const caseNumber = unique('2026');
    const content = randomBytes(80 * MIB);
    await write({ 'long.mp4': content });
    const killed = start(caseNumber, user.email, '--parts', '1');
    const gone = new Promise((resolve) => killed.once('exit', resolve));
    const uploadId = await eventually('some parts', async () => {
      const [upload] = await api.database.em
        .fork()
        .execute<{ id: string }[]>(
          'select u.id from uploads u join cases c on c.id = u.case_id where c.case_number = ?',
          [caseNumber],
        );
      if (upload === undefined) return null;
      const { body } = await api.get(`/evidence/uploads/${upload.id}`, user);
      return body.parts.length >= 2 ? upload.id : null;
    });
    killed.kill('SIGKILL');
    await gone;
    const before = (await api.get(`/evidence/uploads/${uploadId}`, user)).body;
    expect(before).toMatchObject({ state: 'uploading', partCount: 16 });

    const { status, output } = await ended(start(caseNumber, user.email));
    expect(output).toMatch(/uploaded, verified +1 /);
    expect(status).toBe(0);
    const after = (await api.get(`/evidence/uploads/${uploadId}`, user)).body;
    expect(after).toMatchObject({ state: 'verified', sha256: sha256(content) });
  });

  it('sends a file anew that was changed since', async () => {
    const user = await buildUser(api);
    const caseNumber = unique('2026');
    await write({ 'a.txt': 'first' });
    await ended(start(caseNumber, user.email));
    await appendFile(join(folder, 'a.txt'), ' second');
    const { output } = await ended(start(caseNumber, user.email));
    expect(output).toMatch(/uploaded, verified +1 /);
    expect([...(await namesIn(caseNumber, user)).values()]).toEqual([sha256('first second')]);
  });

  it('waits for an API that is busy', async () => {
    let asked = 0;
    const busy = createServer((request, response) => {
      if (request.url === '/dev/token') {
        response.setHeader('Content-Type', 'application/json').end('{"accessToken":"x"}');
        return;
      }
      asked += 1;
      response.writeHead(asked < 3 ? 503 : 404, {
        'Retry-After': '0',
        'Content-Type': 'application/json',
      });
      response.end(JSON.stringify({ status: 404, code: 'not-found', detail: 'Gone for good.' }));
    });
    const port = await listen(busy, { host: '127.0.0.1', port: 0 });
    const args = [MAIN, folder, '--case', '1', '--api', `http://127.0.0.1:${port}`];
    const command = spawn(process.execPath, args, { env: { HOME: state }, stdio: 'pipe' });
    const { status, output } = await ended(command);
    busy.close();
    expect([status, asked]).toEqual([1, 3]);
    expect(output).toContain('Gone for good.');
  });

  it.each([
    [[], 'Name the folder'],
    [['.'], 'Name the case'],
    [['.', '--case', '1', '--colour'], "Unknown option '--colour'"],
    [['.', '--case', '1', '--parts', '0'], '--parts must be a number from 1 to 64'],
    [['.', '--case', '1', '--data', '/nowhere'], 'no npm start has run here'],
    [['/nowhere', '--case', '1', '--api', 'http://127.0.0.1:1'], 'cannot be read'],
  ])('explains what is wrong with the command line %j', async (args, reason) => {
    const command = spawn(process.execPath, [MAIN, ...args], {
      env: { HOME: state },
      stdio: 'pipe',
    });
    const { status, output } = await ended(command);
    expect(output).toContain(reason);
    expect(output).not.toContain('    at ');
    expect(status).toBe(1);
  });
});
