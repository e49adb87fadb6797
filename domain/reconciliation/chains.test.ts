import pg from 'pg';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { eventually } from '../../test/support/eventually.ts';
import { buildOrganization } from '../../test/support/factories.ts';
import { withoutEngine } from '../../test/support/reconciliation.ts';
import { DAY, inDays } from '../../test/support/retention.ts';
import { act, OPERATOR } from '../act.ts';
import { newId, type OrganizationId } from '../ids.ts';
import { checkChains } from './check-chains.ts';

let api: TestApi;
let owner: pg.Client;
beforeAll(async () => {
  api = await startApi();
  owner = new pg.Client(api.urls.ownerUrl);
  await owner.connect();
});
afterAll(async () => {
  await owner.end();
  await api.stop();
});

/** An organization whose chain has this many events; one is of its creation. */
async function chainOf(events: number): Promise<OrganizationId> {
  const { id } = await buildOrganization(api);
  await add(id, events - 1);
  return id;
}

async function add(organizationId: OrganizationId, events: number): Promise<void> {
  await act(api, OPERATOR, async ({ audit }) => {
    for (let made = 0; made < events; made += 1) {
      audit({ organizationId, action: 'case.changed', objects: [newId()] });
    }
  });
}

/** The organization before this one; null where it is the first. */
async function before(organizationId: OrganizationId): Promise<string | null> {
  const [row] = await api.database.em
    .fork()
    .execute<{ id: string }[]>(
      'select id from organizations where id < ? order by id desc limit 1',
      [organizationId],
    );
  return row?.id ?? null;
}

/** The step after this organization, or the first. */
async function stepAfter(after: string | null, now = new Date()) {
  return checkChains(withoutEngine(api), after, { now, repair: true, actor: OPERATOR.actor });
}

/** Looks at one chain to its end: how many events were read, and what was found. */
async function look(organizationId: OrganizationId, now = new Date()) {
  let after = await before(organizationId);
  let checked = 0;
  for (;;) {
    const step = await stepAfter(after, now);
    checked += step.checked;
    if (step.next === organizationId) {
      return { checked, found: step.findings.map(({ detail }) => detail) };
    }
    after = step.next;
  }
}

/** Changes what only the owner of the schema could, who has to remove the guard first. */
async function tamper(sql: string, ...values: unknown[]): Promise<void> {
  await owner.query('begin');
  await owner.query('alter table audit_events disable trigger user');
  const { rowCount } = await owner.query(sql, values);
  await owner.query('alter table audit_events enable trigger user');
  await owner.query('commit');
  if (rowCount === 0) throw new Error('nothing was changed');
}

const CHANGE = `update audit_events set content = replace(content, 'case.changed', 'case.created')
  where organization_id = $1 and sequence = $2`;
const CHANGE_BACK = CHANGE.replace(
  `'case.changed', 'case.created'`,
  `'case.created', 'case.changed'`,
);

test('a chain that is longer than one step is read to its end', async () => {
  const id = await chainOf(2_050);
  expect(await look(id)).toEqual({ checked: 2_050, found: [] });
});

test('a look that was held takes nothing back of the end that a faster one noted meanwhile', async () => {
  const id = await chainOf(2_010);
  const { rows } = await owner.query<{ hash: string }>(
    `select encode(hash, 'hex') as hash from audit_events where organization_id = $1 and sequence = 2010`,
    [id],
  );
  const previous = await before(id);
  await owner.query('begin');
  await owner.query('lock table audit_events');
  const held = stepAfter(previous);
  await eventually('it to wait', async () => {
    const waiting = await owner.query(
      `select 1 from pg_locks where not granted and relation = 'audit_events'::regclass
         and database = (select oid from pg_database where datname = current_database())`,
    );
    return waiting.rows.length > 0;
  });
  await api.database.em.fork().execute(
    `update audit_verifications set read_sequence = 2010, noted_sequence = 2010, read_hash = ?, noted_hash = ?
     where organization_id = ?`,
    [rows[0]?.hash, rows[0]?.hash, id],
  );
  await owner.query('commit');
  expect(await held).toMatchObject({ checked: 2_000, findings: [] });
  await tamper('delete from audit_events where organization_id = $1 and sequence > 2005', id);
  expect((await look(id)).found).toEqual(['event 2006: missing']);
});

test('each look reads what is new, and once a week the whole', async () => {
  const id = await chainOf(5);
  expect(await look(id)).toEqual({ checked: 5, found: [] });
  expect(await look(id, inDays(1))).toEqual({ checked: 0, found: [] });
  await add(id, 3);
  expect(await look(id, inDays(2))).toEqual({ checked: 3, found: [] });
  expect(await look(id, inDays(8))).toEqual({ checked: 8, found: [] });
  expect(await look(id, inDays(9))).toEqual({ checked: 0, found: [] });
});

test('a new event that was changed is found with the next look, every day, until it is right again', async () => {
  const id = await chainOf(4);
  await look(id);
  await add(id, 4);
  await tamper(CHANGE, id, 6);
  for (const day of [1, 2]) {
    expect((await look(id, inDays(day))).found).toEqual(['event 6: text-changed']);
  }
  await tamper(CHANGE_BACK, id, 6);
  expect(await look(id, inDays(3))).toEqual({ checked: 3, found: [] });
});

test('an old event that was changed is found when the whole is read, and then every day', async () => {
  const id = await chainOf(6);
  await look(id);
  await tamper(CHANGE, id, 3);
  expect((await look(id, inDays(1))).found).toEqual([]);
  expect((await look(id, inDays(8))).found).toEqual(['event 3: text-changed']);
  await add(id, 1);
  expect((await look(id, inDays(9))).found).toEqual(['event 3: text-changed']);
});

test('an end that was cut off is found against the head that was noted, also where the chain went on', async () => {
  const [cut, replaced] = [await chainOf(6), await chainOf(6)];
  const noted = new Date(Date.now() + DAY);
  for (const id of [cut, replaced]) {
    await look(id, noted);
    await tamper('delete from audit_events where organization_id = $1 and sequence > 4', id);
  }
  await add(replaced, 2);
  expect((await look(cut, inDays(2))).found).toEqual(['event 5: missing']);
  expect((await look(replaced, inDays(2))).found).toEqual(['event 6: other-chain']);
  expect((await look(cut, inDays(3))).found).toEqual(['event 5: missing']);
});
