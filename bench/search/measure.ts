/** Times of one kind of search, and the plans of its queries. */
import type { EntityManager } from '@mikro-orm/postgresql';

/** What repeated runs of one search took, in milliseconds. */
export interface Times {
  readonly p50: number;
  readonly p95: number;
}

/** Runs a search again and again; the first runs only warm up. */
export async function timesOf(
  runs: number,
  search: (run: number) => Promise<unknown>,
): Promise<Times> {
  const times: number[] = [];
  for (let run = -5; run < runs; run += 1) {
    const began = performance.now();
    await search(run + 5);
    if (run >= 0) times.push(performance.now() - began);
  }
  times.sort((left, right) => left - right);
  const at = (part: number) => times[Math.ceil(times.length * part) - 1] ?? Number.NaN;
  return { p50: at(0.5), p95: at(0.95) };
}

/** The plans of the queries that a search asks, one line for each step that reads a table or an index. */
export async function plansOf(
  em: EntityManager,
  search: (em: EntityManager) => Promise<unknown>,
): Promise<string[][]> {
  const plans: string[][] = [];
  const explaining = Object.create(em) as EntityManager;
  const explained = async (sql: string, values: unknown[] = []) => {
    const rows = await em.execute<{ 'QUERY PLAN': string }[]>(`explain ${sql}`, values);
    plans.push(rows.map((row) => row['QUERY PLAN']).filter((line) => STEP.test(line)));
    return em.execute(sql, values);
  };
  explaining.execute = explained as EntityManager['execute'];
  await search(explaining);
  return plans.map((plan) => plan.map((line) => line.replace(/\s+\(cost=.*/, '')));
}

const STEP = /->|^\S/;
