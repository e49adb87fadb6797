/**
 * The main calls of the API against the floor: one plain Koa route with a pool of connections that
 * executes the very statements which the API executes for the call. What lies between the two is the
 * price of everything else: authentication, validation, permissions, rules, presentation, metrics.
 */
import { availableParallelism } from 'node:os';
import { freePort } from '../dev/servers/ports.ts';
import type { User } from '../domain/identity/user.entity.ts';
import { startApi, type TestApi, testEnvironment } from '../test/support/api.ts';
import { buildCase, buildEvidence, buildUser } from '../test/support/factories.ts';
import { startProcess } from '../test/support/processes.ts';
import { SERVERS_VARIABLE } from '../test/support/servers.ts';
import { startTestServers } from '../test/support/start-servers.ts';
import { makeTestFolder, removeTestFolder } from '../test/support/test-folder.ts';
import { type BenchProcess, startFloor } from './api/floor-process.ts';
import { type Call, load, type Measured } from './api/load.ts';
import { recordStatements } from './api/recorded-statements.ts';
import { median } from './archive/report.ts';

const CASES = 1_000;
/** Pieces of evidence in the case that calls ask about. */
const EVIDENCE = 50;
/** Connections to PostgreSQL that either server has. */
const POOL = 10;
const SECONDS = 5;
const ROUNDS = 3;

/** Runs it: a few minutes. */
export async function benchApi(): Promise<void> {
  const folder = await makeTestFolder();
  const { servers, stop } = await startTestServers(folder);
  process.env[SERVERS_VARIABLE] = JSON.stringify(servers);
  const api = await startApi({ variables: { CASEBRIDGE_DEVELOPMENT: 'true' } });
  const port = await freePort();
  const internal = String(await freePort());
  const ours = await startProcess(
    'api/server.ts',
    testEnvironment(api.urls.appUrl, {
      CASEBRIDGE_PUBLIC_URL: `http://127.0.0.1:${port}`,
      CASEBRIDGE_PORT: String(port),
      CASEBRIDGE_INTERNAL_PORT: internal,
      DATABASE_POOL_SIZE: String(POOL),
    }),
    internal,
  );
  try {
    const owner = await buildUser(api);
    const calls = await callsOf(api, owner);
    const token = await tokenOf(`http://127.0.0.1:${port}`, owner);
    print(
      `${availableParallelism()} cores, ${CASES} cases, pool of ${POOL}, medians of ${ROUNDS} rounds of ${SECONDS} s\n`,
    );
    print(line('', ['SQL', 'floor/s', 'ours/s', 'ratio', 'floor p99', 'ours p99', 'ratio']));
    for (const call of calls) {
      const recorded = await recordStatements(api, owner, call);
      const floor = await startFloor({ ...recorded, databaseUrl: api.urls.appUrl, pool: POOL });
      print(
        await compare(call, recorded.statements.length, token, `http://127.0.0.1:${port}`, floor),
      );
      await floor.stop();
    }
  } finally {
    await ours.stop();
    await api.stop();
    await stop();
    removeTestFolder(folder);
  }
}

async function callsOf(api: TestApi, owner: User): Promise<readonly Call[]> {
  const inCase = await buildCase(api, { owner });
  for (let made = 0; made < EVIDENCE; made += 1) await buildEvidence(api, { owner, inCase });
  for (let made = 1; made < CASES; made += 1) await buildCase(api, { owner });
  const trusted = await api.post('/trusted-users', owner, { email: 'shop@example.test' });
  const link = { method: 'download_link', format: 'zip', scope: { type: 'entire_case' } };
  return [
    { name: 'a case', method: 'GET', path: `/cases/${inCase.id}` },
    { name: '50 of 1,000 cases', method: 'GET', path: '/cases?limit=50' },
    { name: '50 pieces of evidence', method: 'GET', path: `/cases/${inCase.id}/evidence?limit=50` },
    {
      name: 'create a case',
      method: 'POST',
      path: '/cases',
      body: { caseNumber: '1', title: 'A' },
    },
    {
      ...{ name: 'request an upload', method: 'POST', path: `/cases/${inCase.id}/upload-requests` },
      body: { trustedUserId: trusted.body.id, fields: [] },
    },
    {
      ...{ name: 'share 50 files by link', method: 'POST', path: `/cases/${inCase.id}/shares` },
      body: link,
    },
  ];
}

async function tokenOf(origin: string, { email }: User): Promise<string> {
  const answer = await fetch(`${origin}/dev/token`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ email }),
  });
  return ((await answer.json()) as { accessToken: string }).accessToken;
}

/** In turn, round after round, so that whatever else the machine does meets both alike. */
async function compare(
  call: Call,
  statements: number,
  token: string,
  origin: string,
  floor: BenchProcess,
): Promise<string> {
  const rounds: { floor: Measured; ours: Measured }[] = [];
  for (let round = 0; round <= ROUNDS; round += 1) {
    const measured = {
      floor: await load(`${floor.origin}/`, token, call, SECONDS),
      ours: await load(`${origin}/api/v1${call.path}`, token, call, SECONDS),
    };
    // The first round only warms up.
    if (round > 0) rounds.push(measured);
  }
  const middle = (of: 'floor' | 'ours', figure: keyof Measured) =>
    median(rounds.map((round) => round[of][figure]));
  const [floorRate, ourRate] = [middle('floor', 'perSecond'), middle('ours', 'perSecond')];
  const [floorP99, ourP99] = [middle('floor', 'p99Ms'), middle('ours', 'p99Ms')];
  return line(call.name, [
    String(statements),
    floorRate.toFixed(0),
    ourRate.toFixed(0),
    (ourRate / floorRate).toFixed(2),
    `${floorP99.toFixed(1)} ms`,
    `${ourP99.toFixed(1)} ms`,
    (ourP99 / floorP99).toFixed(2),
  ]);
}

function line(name: string, figures: readonly string[]): string {
  return `  ${name.padEnd(24)}${figures.map((figure) => figure.padStart(11)).join('')}`;
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
