import fc from 'fast-check';
import pg from 'pg';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildOrganization } from '../../test/support/factories.ts';
import { type Act, act, OPERATOR } from '../act.ts';
import type { Organization } from '../identity/organization.entity.ts';
import { newId, type OrganizationId } from '../ids.ts';
import { type ChainHead, verifyChain } from './verify.ts';

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

function record(act: Act, organization: Pick<Organization, 'id'>, object = newId()): void {
  act.audit({ organizationId: organization.id, action: 'case.changed', objects: [object] });
}

async function verify(organizationId: OrganizationId, expected: ChainHead | null = null) {
  return verifyChain(api.database.em.fork(), organizationId, expected);
}

/** An organization whose chain has this many events; one is of its creation. */
async function chainOf(events: number): Promise<Organization> {
  const organization = await buildOrganization(api);
  await act(api, OPERATOR, async (acting) => {
    for (let made = 1; made < events; made += 1) record(acting, organization);
  });
  return organization;
}

/** Changes what is stored as only the owner of the schema could, who has to remove the guard first. */
async function tamper(sql: string, ...values: unknown[]): Promise<void> {
  await owner.query('begin');
  await owner.query('alter table audit_events disable trigger user');
  const { rowCount } = await owner.query(sql, values);
  await owner.query('alter table audit_events enable trigger user');
  await owner.query('commit');
  if (rowCount === 0) throw new Error('nothing was changed');
}

describe('the audit cannot be changed', () => {
  const changes = [
    `update audit_events set content = 'x'`,
    `update audit_events set sequence = sequence + 1`,
    'delete from audit_events',
    'truncate audit_events',
    'truncate organizations cascade',
  ];
  const dismantling = [
    'alter table audit_events disable trigger audit_events_keep',
    'alter table audit_events disable trigger all',
    'drop trigger audit_events_keep on audit_events',
    'drop table audit_events',
    `create or replace function refuse_audit_change() returns trigger language plpgsql as 'begin return new; end'`,
    'set session_replication_role = replica',
    'grant update on audit_events to current_user',
  ];
  beforeAll(async () => {
    await chainOf(3);
  });

  test.each([...changes, ...dismantling])('by the application: %s', async (sql) => {
    const app = new pg.Client(api.urls.appUrl);
    await app.connect();
    const { rows: before } = await owner.query('select count(*) from audit_events');
    // A grant by somebody who has no right to give is no error to PostgreSQL, but gives nothing.
    await app.query(sql).catch((error: { code: string }) => expect(error.code).toBe('42501'));
    await expect(app.query(`update audit_events set content = 'x'`)).rejects.toMatchObject({
      code: '42501',
    });
    await app.end();
    expect((await owner.query('select count(*) from audit_events')).rows).toEqual(before);
  });

  test.each(changes)('by the owner of the schema, while the guard stands: %s', async (sql) => {
    await expect(owner.query(sql)).rejects.toThrow('the audit cannot be changed');
  });
});

describe('verifying a chain', () => {
  test('finds no fault in chains that grew, of any length', async () => {
    for (const events of [1, 2, 37, 1_000, 1_001]) {
      const { id } = await chainOf(events);
      const verdict = await verify(id);
      expect(verdict).toMatchObject({ events, head: { sequence: events }, fault: null });
      expect(await verify(id, verdict.head)).toEqual(verdict);
    }
  });

  test('finds an organization without events sound', async () => {
    expect(await verify(newId())).toEqual({ events: 0, head: null, fault: null });
  });

  const CHANGED = `content = replace(content, 'case.changed', 'case.created')`;
  const REHASHED = `content = replace(content, 'case.changed', 'case.created'),
    hash = sha256(previous_hash || convert_to(replace(content, 'case.changed', 'case.created'), 'UTF8'))`;
  test.each([
    ['an edited text', 3, 'text-changed', `update audit_events set ${CHANGED}`],
    [
      'an edited text with its hash made anew',
      3,
      'columns-changed',
      `update audit_events set ${REHASHED}`,
    ],
    ['an edited hash', 3, 'text-changed', `update audit_events set hash = sha256('x')`],
    ['an edited time', 3, 'columns-changed', `update audit_events set at = at - interval '1 day'`],
    ['an edited action', 3, 'columns-changed', `update audit_events set action = 'case.created'`],
    ['edited objects', 3, 'columns-changed', `update audit_events set objects = '{}'`],
    ['an edited id', 3, 'columns-changed', `update audit_events set id = gen_random_uuid()`],
    ['a deletion', 3, 'missing', 'delete from audit_events'],
  ])('finds %s, at its sequence', async (_, sequence, kind, sql) => {
    const { id } = await chainOf(6);
    await tamper(`${sql} where organization_id = $1 and sequence = $2`, id, sequence);
    expect((await verify(id)).fault).toEqual({ sequence, kind });
  });

  test('finds an edited event whose columns and hash were made anew, by the one after it', async () => {
    const { id } = await chainOf(6);
    await tamper(
      `update audit_events set action = 'case.created', ${REHASHED} where organization_id = $1 and sequence = 3`,
      id,
    );
    expect((await verify(id)).fault).toEqual({ sequence: 4, kind: 'does-not-follow' });
  });

  test('finds two events that changed places', async () => {
    const { id } = await chainOf(6);
    for (const [from, to] of [
      [3, 100],
      [4, 3],
      [100, 4],
    ]) {
      await tamper(
        'update audit_events set sequence = $3 where organization_id = $1 and sequence = $2',
        ...[id, from, to],
      );
    }
    expect((await verify(id)).fault?.sequence).toBe(3);
  });

  test('finds an event that was put in between', async () => {
    const { id } = await chainOf(6);
    await tamper(
      `update audit_events set sequence = sequence + 100 where organization_id = $1 and sequence > 3`,
      id,
    );
    await tamper(
      `update audit_events set sequence = sequence - 99 where organization_id = $1 and sequence > 100`,
      id,
    );
    await tamper(
      `insert into audit_events select organization_id, 4, gen_random_uuid(), at, action, objects, content, hash, hash
       from audit_events where organization_id = $1 and sequence = 3`,
      id,
    );
    expect((await verify(id)).fault?.sequence).toBe(4);
  });

  test('finds that the end was cut off, against a head that was noted', async () => {
    const { id } = await chainOf(6);
    const { head } = await verify(id);
    await tamper('delete from audit_events where organization_id = $1 and sequence > 4', id);
    expect((await verify(id)).fault).toBeNull();
    expect((await verify(id, head)).fault).toEqual({ sequence: 5, kind: 'missing' });
  });

  test('finds another chain under a noted head', async () => {
    const { id } = await chainOf(3);
    const { head } = await verify((await chainOf(3)).id);
    expect((await verify(id, head)).fault).toEqual({ sequence: 3, kind: 'other-chain' });
  });

  test('finds every change of one byte, wherever it is', async () => {
    const { id } = await chainOf(8);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 8 }), fc.nat(), async (sequence, place) => {
        const { rows } = await owner.query<{ content: string }>(
          'select content from audit_events where organization_id = $1 and sequence = $2',
          [id, sequence],
        );
        const content = rows[0]?.content ?? '';
        const at = place % content.length;
        const changed = `${content.slice(0, at)}${content[at] === 'z' ? 'y' : 'z'}${content.slice(at + 1)}`;
        const write = `update audit_events set content = $3 where organization_id = $1 and sequence = $2`;
        await tamper(write, id, sequence, changed);
        const verdict = await verify(id);
        await tamper(write, id, sequence, content);
        expect(verdict.fault).toEqual({ sequence, kind: 'text-changed' });
      }),
      { numRuns: 30 },
    );
    expect((await verify(id)).fault).toBeNull();
  });
});

