/** When a world is at rest, and what time does for whoever was killed in it. */
import { setTimeout as pause } from 'node:timers/promises';
import { eventually } from '../../support/eventually.ts';
import type { Engine } from './engine.ts';
import type { Supervised } from './supervisor.ts';
import type { Sql } from './world.ts';

/** Seconds that a world may take to come to rest: several attempts that are lost to a time limit. */
const RESTLESS = 240;

/** Nothing that is due within this many minutes may be left; what a turn plans while work runs is due in 10. */
const SOON = 11;

/** Milliseconds between two looks at a world, which cost more than most of what it does. */
const PACE = 400;

/** Makes the wait until no life has anything to do. */
export function restOf(world: {
  readonly sql: Sql;
  readonly engine: Engine;
  readonly api: Supervised;
  readonly worker: Supervised;
}): (soon?: number) => Promise<void> {
  const { sql, engine, api, worker } = world;

  /** What is still to happen; null where all is at rest. */
  async function restless(minutes: number): Promise<string | null> {
    if (!api.runs || !worker.runs) return 'a process is started again';
    const lives = await sql<{ id: string; unplanned: boolean; soon: boolean }>(
      `select workflow_id as id, planned < wanted as unplanned,
         coalesce(wake_at < clock_timestamp() + ? * interval '1 minute', false) as soon
       from lifecycles`,
      [minutes],
    );
    const died = worker.deaths().length > 0;
    if (died) for (const { id } of lives) await engine.noticeKilled(id, worker.killed);
    const unplanned = lives.find((life) => life.unplanned);
    if (unplanned !== undefined) return `${unplanned.id} has not planned`;
    for (const { id, soon } of lives) {
      if (!(await engine.isAsleep(id))) return `${id} is at work`;
      if (!soon) continue;
      if (died) await endLeases(id);
      return `${id} will do something soon`;
    }
    return null;
  }

  /** The time for which a mail is in the hands of a sender who was killed passes. */
  async function endLeases(workflowId: string): Promise<void> {
    const held = await sql(
      `update notifications set lease_until = clock_timestamp() - interval '1 second'
       where workflow_id = ? and state = 'sending' returning 1`,
      [workflowId],
    );
    if (held.length > 0) await engine.poke(workflowId);
  }

  return async (soon = SOON) => {
    let reason: string | null = null;
    let looks = 0;
    await eventually(
      'the world to come to rest',
      async () => {
        await pause(PACE);
        reason = await restless(soon);
        looks = reason === null ? looks + 1 : 0;
        return looks === 2;
      },
      RESTLESS,
    ).catch((error: unknown) => {
      throw new Error(`it never rests: ${reason}`, { cause: error });
    });
  };
}
