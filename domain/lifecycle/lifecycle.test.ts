/** Turns and the relay, on PostgreSQL. */
import { randomUUID } from 'node:crypto';
import { startApi, type TestApi } from '../../test/support/api.ts';
import { buildCase, buildUser } from '../../test/support/factories.ts';
import { beginUpload, uploadFile } from '../../test/support/uploads.ts';
import { type Act, act, OPERATOR } from '../act.ts';
import { ABANDONED_AFTER } from '../evidence/intake/intake-rule.ts';
import { defineLife, StepWithoutEffectError } from './definition.ts';
import { type WorkflowId, workflowIdOf } from './life.ts';
import { LIVES } from './lives.ts';
import { claimForgottenLives } from './relay.ts';
import { turn } from './turn.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => api.stop());

async function sql<T>(statement: string, values: unknown[] = []): Promise<T[]> {
  return api.database.em.fork().execute<T[]>(statement, values);
}

/** A life that was woken once, of nothing in particular. */
async function sleeper(): Promise<WorkflowId> {
  const owner = await buildUser(api);
  const entityId = randomUUID();
  await act(api, OPERATOR, async (acting) => {
    acting.wake({
      kind: 'download-link',
      entityId,
      organizationId: owner.organizationId,
      caseId: null,
    });
  });
  return workflowIdOf('download-link', entityId);
}

async function claimed(workflowId: WorkflowId): Promise<boolean> {
  return (await claimForgottenLives(api.database.em.fork())).includes(workflowId);
}

async function earlier(
  workflowId: WorkflowId,
  column: 'wanted_at' | 'sent_at',
  interval: string,
): Promise<void> {
  await sql(
    `update lifecycles set ${column} = clock_timestamp() - ?::interval where workflow_id = ?`,
    [interval, workflowId],
  );
}

