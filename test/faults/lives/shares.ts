/** Time that passes for shares. */
import type { World } from '../crash-points/world.ts';

/** Moves the instants of a share into the past, and tells its life. */
export async function daysPass(
  { sql, poke }: World,
  shareId: string,
  life: string,
  days: number,
): Promise<void> {
  await sql(
    `update shares set activated_at = activated_at - ?::int * interval '1 day',
       expires_at = expires_at - ?::int * interval '1 day' where id = ?`,
    [days, days, shareId],
  );
  await poke(life);
}
