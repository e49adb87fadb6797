import { act } from '../../../domain/act.ts';
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
  await act(api, { actor: { kind: 'operator', id: null } }, async ({ audit }) => {
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