describe('writing', () => {
  test('16 writers at once, some of which fail at the commit, leave no gap and no fork', async () => {
    const organization = await buildOrganization(api);
    let committed = 1;
    await Promise.all(
      Array.from({ length: 16 }, async (_, writer) => {
        for (let round = 0; round < 12; round += 1) {
          const fails = (writer + round) % 3 === 0;
          const acting = act(api, OPERATOR, async (one) => {
            record(one, organization);
            record(one, organization);
            if (fails) await failAtCommit(one, organization);
          });
          if (fails) await expect(acting).rejects.toThrow('foreign key');
          else await acting.then(() => (committed += 2));
        }
      }),
    );
    expect(await verify(organization.id)).toMatchObject({ events: committed, fault: null });
  });

  test('acts that touch two organizations from both sides do not block each other', async () => {
    const [one, other] = [await buildOrganization(api), await buildOrganization(api)];
    await Promise.all(
      Array.from({ length: 20 }, (_, turn) =>
        act(api, OPERATOR, async (acting) => {
          const both = turn % 2 === 0 ? [one, other] : [other, one];
          for (const organization of both) record(acting, organization);
        }),
      ),
    );
    for (const { id } of [one, other]) {
      expect(await verify(id)).toMatchObject({ events: 21, fault: null });
    }
  });

  test('half a surrogate pair in an event is replaced before it is hashed, and nothing else is', async () => {
    const organization = await buildOrganization(api);
    const data = {
      'key\udfff': 'x\ud800y',
      whole: '\u{1f600}',
      escaped: String.raw`\ud800 \\udfff`,
      quoted: '"\n\\',
    };
    await act(api, OPERATOR, async (one) => {
      one.audit({ organizationId: organization.id, action: 'case.changed', objects: [], data });
    });
    const { rows } = await owner.query<{ data: object }>(
      `select content::jsonb->'data' as data from audit_events
       where organization_id = $1 order by sequence desc limit 1`,
      [organization.id],
    );
    const { 'key\udfff': _, ...sound } = data;
    expect(rows[0]?.data).toEqual({ ...sound, 'key\ufffd': 'x\ufffdy' });
    expect((await verify(organization.id)).fault).toBeNull();
  });

  test('an act whose event cannot be written does not happen', async () => {
    const organization = await buildOrganization(api);
    const acting = act(api, OPERATOR, async (one) => {
      await one.em.execute(`update organizations set name = 'changed' where id = ?`, [
        organization.id,
      ]);
      one.wake({
        kind: 'evidence-intake',
        entityId: organization.id,
        organizationId: organization.id,
        caseId: null,
      });
      record(one, organization, 'not a uuid' as never);
    });
    await expect(acting).rejects.toThrow('uuid');
    const { rows } = await owner.query(
      `select name, (select count(*)::int from lifecycles
         where organization_id = $1 and kind = 'evidence-intake') as lives
       from organizations where id = $1`,
      [organization.id],
    );
    expect(rows).toEqual([{ name: organization.name, lives: 0 }]);
    expect(api.pokes.filter((poke) => poke.includes(organization.id))).toEqual([]);
    expect((await verify(organization.id)).events).toBe(1);
  });
});

/** A row whose foreign key is checked at the commit only: when the events are written already. */
async function failAtCommit(one: Act, { id }: Pick<Organization, 'id'>): Promise<void> {
  await one.em.execute(
    `insert into notifications (id, organization_id, workflow_id, kind, subject_id, recipient, sequence,
       repeatable, subject, text, html, message_id, state, next_attempt_at, created_at)
     values (?, ?, 'nobody:0', 'x', ?, 'x', 1, true, '', '', '', ?, 'pending', now(), now())`,
    [newId(), id, id, newId()],
  );
}