describe('the relay', () => {
  test('leaves a command its moment to be poked for, then takes it', async () => {
    const life = await sleeper();
    expect(await claimed(life)).toBe(false);
    await earlier(life, 'wanted_at', '3 seconds');
    expect(await claimed(life)).toBe(true);
  });

  test('offers a life that still does not plan after 30 s, 2 min, 10 min, then hourly', async () => {
    const life = await sleeper();
    await earlier(life, 'wanted_at', '1 day');
    expect(await claimed(life)).toBe(true);
    for (const [tooEarly, due] of [
      ['29 seconds', '31 seconds'],
      ['119 seconds', '121 seconds'],
      ['599 seconds', '601 seconds'],
      ['3599 seconds', '3601 seconds'],
      ['3599 seconds', '3601 seconds'],
    ] as const) {
      await earlier(life, 'sent_at', tooEarly);
      expect(await claimed(life)).toBe(false);
      await earlier(life, 'sent_at', due);
      expect(await claimed(life)).toBe(true);
    }
  });

  test('takes a life whose instant is past, and none that has planned and sleeps', async () => {
    const life = await sleeper();
    await sql('update lifecycles set planned = wanted where workflow_id = ?', [life]);
    expect(await claimed(life)).toBe(false);
    await sql(
      `update lifecycles set wake_at = clock_timestamp() + interval '1 minute' where workflow_id = ?`,
      [life],
    );
    expect(await claimed(life)).toBe(false);
    await sql(
      `update lifecycles set wake_at = clock_timestamp() - interval '1 minute' where workflow_id = ?`,
      [life],
    );
    expect(await claimed(life)).toBe(true);
  });

  test('pauses for a life too that is late only because the engine’s clock is behind', async () => {
    const owner = await buildUser(api);
    const { id: caseId } = await buildCase(api, { owner });
    const upload = await beginUpload(api, owner, { caseId, content: Buffer.from('begun') });
    const minuteAgo = Date.now() - 60_000;
    await sql('update uploads set last_active_at = ? where id = ?', [
      new Date(minuteAgo - ABANDONED_AFTER),
      upload.id,
    ]);
    const life = workflowIdOf('evidence-intake', caseId);
    const wait = async () => turn(api, LIVES, life, new Date(minuteAgo - 60_000), []);
    expect(await wait()).toMatchObject({ wakeAt: minuteAgo });
    expect(await claimed(life)).toBe(true);
    await wait();
    expect(await claimed(life)).toBe(false);
    await earlier(life, 'sent_at', '31 seconds');
    expect(await claimed(life)).toBe(true);
  });

  test('gives a life to one of several relays only', async () => {
    const life = await sleeper();
    await earlier(life, 'wanted_at', '1 minute');
    const claims = await Promise.all(Array.from({ length: 8 }, () => claimed(life)));
    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  test('a new command makes it urgent again', async () => {
    const life = await sleeper();
    await earlier(life, 'wanted_at', '1 day');
    for (let round = 0; round < 4; round += 1) {
      await claimed(life);
      await earlier(life, 'sent_at', '1 day');
    }
    const { entityId } = { entityId: life.slice('download-link:'.length) };
    const [row] = await sql<{ organization_id: never }>(
      'select organization_id from lifecycles where workflow_id = ?',
      [life],
    );
    await act(api, OPERATOR, async (acting) => {
      acting.wake({
        kind: 'download-link',
        entityId,
        organizationId: row?.organization_id as never,
        caseId: null,
      });
    });
    await earlier(life, 'wanted_at', '3 seconds');
    expect(await claimed(life)).toBe(true);
  });
});

describe('a turn', () => {
  test('of a life whose entity is gone finishes it', async () => {
    const life = await sleeper();
    const plan = await turn(api, LIVES, life, new Date(), []);
    expect(plan).toMatchObject({ finished: true, wakeAt: null, work: [] });
  });

  test('whose step has no effect fails instead of turning for ever', async () => {
    const stuck = defineLife<object, 'again'>({
      kind: 'download-link',
      load: async () => ({}),
      nextStep: () => ({ type: 'due', step: 'again' }),
      perform: async () => {},
      stateOf: () => 'stuck',
    });
    const lives = { ...LIVES, 'download-link': stuck };
    await expect(turn(api, lives, await sleeper(), new Date(), [])).rejects.toThrow(
      StepWithoutEffectError,
    );
  });

  test('that fails changes nothing, neither rows nor audit', async () => {
    const life = await sleeper();
    const [before] = await sql<{ n: number }>('select count(*)::int as n from audit_events');
    const failing = defineLife<{ done: boolean }, 'step'>({
      kind: 'download-link',
      load: async () => ({ done: false }),
      nextStep: () => ({ type: 'due', step: 'step' }),
      async perform(acting: Act) {
        const [row] = await acting.em.execute<{ organization_id: never }[]>(
          'select organization_id from lifecycles where workflow_id = ?',
          [life],
        );
        acting.audit({
          organizationId: row?.organization_id as never,
          action: 'share.expired',
          objects: [],
        });
        throw new Error('in the middle');
      },
      stateOf: () => 'failing',
    });
    await expect(
      turn(api, { ...LIVES, 'download-link': failing }, life, new Date(), []),
    ).rejects.toThrow('in the middle');
    const [after] = await sql<{ n: number }>('select count(*)::int as n from audit_events');
    expect(after).toEqual(before);
    const [row] = await sql<{ planned: string }>(
      'select planned from lifecycles where workflow_id = ?',
      [life],
    );
    expect(row?.planned).toBe('0');
  });

  test('that asks for work leaves an instant by which the relay finds it, should the engine be lost', async () => {
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    await uploadFile(api, owner, { caseId: inCase.id, content: Buffer.from(randomUUID()) });
    const now = new Date();
    const plan = await turn(api, LIVES, workflowIdOf('evidence-intake', inCase.id), now, []);
    expect(plan.work).toEqual(['verify']);
    expect(plan.wakeAt).toBe(now.getTime() + 10 * 60_000);
  });

  test('says what keeps failing, and the next good one takes it back', async () => {
    const owner = await buildUser(api);
    const inCase = await buildCase(api, { owner });
    await uploadFile(api, owner, { caseId: inCase.id, content: Buffer.from(randomUUID()) });
    const life = workflowIdOf('evidence-intake', inCase.id);
    const attention = async () =>
      (
        await sql<{ attention: string | null }>(
          'select attention from lifecycles where workflow_id = ?',
          [life],
        )
      )[0]?.attention;
    await turn(api, LIVES, life, new Date(), [
      { work: 'verify', failure: 'StoreAwayError' },
      { work: 'tidy', failure: 'not wanted any more' },
    ]);
    expect(await attention()).toBe('verify keeps failing (StoreAwayError)');
    await turn(api, LIVES, life, new Date(), []);
    expect(await attention()).toBeNull();
  });
});
