import { act, OPERATOR } from '../../../domain/act.ts';
import type { Case } from '../../../domain/cases/case.entity.ts';
import type { Organization } from '../../../domain/identity/organization.entity.ts';
import type { User } from '../../../domain/identity/user.entity.ts';
import { startApi, type TestApi } from '../../../test/support/api.ts';
import {
  buildCase,
  buildEvidence,
  buildOrganization,
  buildUser,
} from '../../../test/support/factories.ts';

let api: TestApi;
let organization: Organization;
let user: User;
let audited: Case;

beforeAll(async () => {
  api = await startApi();
  organization = await buildOrganization(api);
  user = await buildUser(api, { organization, name: '=cmd|calc' });
});
beforeEach(async () => {
  audited = await buildCase(api, { owner: user });
});
afterAll(() => api.stop());

async function recordMany(count: number): Promise<void> {
  const by = { actor: { kind: 'lifecycle', id: 'download-link:x' } } as const;
  await act(api, by, async ({ audit }) => {
    for (let made = 0; made < count; made += 1) {
      audit({ organizationId: organization.id, action: 'case.changed', objects: [audited.id] });
    }
  });
}

test('a case’s audit has what happened to it, newest last, with who and from where', async () => {
  await api.patch(`/cases/${audited.id}`, user, { title: 'Robbery' });
  const { status, body } = await api.get(`/cases/${audited.id}/audit`, user);
  expect(status).toBe(200);
  expect(body.data.map(({ action }: { action: string }) => action)).toEqual([
    'case.created',
    'case.changed',
  ]);
  expect(body.data[1]).toMatchObject({
    actor: {
      kind: 'user',
      id: user.id,
      name: user.name,
      organization: { id: organization.id, name: organization.name },
    },
    objects: [audited.id],
    outcome: 'done',
    confidential: false,
    data: { fields: ['title'] },
    sourceAddress: expect.stringContaining('127.0.0.1'),
  });
});

test('evidence has an audit of its own', async () => {
  const evidence = await buildEvidence(api, { owner: user, inCase: audited });
  await act(api, OPERATOR, async ({ audit }) => {
    audit({
      organizationId: organization.id,
      action: 'evidence.changed',
      objects: [evidence.id, audited.id],
      confidential: true,
    });
  });
  const { body } = await api.get(`/evidence/${evidence.id}/audit`, user);
  expect(body.data).toMatchObject([
    { action: 'evidence.changed', confidential: true, actor: { name: 'Operator' } },
  ]);
  expect((await api.get(`/cases/${audited.id}/audit`, user)).body.page.total).toBe(2);
});

test('pages follow each other without a gap while events are added', async () => {
  await recordMany(9);
  const seen: number[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const path = `/cases/${audited.id}/audit?limit=4${next && `&cursor=${next}`}`;
    const { body } = await api.get(path, user);
    seen.push(...body.data.map(({ sequence }: { sequence: number }) => sequence));
    next = body.page.next;
    if (seen.length === 4) await recordMany(2);
  }
  expect(seen).toHaveLength(12);
  expect(seen).toEqual([...new Set(seen)].sort((one, other) => one - other));
});

test('an erased source leaves the event, and its hash, as they were', async () => {
  await api.patch(`/cases/${audited.id}`, user, { title: 'Robbery' });
  const before = await api.get(`/cases/${audited.id}/audit`, user);
  await api.database.em.fork().execute('delete from audit_sources');
  const after = await api.get(`/cases/${audited.id}/audit`, user);
  expect(after.body.data[1]).toEqual({ ...before.body.data[1], sourceAddress: null });
});

test('an exported audit is CSV that opens in spreadsheets and runs nothing', async () => {
  await recordMany(1_200);
  const token = await api.token(user);
  const answer = await fetch(`${api.origin}/api/v1/cases/${audited.id}/audit.csv`, {
    headers: { Authorization: `Bearer ${token}` },
  });
  const bytes = Buffer.from(await answer.arrayBuffer());
  expect(answer.status).toBe(200);
  expect(answer.headers.get('Content-Type')).toBe('text/csv; charset=utf-8');
  expect(answer.headers.get('Content-Disposition')).toBe(
    `attachment; filename="case-${audited.id}-audit.csv"`,
  );
  expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf]);
  const lines = bytes.toString('utf8').trimEnd().split('\r\n');
  expect(lines).toHaveLength(1 + 1 + 1_200);
  expect(lines[0]).toContain('Sequence,Time (UTC)');
  expect(lines[1]).toContain(`'=cmd|calc`);
  expect(lines[1]).not.toContain(',=cmd');
});

test('an export is itself recorded, and is not in itself', async () => {
  const first = await api.get(`/cases/${audited.id}/audit.csv`, user);
  expect(first.body).not.toContain('audit.exported');
  const { body } = await api.get(`/cases/${audited.id}/audit`, user);
  expect(body.data.at(-1)).toMatchObject({
    action: 'audit.exported',
    actor: { id: user.id },
    data: { format: 'csv', events: 1 },
  });
  expect((await api.get(`/cases/${audited.id}/audit.csv`, user)).body).toContain('audit.exported');
});

/** Writes an event as only a version with a fault could. */
async function insertEvent(content: (event: object) => string): Promise<void> {
  const em = api.database.em.fork();
  const [last] = await em.execute<{ sequence: string; content: string }[]>(
    'select sequence, content from audit_events where organization_id = ? order by sequence desc limit 1',
    [organization.id],
  );
  await em.execute(
    `insert into audit_events
     select organization_id, sequence + 1, gen_random_uuid(), at, action, array[?::uuid], ?, hash, hash
     from audit_events where organization_id = ? and sequence = ?`,
    [audited.id, content(JSON.parse(last?.content ?? '{}')), organization.id, last?.sequence],
  );
}

test('an event with half a surrogate pair fails neither the page nor the export', async () => {
  await insertEvent((event) => JSON.stringify({ ...event, data: { title: 'x\ud800', nul: '\0' } }));
  const page = await api.get(`/cases/${audited.id}/audit`, user);
  expect(page.status).toBe(200);
  expect(page.body.data).toHaveLength(2);
  const csv = await api.get(`/cases/${audited.id}/audit.csv`, user);
  expect(csv.body.trimEnd().split('\r\n')).toHaveLength(3);
});

test('exports that fail while others run break their connections and not the process', async () => {
  await insertEvent(() => 'not JSON');
  const exports = await Promise.allSettled(
    Array.from({ length: 8 }, () => api.get(`/cases/${audited.id}/audit.csv`, user)),
  );
  expect(exports.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 'rejected'));
  expect((await api.get(`/cases/${audited.id}`, user)).status).toBe(200);
});

test('many exports at once of a case with an odd number are all whole', async () => {
  const { body } = await api.post('/cases', user, { caseNumber: 'x\ufffd', title: 'Odd' });
  const exports = await Promise.all(
    Array.from({ length: 8 }, () => api.get(`/cases/${body.id}/audit.csv`, user)),
  );
  for (const answer of exports) expect(answer.body).toContain('case.created');
});
